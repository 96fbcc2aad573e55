// SPDX-License-Identifier: Apache-2.0
#include "engine/pattern/pattern_program.h"

#include <gtest/gtest.h>

#include <bitset>
#include <string>

#include "engine/pattern/regexp.h"

namespace segue {
namespace {

// Set by set, from the last character on; "*" for all.
std::string EndsOf(const PatternProgram& program) {
  std::string ends;
  for (const std::bitset<128>& set : program.FindAsciiEnds()) {
    if (!ends.empty()) ends = ' ' + ends;
    std::string characters;
    for (size_t c = 0; c < set.size(); ++c) {
      if (set[c]) characters += static_cast<char>(c);
    }
    ends = (set.all() ? "*" : set.none() ? "-" : characters) + ends;
  }
  return ends;
}

TEST(PatternProgramTest, TellsWhatStringsMayEndWith) {
  const struct {
    const char* regexp;
    const char* ends;
  } cases[] = {
      {"", "- - - -"},
      {"a", "- - - a"},
      {"ab", "- - a b"},
      {".*dian", "d i a n"},
      {".*an", "* * a n"},
      {"ab?c?", "- a ab abc"},
      {"(ab|c[d-f]?)", "- - ac bcdef"},
      {"(a|b)*c{0,2}", "ab ab abc abc"},
      {"(a*b*)*", "ab ab ab ab"},
      {"(a(b(c)?)?)+", "abc abc abc abc"},
      {"x(é|日)", "- - x -"},
      {"x[a日]", "- - x a"},
      {"a.*", "* * * *"},
  };
  for (const auto& [regexp, ends] : cases) {
    const auto program = CompileRegexp(regexp);
    ASSERT_TRUE(program.ok()) << program.status();
    EXPECT_EQ(EndsOf(*program), ends) << regexp;
  }
}

TEST(PatternProgramTest, TellsWhetherStringsMayBeginInAnyWay) {
  for (const char* regexp : {".*", ".*a", "a?.*b", "(.|a)*b", "(.*)a|b"}) {
    EXPECT_TRUE(CompileRegexp(regexp)->BeginsAnyhow()) << regexp;
  }
  for (const char* regexp : {"", "a", ".a", ".+a", "a.*", "[a-z]*b", ".?.?a", "(a.*)?b"}) {
    EXPECT_FALSE(CompileRegexp(regexp)->BeginsAnyhow()) << regexp;
  }
}

}  // namespace
}  // namespace segue
