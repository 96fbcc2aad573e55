// SPDX-License-Identifier: Apache-2.0
#include "engine/io/path.h"

#include <gtest/gtest.h>

namespace segue {
namespace {

TEST(PathTest, Join) {
  EXPECT_EQ(JoinPath("a", "b"), "a/b");
  EXPECT_EQ(JoinPath("a/", "b"), "a/b");
  EXPECT_EQ(JoinPath("/", "b"), "/b");
  EXPECT_EQ(JoinPath("", "b"), "b");
}

TEST(PathTest, DirAndBase) {
  EXPECT_EQ(DirName("a/b/c"), "a/b");
  EXPECT_EQ(BaseName("a/b/c"), "c");
  EXPECT_EQ(DirName("a"), ".");
  EXPECT_EQ(BaseName("a"), "a");
  EXPECT_EQ(DirName("/a"), "/");
  EXPECT_EQ(BaseName("/a"), "a");
  EXPECT_EQ(DirName("a/b/"), "a");
  EXPECT_EQ(BaseName("a/b/"), "b");
}

TEST(PathTest, NormalHasOneSpelling) {
  EXPECT_EQ(NormalPath("a//b/./c/"), "a/b/c");
  EXPECT_EQ(NormalPath("./a"), "a");
  EXPECT_EQ(NormalPath("/a/"), "/a");
  EXPECT_EQ(NormalPath("/"), "/");
  EXPECT_EQ(NormalPath(""), ".");
  EXPECT_EQ(NormalPath("./"), ".");
}

}  // namespace
}  // namespace segue
