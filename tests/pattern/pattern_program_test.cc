// SPDX-License-Identifier: Apache-2.0
#include "engine/pattern/pattern_program.h"

#include <gtest/gtest.h>

#include <string>

#include "engine/pattern/regexp.h"

namespace segue {
namespace {

std::string EndsOf(const PatternProgram& program) {
  std::string ends;
  for (size_t c = 0; c < program.ascii_ends().size(); ++c) {
    if (program.ascii_ends()[c]) ends += static_cast<char>(c);
  }
  return ends;
}

TEST(PatternProgramTest, TellsWhatStringsMayEndWith) {
  const struct {
    const char* regexp;
    const char* ends;
  } cases[] = {
      {"", ""},
      {"a", "a"},
      {"ab", "b"},
      {".*dian", "n"},
      {"ab?c?", "abc"},
      {"(ab|c[d-f]?)", "bcdef"},
      {"(a|b)*c{0,2}", "abc"},
      {"(a*b*)*", "ab"},
      {"(a(b(c)?)?)+", "abc"},
      {"x(é|日)", ""},
      {"x[a日]", "a"},
  };
  for (const auto& [regexp, ends] : cases) {
    const auto program = CompileRegexp(regexp);
    ASSERT_TRUE(program.ok()) << program.status();
    EXPECT_EQ(EndsOf(*program), ends) << regexp;
  }
  const auto any = CompileRegexp("a.*");
  ASSERT_TRUE(any.ok()) << any.status();
  EXPECT_TRUE(any->ascii_ends().all());
}

}  // namespace
}  // namespace segue
