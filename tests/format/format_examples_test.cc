// SPDX-License-Identifier: Apache-2.0
// Each worked example of docs/format.md is what the code writes, and reads.
#include <gtest/gtest.h>

#include <string>

#include "engine/format/manifest.h"
#include "engine/io/fault_env.h"
#include "engine/io/framed_file.h"
#include "tests/format/format_doc.h"
#include "tests/format/manifest_samples.h"

namespace segue {
namespace {

TEST(FormatExamplesTest, Frame) {
  ExpectDocBytes("frame", FrameBytes(FileKind::Of("test"), 1, SegmentId{7}, "segue"));
  FaultEnv env;
  env.SetContents("example", DocBytes("frame"));
  const auto body = OpenFramed(&env, "example", FileKind::Of("test"), SegmentId{7}, {});
  ASSERT_TRUE(body.ok()) << body.status().ToString();
  EXPECT_EQ(body->PinAll()->view(), "segue");
}

TEST(FormatExamplesTest, Manifest) {
  ExpectDocBytes("manifest", EncodeManifest(ExampleManifest()));
  const auto manifest = DecodeManifest(DocBytes("manifest"), "example");
  ASSERT_TRUE(manifest.ok()) << manifest.status().ToString();
  EXPECT_EQ(*manifest, ExampleManifest());
}

TEST(FormatDocTest, BlocksAreFoundByNameAndUnpacked) {
  const std::string_view markdown =
      "text\n```hex one\n01\n```\n```hex two\n 0a ff  # comment ff\n00 x3\n```\n";
  EXPECT_EQ(BlockBytes(markdown, "one"), "\x01");
  EXPECT_EQ(BlockBytes(markdown, "two"), std::string("\x0a\xff\0\0\0", 5));
}

}  // namespace
}  // namespace segue
