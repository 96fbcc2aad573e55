// SPDX-License-Identifier: Apache-2.0
//
// The worked examples of docs/format.md for postings, positions and bounds are
// what the code writes, and reads.

#include <gtest/gtest.h>

#include <string>

#include "engine/format/bounds_reader.h"
#include "tests/format/format_doc.h"
#include "tests/format/postings_test_util.h"

namespace segue {
namespace {

struct Example {
  uint32_t doc_count;
  TestList list;
};

// The same bytes are written, and reading the documented ones gives the list.
void ExpectExample(const Example& example, std::string_view post, std::string_view pos,
                   std::string_view bound) {
  const PostingsWriterOptions options = PlainOptions(example.doc_count);
  PostingsWorld world(options);
  const TermMeta meta = world.Write(example.list);
  const PostingsSource written = world.Finish();
  const auto documented = [](const Section& section, std::string_view name) {
    const std::string bytes(section.PinAll()->view());
    if (name.empty()) return section;
    ExpectDocBytes(name, bytes);
    return Section::FromBytes(DocBytes(name));
  };
  PostingsSource source = written;
  source.post = documented(written.post, post);
  source.pos = documented(written.pos, pos);
  source.bound = documented(written.bound, bound);
  ExpectList(source, meta, example.list);
  auto bounds = BoundList::Open(source, meta);
  EXPECT_TRUE(bounds.ok()) << bounds.status();
}

TEST(PostingsExamplesTest, ShortList) {
  ExpectExample({1000, {{3, 1, {7}}, {7, 2, {0, 4}}, {300, 6, {1, 2, 3, 5, 8, 13}}}}, "post-short",
                "pos-short", "");
}

TEST(PostingsExamplesTest, SparseList) {
  Example example = {100000, {}};
  for (DocId i = 0; i < 129; ++i) example.list.push_back({1000 + 3 * i, 1, {5}});
  example.list[60].freq = 3;
  example.list[60].positions = {5, 6, 60};
  for (DocId i = 61; i < 129; ++i) example.list[i].doc += 1000;
  ExpectExample(example, "post-sparse", "pos-long", "bound-list");
}

TEST(PostingsExamplesTest, DenseList) {
  Example example = {600, {}};
  for (DocId doc = 0; doc < 600; doc += 4) example.list.push_back({doc, 1, {0}});
  ExpectExample(example, "post-dense", "", "");
}

TEST(PostingsExamplesTest, BoundsWithWindows) {
  Example example = {4200, {}};
  for (DocId doc = 0; doc < 4096; doc += 2) example.list.push_back({doc, 1, {0}});
  example.list[3].freq = 4;
  example.list[3].positions = {0, 1, 2, 3};
  ExpectExample(example, "", "", "bound-windows");
}

}  // namespace
}  // namespace segue
