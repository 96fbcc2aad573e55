// SPDX-License-Identifier: Apache-2.0
//
// Registers normal forms, foldings, and what single scripts need.
#include <algorithm>
#include <array>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/base/nearest_name.h"
#include "engine/base/status.h"
#include "engine/base/strings.h"
#include "engine/text/cjk_bigram_filter.h"
#include "engine/text/normal_form.h"
#include "engine/text/part_makers.h"
#include "engine/text/script_filters.h"

namespace segue {
namespace {

template <NormalForm kForm>
FilterSource MakeNormalFormFilter(PartOptions& options) {
  options.DependsOn("utf8proc", NormalFormVersion());
  return PartSource<TokenFilter>(
      [] { return std::make_unique<NormalFormFilter>(kForm, ActiveAsciiWordKernels()); });
}

template <NormalForm kForm>
absl::StatusOr<PartSource<CharFilter>> MakeNormalFormCharFilter(PartOptions& options) {
  options.DependsOn("utf8proc", NormalFormVersion());
  return PartSource<CharFilter>([] { return std::make_unique<NormalFormCharFilter>(kForm); });
}

template <NormalForm kForm>
void RegisterNormalForm(std::string_view name, AnalyzerRegistry* registry) {
  registry->RegisterCharFilter(name, MakeNormalFormCharFilter<kForm>);
  registry->RegisterTokenFilter(name, MakeNormalFormFilter<kForm>);
}

template <CharacterMap kMap>
FilterSource MakeCharacterMap(PartOptions&) {
  return PartSource<TokenFilter>([] { return std::make_unique<CharacterMapFilter>(kMap); });
}

FilterSource MakeDecimalDigit(PartOptions& options) {
  options.DependsOn("utf8proc", NormalFormVersion());
  return MakeCharacterMap<NormalizeDigit>(options);
}

constexpr std::pair<std::string_view, TokenType> kScripts[] = {
    {"han", TokenType::kIdeographic},
    {"hangul", TokenType::kHangul},
    {"hiragana", TokenType::kHiragana},
    {"katakana", TokenType::kKatakana},
    {"southeast_asian", TokenType::kSoutheastAsian}};

FilterSource MakeCjkBigram(PartOptions& options) {
  options.DependsOn("utf8proc", NormalFormVersion());
  const bool unigrams = options.Bool("unigrams", false);
  uint32_t types = 0;
  for (const std::string& script :
       options.StringList("scripts", {"han", "hangul", "hiragana", "katakana"})) {
    const auto* const known =
        std::find_if(std::begin(kScripts), std::end(kScripts),
                     [&](const auto& entry) { return entry.first == script; });
    if (known == std::end(kScripts)) {
      std::vector<std::string_view> names;
      for (const auto& [name, type] : kScripts) names.push_back(name);
      return Error(ErrorCode::kInvalidArgument,
                   Cat("\"cjk_bigram\": there is no script ", Quoted(script), "; did you mean \"",
                       NearestName(script, names), "\"?"));
    }
    types |= uint32_t{1} << static_cast<uint32_t>(known->second);
  }
  return PartSource<TokenFilter>(
      [types, unigrams] { return std::make_unique<CjkBigramFilter>(types, unigrams); });
}

}  // namespace

void RegisterScriptParts(AnalyzerRegistry* registry) {
  RegisterNormalForm<NormalForm::kNfc>("nfc", registry);
  RegisterNormalForm<NormalForm::kNfkc>("nfkc", registry);
  RegisterNormalForm<NormalForm::kNfkcCasefold>("nfkc_casefold", registry);
  RegisterNormalForm<NormalForm::kNoDiacritics>("diacriticfolding", registry);
  RegisterNormalForm<NormalForm::kPlainWidth>("widthfolding", registry);
  registry->RegisterTokenFilter("arabic_normalization", MakeCharacterMap<NormalizeArabic>);
  registry->RegisterTokenFilter("cjk_bigram", MakeCjkBigram);
  registry->RegisterTokenFilter("decimal_digit", MakeDecimalDigit);
  registry->RegisterTokenFilter("hindi_normalization", MakeCharacterMap<NormalizeHindi>);
  registry->RegisterTokenFilter("indic_normalization", MakePlain<TokenFilter, IndicFilter>);
  registry->RegisterTokenFilter("persian_normalization", MakeCharacterMap<NormalizePersian>);
}

}  // namespace segue
