// SPDX-License-Identifier: Apache-2.0
#include "engine/exec/window.h"

#include <vector>

#include "gtest/gtest.h"

namespace segue::exec {
namespace {

TEST(WindowTest, CoversItsDocuments) {
  EXPECT_EQ(WindowOf(0, 10), (Window{0, 10}));
  EXPECT_EQ(WindowOf(4095, 5000), (Window{0, 4096}));
  EXPECT_EQ(WindowOf(4096, 5000), (Window{4096, 5000}));
}

TEST(DocMaskTest, FillSetsExactlyTheDocumentsOfAWindow) {
  for (const uint32_t docs : {0u, 1u, 63u, 64u, 65u, 4095u, 4096u}) {
    DocMask mask;
    mask.Fill(docs);
    EXPECT_EQ(mask.Count(), docs);
    EXPECT_EQ(mask.Any(), docs > 0);
    for (uint32_t i = 0; i < kWindowDocs; ++i) ASSERT_EQ(mask.Test(i), i < docs) << i;
  }
}

TEST(DocMaskTest, SetOperations) {
  DocMask even;
  DocMask third;
  for (uint32_t i = 0; i < kWindowDocs; i += 2) even.Set(i);
  for (uint32_t i = 0; i < kWindowDocs; i += 3) third.Set(i);
  DocMask both = even;
  both.And(third);
  DocMask any = even;
  any.Or(third);
  DocMask only = even;
  only.AndNot(third);
  for (uint32_t i = 0; i < kWindowDocs; ++i) {
    ASSERT_EQ(both.Test(i), i % 6 == 0);
    ASSERT_EQ(any.Test(i), i % 2 == 0 || i % 3 == 0);
    ASSERT_EQ(only.Test(i), i % 2 == 0 && i % 3 != 0);
  }
}

TEST(DocMaskTest, ForEachAscends) {
  DocMask mask;
  const std::vector<uint32_t> docs = {0, 63, 64, 1000, 4095};
  for (const uint32_t doc : docs) mask.Set(doc);
  std::vector<uint32_t> seen;
  mask.ForEach([&](uint32_t offset) { seen.push_back(offset); });
  EXPECT_EQ(seen, docs);
  mask.Clear();
  EXPECT_FALSE(mask.Any());
}

}  // namespace
}  // namespace segue::exec
