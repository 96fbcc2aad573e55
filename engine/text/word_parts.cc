// SPDX-License-Identifier: Apache-2.0
//
// Registers what cuts, joins and replaces words.
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/base/limits.h"
#include "engine/base/status.h"
#include "engine/base/strings.h"
#include "engine/pattern/piece_program.h"
#include "engine/pattern/regexp.h"
#include "engine/text/char_group_tokenizer.h"
#include "engine/text/compound_filter.h"
#include "engine/text/gram_parts.h"
#include "engine/text/metaphone_filter.h"
#include "engine/text/part_makers.h"
#include "engine/text/path_tokenizer.h"
#include "engine/text/pattern_tokenizer.h"
#include "engine/text/shingle_filter.h"
#include "engine/text/synonym_filter.h"
#include "engine/text/synonym_map.h"
#include "engine/text/unicode.h"
#include "engine/text/word_delimiter_filter.h"
#include "engine/text/word_filters.h"

namespace segue {
namespace {

absl::StatusOr<GramOptions> ReadGrams(std::string_view part, bool only_front,
                                      PartOptions& options) {
  const int64_t min = options.Int("min", only_front ? 1 : 2, 1, kMaxGramChars);
  const int64_t max = options.Int("max", only_front ? 10 : 3, 1, kMaxGramChars);
  SEGUE_RETURN_IF_ERROR(CheckMinAndMax(part, min, max));
  return GramOptions{.min_chars = static_cast<size_t>(min),
                     .max_chars = static_cast<size_t>(max),
                     .only_front = only_front};
}

template <bool kOnlyFront>
TokenizerSource MakeGramTokenizer(PartOptions& options) {
  SEGUE_ASSIGN_OR_RETURN(const GramOptions grams,
                         ReadGrams(kOnlyFront ? "edge_ngram" : "ngram", kOnlyFront, options));
  return PartSource<Tokenizer>([grams] { return std::make_unique<GramTokenizer>(grams); });
}

template <bool kOnlyFront>
FilterSource MakeGramFilter(PartOptions& options) {
  SEGUE_ASSIGN_OR_RETURN(GramOptions grams,
                         ReadGrams(kOnlyFront ? "edge_ngram" : "ngram", kOnlyFront, options));
  grams.keeps_original = options.Bool("preserve_original", false);
  return PartSource<TokenFilter>([grams] { return std::make_unique<GramFilter>(grams); });
}

FilterSource MakeShingle(PartOptions& options) {
  const int64_t min = options.Int("min", 2, 2, kMaxShingleWords);
  const int64_t max = options.Int("max", 2, 2, kMaxShingleWords);
  SEGUE_RETURN_IF_ERROR(CheckMinAndMax("shingle", min, max));
  const ShingleOptions shingles{.min_words = static_cast<size_t>(min),
                                .max_words = static_cast<size_t>(max),
                                .unigrams = options.Bool("unigrams", true),
                                .separator = options.String("separator", " "),
                                .filler = options.String("filler", "_")};
  return PartSource<TokenFilter>([shingles] { return std::make_unique<ShingleFilter>(shingles); });
}

TokenizerSource MakePath(PartOptions& options) {
  const std::string delimiter = options.String("delimiter", "/");
  if (delimiter.size() != 1 || static_cast<uint8_t>(delimiter[0]) >= 0x80) {
    return Error(ErrorCode::kInvalidArgument,
                 Cat("\"path_hierarchy\": the delimiter must be one ASCII character, not ",
                     Quoted(delimiter)));
  }
  const bool reverse = options.Bool("reverse", false);
  return PartSource<Tokenizer>([delimiter = delimiter[0], reverse] {
    return std::make_unique<PathTokenizer>(delimiter, reverse);
  });
}

TokenizerSource MakeCharGroup(PartOptions& options) {
  options.DependsOn("unicode", UnicodeVersion());
  CharGroup group;
  for (const std::string& member : options.StringList("separators", {"whitespace"})) {
    if (!group.Add(member)) {
      return Error(ErrorCode::kInvalidArgument,
                   Cat("\"char_group\": ", Quoted(member),
                       " is neither one character nor whitespace, letter, digit, punctuation or "
                       "symbol"));
    }
  }
  const size_t units = ReadMaxTokenLength(options);
  const auto shared = std::make_shared<const CharGroup>(std::move(group));
  return PartSource<Tokenizer>(
      [shared, units] { return std::make_unique<CharGroupTokenizer>(shared, units); });
}

TokenizerSource MakePattern(PartOptions& options) {
  const std::string pattern = options.String("pattern", "\\W+");
  const bool splits = options.Bool("split", true);
  const size_t units = ReadMaxTokenLength(options);
  if (pattern.size() > kMaxPatternBytes) {
    return Error(ErrorCode::kInvalidArgument,
                 Cat("\"pattern\": the pattern has ", pattern.size(), " bytes; at most ",
                     kMaxPatternBytes, " are allowed"));
  }
  const absl::StatusOr<PatternProgram> code =
      CompileRegexp(pattern, kMaxPatternStates, RegexpUse::kPieces);
  absl::StatusOr<PieceProgram> program = code.ok() ? PieceProgram::Make(*code) : code.status();
  if (!program.ok()) {
    return Error(ErrorCode::kInvalidArgument, Cat("\"pattern\": ", MessageOf(program.status())));
  }
  const auto shared = std::make_shared<const PieceProgram>(*std::move(program));
  return PartSource<Tokenizer>([shared, splits, units] {
    return std::make_unique<PatternTokenizer>(shared, splits, units);
  });
}

FilterSource MakeKeep(PartOptions& options) {
  const auto words = std::make_shared<const WordSet>(options.StringList("words", {}));
  return PartSource<TokenFilter>([words] { return std::make_unique<KeepFilter>(words); });
}

FilterSource MakeKeywordMarker(PartOptions& options) {
  const auto words = std::make_shared<const WordSet>(options.StringList("words", {}));
  return PartSource<TokenFilter>([words] { return std::make_unique<KeywordMarkerFilter>(words); });
}

FilterSource MakeWordDelimiter(PartOptions& options) {
  const WordDelimiterOptions delimiter{.split_case = options.Bool("split_case", true),
                                       .split_numbers = options.Bool("split_numbers", true),
                                       .parts = options.Bool("parts", true),
                                       .joined = options.Bool("joined", true),
                                       .original = options.Bool("preserve_original", false)};
  if (!delimiter.parts && !delimiter.joined && !delimiter.original) {
    return Error(ErrorCode::kInvalidArgument,
                 "\"word_delimiter\": one of \"parts\", \"joined\" and \"preserve_original\" must "
                 "be true, or no word is left");
  }
  return PartSource<TokenFilter>(
      [delimiter] { return std::make_unique<WordDelimiterFilter>(delimiter); });
}

FilterSource MakeSynonym(PartOptions& options) {
  const std::vector<std::string> rules = options.StringList("rules", {});
  const std::string format = options.String("format", "solr");
  const bool expand = options.Bool("expand", true);
  const auto map = std::make_shared<SynonymMap>();
  if (format == "wordnet") {
    SEGUE_RETURN_IF_ERROR(map->AddWordNetLines(rules, expand));
  } else if (format == "solr") {
    for (const std::string& rule : rules) SEGUE_RETURN_IF_ERROR(map->AddSolrLine(rule, expand));
  } else {
    return Error(ErrorCode::kInvalidArgument,
                 Cat("\"synonym\": the format must be solr or wordnet, not ", Quoted(format)));
  }
  return PartSource<TokenFilter>([map = std::shared_ptr<const SynonymMap>(map)] {
    return std::make_unique<SynonymFilter>(map);
  });
}

FilterSource MakeMetaphone(PartOptions& options) {
  const bool keeps_words = options.Bool("preserve_original", true);
  return PartSource<TokenFilter>(
      [keeps_words] { return std::make_unique<MetaphoneFilter>(keeps_words); });
}

FilterSource MakeCompound(PartOptions& options) {
  const std::vector<std::string> words = options.StringList("words", {});
  const CompoundOptions compound{
      .min_word_chars = static_cast<size_t>(options.Int("min_word", 5, 1, kMaxGramChars)),
      .min_part_chars = static_cast<size_t>(options.Int("min_part", 3, 1, kMaxGramChars)),
      .only_longest = options.Bool("only_longest", false)};
  const auto dictionary = std::make_shared<const CompoundDictionary>(words);
  return PartSource<TokenFilter>(
      [dictionary, compound] { return std::make_unique<CompoundFilter>(dictionary, compound); });
}

}  // namespace

void RegisterWordParts(AnalyzerRegistry* registry) {
  registry->RegisterTokenizer("char_group", MakeCharGroup);
  registry->RegisterTokenizer("edge_ngram", MakeGramTokenizer<true>);
  registry->RegisterTokenizer("ngram", MakeGramTokenizer<false>);
  registry->RegisterTokenizer("path_hierarchy", MakePath);
  registry->RegisterTokenizer("pattern", MakePattern);
  registry->RegisterTokenFilter("compound", MakeCompound);
  registry->RegisterTokenFilter("edge_ngram", MakeGramFilter<true>);
  registry->RegisterTokenFilter("keep", MakeKeep);
  registry->RegisterTokenFilter("keyword_marker", MakeKeywordMarker);
  registry->RegisterTokenFilter("metaphone", MakeMetaphone);
  registry->RegisterTokenFilter("ngram", MakeGramFilter<false>);
  registry->RegisterTokenFilter("shingle", MakeShingle);
  registry->RegisterTokenFilter("synonym", MakeSynonym);
  registry->RegisterTokenFilter("word_delimiter", MakeWordDelimiter);
}

}  // namespace segue
