// SPDX-License-Identifier: Apache-2.0
//
// Documents like one of the index: a query of what is stored of it.
#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/base/guard.h"
#include "engine/base/limits.h"
#include "engine/base/status.h"
#include "engine/base/strings.h"
#include "engine/index/snapshot.h"
#include "engine/query/leaf_rewriter.h"
#include "engine/schema/value.h"

namespace segue {
namespace {

// What the document has of a field, or of those that fill it.
std::vector<std::string> TextsOf(const Document& document, const Field& field) {
  std::vector<std::string> sources = field.options.from;
  if (sources.empty()) sources.push_back(field.name);
  std::vector<std::string> texts;
  for (const std::string& source : sources) {
    for (const FieldValue& value : document.values()) {
      if (value.field != source) continue;
      texts.push_back(TextOfValue(value.value));
      if (texts.back().empty()) texts.pop_back();
    }
  }
  return texts;
}

// At most as much as a text in a query may have, without half a character at the end.
std::string_view StartOf(std::string_view text) {
  size_t end = std::min(text.size(), kMaxQueryBytes);
  if (end < text.size()) {
    while (end > 0 && (static_cast<uint8_t>(text[end]) & 0xc0) == 0x80) --end;
  }
  return text.substr(0, end);
}

// Nothing: the field has no text.
std::optional<Query> LikeTexts(const Field& field, const std::vector<std::string>& texts,
                               const LikeOptions& options) {
  if (texts.empty()) return std::nullopt;
  if (field.options.type == FieldType::kKeyword) {
    std::vector<CombinedTerm> terms;
    for (const std::string& text : texts) terms.push_back({field.name, text, 1});
    if (terms.size() > kMaxLikeTokens) terms.resize(kMaxLikeTokens);
    return Query::LikeTerms(std::move(terms), options);
  }
  std::string all;
  for (const std::string& text : texts) {
    if (all.size() > kMaxQueryBytes) break;
    // No word goes on in the next value.
    CatTo(&all, all.empty() ? "" : "\n", text);
  }
  return Query::Like(field.name, StartOf(all), options);
}

}  // namespace

absl::StatusOr<Query> SnapshotImpl::LikeDocument(uint64_t doc, std::string_view field,
                                                 const LikeOptions& options) const {
  return Guarded([&] { return LikeGuarded(doc, field, options); });
}

absl::StatusOr<Query> SnapshotImpl::LikeGuarded(uint64_t doc, std::string_view field,
                                                const LikeOptions& options) const {
  std::vector<const Field*> fields = default_fields_;
  if (!field.empty()) {
    const Field* const named = view_.schema.Find(field);
    if (named == nullptr) {
      return Error(ErrorCode::kInvalidArgument, Cat("the schema has no field \"", field, "\""));
    }
    fields = {named};
  }
  SEGUE_ASSIGN_OR_RETURN(const Document document, StoredGuarded(doc));
  std::vector<Query> queries;
  for (const Field* const of : fields) {
    if (!HasTerms(*of)) continue;
    std::optional<Query> query = LikeTexts(*of, TextsOf(document, *of), options);
    if (query.has_value()) queries.push_back(*std::move(query));
  }
  if (queries.empty()) {
    return Error(ErrorCode::kFailedPrecondition,
                 Cat("no text of document ", doc,
                     " is stored in the fields to search; name a stored field of text, or give the "
                     "text itself"));
  }
  Query like =
      queries.size() == 1 ? std::move(queries[0]) : Query::DisjunctionMax(std::move(queries));
  if (view_.schema.key().empty()) return like;
  SEGUE_ASSIGN_OR_RETURN(std::string key, Key(doc));
  return Query::Boolean(
      {{Occur::kMust, std::move(like)}, {Occur::kMustNot, Query::Ids({std::move(key)})}});
}

}  // namespace segue
