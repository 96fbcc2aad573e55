// SPDX-License-Identifier: Apache-2.0
//
// docs/limits.md lists every constant of limits.h, with its value, and which a caller may lower.
#include "engine/base/limits.h"

#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <span>
#include <sstream>
#include <string>
#include <vector>

#include "engine/base/settable_limits.h"
#include "engine/base/strings.h"
#include "segue/limits.h"
#include "segue/status.h"

namespace segue {
namespace {

std::vector<std::string> LinesOf(const std::string& path) {
  std::ifstream file(std::string(SEGUE_SOURCE_DIR) + "/" + path);
  EXPECT_TRUE(file.good()) << path;
  std::vector<std::string> lines;
  for (std::string line; std::getline(file, line);) lines.push_back(line);
  return lines;
}

// "32,767 bytes", "64 KiB", "4 MiB", "100".
uint64_t ParseValue(const std::string& text) {
  uint64_t number = 0;
  std::string unit;
  for (const char c : text) {
    if (c >= '0' && c <= '9') {
      number = number * 10 + static_cast<uint64_t>(c - '0');
    } else if (c != ',' && c != ' ') {
      unit += c;
    }
  }
  if (unit == "KiB") return number << 10;
  if (unit == "MiB") return number << 20;
  EXPECT_TRUE(unit.empty() || unit == "bytes") << text;
  return number;
}

struct Row {
  std::string name;
  uint64_t value = 0;
  std::string set_by;
};

// The rows "| `kName` | value | why |", some with "| `Limits::member` |" at the end.
std::vector<Row> Rows() {
  std::vector<Row> rows;
  for (const std::string& line : LinesOf("docs/limits.md")) {
    if (!line.starts_with("| `k")) continue;
    const size_t name_end = line.find('`', 3);
    const size_t value = line.find('|', name_end) + 1;
    const size_t value_end = line.find('|', value);
    Row& row = rows.emplace_back();
    row.name = line.substr(3, name_end - 3);
    row.value = ParseValue(line.substr(value, value_end - value));
    const size_t last = line.rfind("| ", line.size() - 2);
    const std::string in_last = line.substr(last + 2, line.size() - last - 4);
    if (in_last.find("Limits::") != in_last.npos) row.set_by = in_last;
  }
  return rows;
}

std::map<std::string, uint64_t> Documented() {
  std::map<std::string, uint64_t> values;
  for (const Row& row : Rows()) values[row.name] = row.value;
  return values;
}

std::map<std::string, uint64_t> Actual() {
#define SEGUE_LIMIT(name) \
  { #name, name }
  return {
      SEGUE_LIMIT(kMaxDocsInSegment),   SEGUE_LIMIT(kMaxTokenUtf16Units),
      SEGUE_LIMIT(kMaxAnalyzerParts),   SEGUE_LIMIT(kMaxNormalizedRun),
      SEGUE_LIMIT(kMaxMergesAtOnce),    SEGUE_LIMIT(kMaxGramChars),
      SEGUE_LIMIT(kMaxShingleWords),    SEGUE_LIMIT(kMaxWordParts),
      SEGUE_LIMIT(kMaxSynonymWords),    SEGUE_LIMIT(kMaxSynonymsOfOne),
      SEGUE_LIMIT(kMaxPathLevels),      SEGUE_LIMIT(kMaxPiecePlaces),
      SEGUE_LIMIT(kMaxChosenLanguages), SEGUE_LIMIT(kMaxTermBytes),
      SEGUE_LIMIT(kMaxFieldBytes),      SEGUE_LIMIT(kMaxDocumentBytes),
      SEGUE_LIMIT(kMaxFields),          SEGUE_LIMIT(kMaxFieldNameBytes),
      SEGUE_LIMIT(kPositionGap),        SEGUE_LIMIT(kMaxPosition),
      SEGUE_LIMIT(kMaxQueryBytes),      SEGUE_LIMIT(kMaxQueryDepth),
      SEGUE_LIMIT(kMaxQueryClauses),    SEGUE_LIMIT(kMaxPhraseTerms),
      SEGUE_LIMIT(kMaxFieldsInText),    SEGUE_LIMIT(kMaxInstantWords),
      SEGUE_LIMIT(kMaxGraphEntries),    SEGUE_LIMIT(kMaxHits),
      SEGUE_LIMIT(kMaxJsonDepth),       SEGUE_LIMIT(kDefaultQueryArenaBytes),
      SEGUE_LIMIT(kMaxJsonBytes),       SEGUE_LIMIT(kMaxSchemaBytes),
      SEGUE_LIMIT(kMaxManifestBytes),   SEGUE_LIMIT(kChecksumBlockBytes),
      SEGUE_LIMIT(kPinSlackBytes),      SEGUE_LIMIT(kWriteBufferBytes),
      SEGUE_LIMIT(kMaxSegments),        SEGUE_LIMIT(kMaxFilesInSegment),
      SEGUE_LIMIT(kMaxFileNameBytes),   SEGUE_LIMIT(kMaxCommitPayloadBytes),
      SEGUE_LIMIT(kMaxQueryPatterns),   SEGUE_LIMIT(kMaxExpansions),
      SEGUE_LIMIT(kMaxFuzzyEdits),      SEGUE_LIMIT(kMaxPatternBytes),
      SEGUE_LIMIT(kMaxPatternStates),   SEGUE_LIMIT(kMaxPatternCells),
      SEGUE_LIMIT(kMaxPatternWork),     SEGUE_LIMIT(kMaxQueryJsonBytes),
      SEGUE_LIMIT(kMaxTextTokens),      SEGUE_LIMIT(kMaxSetValues),
      SEGUE_LIMIT(kMaxLikeTokens),      SEGUE_LIMIT(kMaxSuggestions),
      SEGUE_LIMIT(kMaxSuggestedTerms),
  };
#undef SEGUE_LIMIT
}

TEST(Limits, AreDocumentedWithTheirValues) { EXPECT_EQ(Documented(), Actual()); }

TEST(Limits, NoneIsForgotten) {
  size_t constants = 0;
  for (const std::string& line : LinesOf("engine/base/limits.h")) {
    if (line.starts_with("inline constexpr ")) ++constants;
  }
  EXPECT_EQ(constants, Actual().size()) << "a new limit belongs into this test and the page";
}

// ---- Those that a caller may lower ----

template <typename Limits>
void AddSettable(std::string_view of, std::span<const SettableLimit<Limits>> settable,
                 std::map<std::string, uint64_t>* all) {
  for (const auto& limit : settable) (*all)[Cat("`", of, "::", limit.name, "`")] = limit.most;
}

TEST(Limits, WhatCanBeSetIsDocumentedBesideItsConstant) {
  std::map<std::string, uint64_t> documented, settable;
  for (const Row& row : Rows()) {
    if (!row.set_by.empty()) documented[row.set_by] = row.value;
  }
  AddSettable<QueryLimits>("QueryLimits", kSettableQueryLimits, &settable);
  AddSettable<DocumentLimits>("DocumentLimits", kSettableDocumentLimits, &settable);
  EXPECT_EQ(documented, settable);
}

template <typename Limits>
void ExpectFromOneToTheConstant(std::span<const SettableLimit<Limits>> settable) {
  // A member that is not in the list would make the struct larger.
  EXPECT_EQ(settable.size() * sizeof(uint64_t), sizeof(Limits));
  EXPECT_TRUE(Limits().Validate().ok());
  for (const auto& limit : settable) {
    EXPECT_EQ(Limits().*limit.value, limit.most) << limit.name;
    Limits limits;
    for (const uint64_t fine : {uint64_t{1}, limit.most / 2, limit.most}) {
      limits.*limit.value = fine;
      EXPECT_TRUE(limits.Validate().ok()) << limit.name << " " << fine;
    }
    for (const uint64_t wrong : {uint64_t{0}, limit.most + 1, UINT64_MAX}) {
      limits.*limit.value = wrong;
      const absl::Status status = limits.Validate();
      EXPECT_EQ(CodeOf(status), ErrorCode::kInvalidArgument) << limit.name << " " << wrong;
      EXPECT_EQ(MessageOf(status), Cat("the limit ", limit.name, " is set to ", wrong,
                                       "; it can be 1 to ", limit.most));
    }
  }
}

TEST(Limits, CanBeSetFromOneToTheConstant) {
  ExpectFromOneToTheConstant<QueryLimits>(kSettableQueryLimits);
  ExpectFromOneToTheConstant<DocumentLimits>(kSettableDocumentLimits);
}

}  // namespace
}  // namespace segue
