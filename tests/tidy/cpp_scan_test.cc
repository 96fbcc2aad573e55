// SPDX-License-Identifier: Apache-2.0
#include "tests/tidy/cpp_scan.h"

#include <gtest/gtest.h>

namespace segue {
namespace {

TEST(CppScan, BlanksCommentsLiteralsAndDirectives) {
  EXPECT_EQ(BlankNonCode("a // {\nb"), "a     \nb");
  EXPECT_EQ(BlankNonCode("a /* { \n } */ b"), "a      \n      b");
  EXPECT_EQ(BlankNonCode("f(\"}\\\"{\", '{', 1'000)"),
            "f(" + std::string(6, ' ') + ",    , 1'000)");
  EXPECT_EQ(BlankNonCode("#define A \\\n  {\nb"), "           \n   \nb");
  EXPECT_EQ(BlankNonCode("x = R\"j({\")j\" + y"), "x =           + y");
}

TEST(CppScan, FindsIncludes) {
  const auto includes = FindIncludes("#include <vector>\n\n  # include \"engine/base/a.h\"\n");
  ASSERT_EQ(includes.size(), 2u);
  EXPECT_EQ(includes[0].path, "vector");
  EXPECT_TRUE(includes[0].angled);
  EXPECT_EQ(includes[1].path, "engine/base/a.h");
  EXPECT_FALSE(includes[1].angled);
  EXPECT_EQ(includes[1].line, 3u);
}

TEST(CppScan, FindsFunctionsAndTheirLengths) {
  const auto functions = FindFunctions(
      "namespace a {\n"
      "constexpr int kTable[] = {\n  1, 2\n};\n"
      "int Free(int x,\n         int y) {\n  if (x) {\n    return y;\n  }\n  return x;\n}\n"
      "class B : public C {\n"
      " public:\n"
      "  explicit B(int x) : x_{x}, y_(1) {}\n"
      "  bool operator()(int) const { return true; }\n"
      "  struct D {\n    int e = 0;\n    void Go() {\n      auto f = [] { return 1; };\n    }\n  "
      "};\n"
      "};\n"
      "template <class T>\nT Twice(T x) {\n  return x + x;\n}\n"
      "TEST(Suite, Case) {\n}\n"
      "}  // namespace a\n");
  ASSERT_GE(functions.size(), 5u);
  EXPECT_EQ(functions[0].name, "Free");
  EXPECT_EQ(functions[0].first_line, 5u);
  EXPECT_EQ(functions[0].lines, 7u);
  std::string names;
  for (const Function& function : functions) names += function.name + " ";
  EXPECT_NE(names.find("Go "), std::string::npos) << names;
  EXPECT_NE(names.find("Twice "), std::string::npos) << names;
  EXPECT_NE(names.find("Suite.Case "), std::string::npos) << names;
  EXPECT_EQ(names.find("kTable"), std::string::npos) << names;
}

}  // namespace
}  // namespace segue
