// SPDX-License-Identifier: Apache-2.0
//
// The registry lines of everything built in: each maker reads its options and returns a source.
// What they do is in docs/analysis.md.
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/limits.h"
#include "engine/base/status.h"
#include "engine/base/strings.h"
#include "engine/base/utf8.h"
#include "engine/text/analyzer_impl.h"
#include "engine/text/case_filters.h"
#include "engine/text/mapping_char_filter.h"
#include "engine/text/part_makers.h"
#include "engine/text/porter_stemmer.h"
#include "engine/text/simple_tokenizers.h"
#include "engine/text/standard_tokenizer.h"
#include "engine/text/unicode.h"
#include "engine/text/word_filters.h"
#include "segue/analysis.h"

namespace segue {
namespace {

// So that a token of that many units, three bytes each, is still a term.
constexpr int64_t kMaxTokenUnitsOption = kMaxTermBytes / 3;
// A longer one is no spelling; bounds what a value can grow to.
constexpr size_t kMaxReplacementBytes = 1024;

TokenizerSource MakeStandard(PartOptions& options) {
  options.DependsOn("unicode", UnicodeVersion());
  const size_t units = ReadMaxTokenLength(options);
  return PartSource<Tokenizer>(
      [units] { return std::make_unique<StandardTokenizer>(units, ActiveAsciiWordKernels()); });
}

template <RunTokenizer::Kind kKind>
TokenizerSource MakeRuns(PartOptions& options) {
  options.DependsOn("unicode", UnicodeVersion());
  const size_t units = ReadMaxTokenLength(options);
  return PartSource<Tokenizer>([units] { return std::make_unique<RunTokenizer>(kKind, units); });
}

TokenizerSource MakeKeyword(PartOptions&) {
  return PartSource<Tokenizer>([] { return std::make_unique<KeywordTokenizer>(); });
}

template <typename CaseFilter>
FilterSource MakeCaseFilter(PartOptions& options) {
  options.DependsOn("unicode", UnicodeVersion());
  return PartSource<TokenFilter>(
      [] { return std::make_unique<CaseFilter>(ActiveAsciiWordKernels()); });
}

FilterSource MakeAsciiFolding(PartOptions& options) {
  options.DependsOn("unicode", UnicodeVersion());
  return PartSource<TokenFilter>([] { return std::make_unique<AsciiFoldingFilter>(); });
}

FilterSource MakeLength(PartOptions& options) {
  const int64_t min = options.Int("min", 1, 0, INT32_MAX);
  const int64_t max = options.Int("max", INT32_MAX, 0, INT32_MAX);
  SEGUE_RETURN_IF_ERROR(CheckMinAndMax("length", min, max));
  return PartSource<TokenFilter>([min, max] {
    return std::make_unique<LengthFilter>(static_cast<size_t>(min), static_cast<size_t>(max));
  });
}

std::string_view Trimmed(std::string_view text) {
  const size_t first = text.find_first_not_of(' ');
  if (first == text.npos) return {};
  return text.substr(first, text.find_last_not_of(' ') - first + 1);
}

// Resolves \uXXXX and \\ in one side of a mapping rule.
bool Unescape(std::string_view side, std::string* out) {
  for (size_t i = 0; i < side.size(); ++i) {
    if (side[i] != '\\') {
      out->push_back(side[i]);
    } else if (i + 1 < side.size() && side[i + 1] == '\\') {
      out->push_back('\\');
      ++i;
    } else if (i + 5 < side.size() && side[i + 1] == 'u') {
      char32_t cp = 0;
      for (char c : side.substr(i + 2, 4)) {
        const size_t digit = std::string_view("0123456789abcdef").find(c | 0x20);
        if (c < '0' || digit == std::string_view::npos) return false;
        cp = cp << 4 | static_cast<char32_t>(digit);
      }
      AppendUtf8(cp, out);
      i += 5;
    } else {
      return false;
    }
  }
  return true;
}

absl::StatusOr<PartSource<CharFilter>> MakeMapping(PartOptions& options) {
  std::map<std::string, std::string> pairs;
  for (const std::string& rule : options.StringList("mappings", {})) {
    const size_t arrow = rule.find("=>");
    std::string from, to;
    if (arrow == rule.npos || !Unescape(Trimmed(std::string_view(rule).substr(0, arrow)), &from) ||
        !Unescape(Trimmed(std::string_view(rule).substr(arrow + 2)), &to) || from.empty()) {
      return Error(ErrorCode::kInvalidArgument,
                   Cat("\"mapping\": ", Quoted(rule),
                       " is no rule; write \"FROM => TO\", with \\uXXXX or \\\\ for characters "
                       "that cannot stand for themselves"));
    }
    if (to.size() > kMaxReplacementBytes || from.size() > kMaxReplacementBytes) {
      return Error(ErrorCode::kInvalidArgument,
                   Cat("\"mapping\": a side of ", Quoted(rule), " is longer than ",
                       kMaxReplacementBytes, " bytes"));
    }
    pairs[from] = to;
  }
  const auto mapping = std::make_shared<const StringMapping>(pairs);
  return PartSource<CharFilter>([mapping] { return std::make_unique<MappingCharFilter>(mapping); });
}

}  // namespace

size_t ReadMaxTokenLength(PartOptions& options) {
  return static_cast<size_t>(
      options.Int("max_token_length", kMaxTokenUtf16Units, 1, kMaxTokenUnitsOption));
}

absl::Status CheckMinAndMax(std::string_view part, int64_t min, int64_t max) {
  if (min <= max) return absl::OkStatus();
  return Error(ErrorCode::kInvalidArgument,
               Cat("\"", part, "\": \"min\" (", min, ") is above \"max\" (", max, ")"));
}

void RegisterBuiltInParts(AnalyzerRegistry* registry) {
  registry->RegisterCharFilter("mapping", MakeMapping);

  registry->RegisterTokenizer("standard", MakeStandard);
  registry->RegisterTokenizer("simple", MakeRuns<RunTokenizer::Kind::kLowerLetters>);
  registry->RegisterTokenizer("whitespace", MakeRuns<RunTokenizer::Kind::kNonSpace>);
  registry->RegisterTokenizer("keyword", MakeKeyword);

  registry->RegisterTokenFilter("casefold", MakeCaseFilter<CaseFoldFilter>);
  registry->RegisterTokenFilter("asciifolding", MakeAsciiFolding);
  registry->RegisterTokenFilter("length", MakeLength);
  registry->RegisterTokenFilter("possessive", MakePlain<TokenFilter, PossessiveFilter>);
  registry->RegisterTokenFilter("porter", MakePlain<TokenFilter, PorterFilter>);

  RegisterLanguageParts(registry);
  RegisterScriptParts(registry);
  RegisterWordParts(registry);
}

std::map<std::string, std::string> BuiltInAnalyzers() {
  std::map<std::string, std::string> analyzers = {
      {"standard", R"({"tokenizer":"standard","filters":["lowercase"]})"},
      {"english", R"({"tokenizer":"standard",
                      "filters":["possessive","lowercase","stop","porter"]})"},
      {"simple", R"({"tokenizer":"simple"})"},
      {"whitespace", R"({"tokenizer":"whitespace"})"},
      {"keyword", R"({"tokenizer":"keyword"})"},
      {"cjk", R"({"char_filters":["widthfolding"],"tokenizer":"standard",
                  "filters":["lowercase",{"type":"cjk_bigram","unigrams":true}]})"},
      {"cjk_search", R"({"char_filters":["widthfolding"],"tokenizer":"standard",
                         "filters":["lowercase","cjk_bigram"]})"},
      {"thai", R"({"tokenizer":"standard","filters":["lowercase","decimal_digit",
                   {"type":"cjk_bigram","scripts":["southeast_asian"],"unigrams":true}]})"}};
  AddLanguageAnalyzers(&analyzers);
  return analyzers;
}

}  // namespace segue
