// SPDX-License-Identifier: Apache-2.0
#ifndef SEGUE_TESTS_TEXT_TEXT_TEST_UTIL_H_
#define SEGUE_TESTS_TEXT_TEXT_TEST_UTIL_H_

#include <filesystem>
#include <memory>
#include <ostream>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include "engine/base/strings.h"
#include "gtest/gtest.h"
#include "segue/analysis.h"
#include "tests/support/seeded_random.h"
#include "tests/support/shared_data.h"

namespace segue {

// An analyzer by its name or JSON definition; fails the test if there is none.
inline std::shared_ptr<const Analyzer> MakeAnalyzer(std::string_view name_or_json) {
  const AnalyzerRegistry& registry = AnalyzerRegistry::BuiltIn();
  auto made =
      name_or_json.starts_with('{') ? registry.Make(name_or_json) : registry.Get(name_or_json);
  EXPECT_TRUE(made.ok()) << made.status();
  return made.ok() ? *made : nullptr;
}

using Strings = std::vector<std::string>;

// An analyzer of words between white space and this filter.
inline std::string WithFilter(std::string_view filter) {
  return Cat(R"({"tokenizer":"whitespace","filters":[)", filter, "]}");
}

// Why a definition is refused; empty if it is not.
inline std::string MistakeOf(std::string_view json) {
  const auto made = AnalyzerRegistry::BuiltIn().Make(json);
  return made.ok() ? std::string() : std::string(made.status().message());
}

inline std::vector<AnalyzedToken> Analyze(std::string_view name_or_json, std::string_view text) {
  auto tokens = MakeAnalyzer(name_or_json)->Analyze(text);
  EXPECT_TRUE(tokens.ok()) << tokens.status();
  return tokens.ok() ? *tokens : std::vector<AnalyzedToken>();
}

// The terms, in order.
inline std::vector<std::string> Terms(std::string_view name_or_json, std::string_view text) {
  std::vector<std::string> terms;
  for (AnalyzedToken& token : Analyze(name_or_json, text)) terms.push_back(std::move(token.term));
  return terms;
}

inline bool operator==(const AnalyzedToken& a, const AnalyzedToken& b) {
  return a.term == b.term && a.position == b.position && a.position_length == b.position_length &&
         a.start_byte == b.start_byte && a.end_byte == b.end_byte && a.type == b.type;
}

inline void PrintTo(const AnalyzedToken& token, std::ostream* out) {
  *out << "[" << testing::PrintToString(token.term) << " at " << token.position << " bytes "
       << token.start_byte << "-" << token.end_byte << " " << TokenTypeName(token.type) << "]";
}

// The path of a file of the shared data, or empty if it is not there.
inline std::string SharedDataFile(const std::string& name) {
  const std::string folder = SharedDataDir();
  if (folder.empty()) return {};
  const std::filesystem::path path = std::filesystem::path(folder) / name;
  std::error_code ignored;
  return std::filesystem::exists(path, ignored) ? path.string() : std::string();
}

// Text that mixes all that the tokenizer treats differently: words, numbers, joining signs, marks,
// scripts, emoji, long runs, malformed UTF-8, NUL. `ascii_share` of 10 pieces are ASCII.
std::string RandomText(SeededRandom* random, size_t pieces, uint64_t ascii_share);

}  // namespace segue

#endif  // SEGUE_TESTS_TEXT_TEXT_TEST_UTIL_H_
