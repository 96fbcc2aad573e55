// SPDX-License-Identifier: Apache-2.0
#include "tests/verify/answers.h"

#include <bit>
#include <memory>
#include <utility>
#include <vector>

#include "engine/base/strings.h"
#include "segue/index.h"
#include "segue/query.h"
#include "tests/verify/sealed_index.h"

namespace segue {
namespace {

constexpr size_t kTerms = 400;  // of each field
constexpr uint32_t kHits = 30;

class Answers {
 public:
  Answers(const Snapshot& snapshot, bool with_stored)
      : snapshot_(snapshot), with_stored_(with_stored) {}

  std::string Take() {
    for (uint64_t doc = 0; doc < snapshot_.doc_count(); ++doc) AddDocument(doc);
    for (const Field& field : snapshot_.schema().fields()) {
      if (field.options.type == FieldType::kText || field.options.type == FieldType::kKeyword) {
        AddTerms(field.name);
      }
    }
    return std::move(text_);
  }

 private:
  void AddDocument(uint64_t doc) {
    const auto stored = snapshot_.Stored(doc);
    if (!stored.ok()) return Line(doc, " ", ToText(stored.status()));
    if (with_stored_) Line(doc, " ", stored->ToJson(snapshot_.schema()));
    const auto key = snapshot_.Key(doc);
    Line("key ", key.ok() ? *key : ToText(key.status()));
    for (const FieldValue& field : stored->values()) {
      const Field* known = snapshot_.schema().Find(field.field);
      if (doc % 64 != 0 || known == nullptr || known->options.type == FieldType::kText) continue;
      Ask(Query::Equals(field.field, field.value));
    }
  }

  void AddTerms(const std::string& field) {
    const auto terms = snapshot_.Terms(field, "", kTerms);
    if (!terms.ok()) return Line(field, ToText(terms.status()));
    std::string before = "the";
    for (const auto& [term, doc_freq] : *terms) {
      Line(field, ":", term, " in ", doc_freq);
      Ask(Query::Term(field, term));
      Ask(Query::Or({Query::Term(field, before), Query::Term(field, term)}));
      Ask(Query::Phrase(field, {before, term}));
      before = term;
    }
  }

  void Ask(const Query& query) {
    const auto result = snapshot_.Search(query, {.k = kHits});
    if (!result.ok()) return Line(ToText(result.status()));
    Line("total ", result->total->value);
    for (const Hit& hit : result->hits) Line(hit.doc, " ", std::bit_cast<uint32_t>(hit.score));
    if (result->hits.empty()) return;
    const auto spans = snapshot_.Matches(query, result->hits.front().doc);
    if (!spans.ok()) return Line(ToText(spans.status()));
    for (const MatchSpan& span : *spans) Line("at ", span.begin_position, "-", span.end_position);
  }

  static std::string ToText(const absl::Status& status) { return std::string(status.message()); }

  template <typename... Parts>
  void Line(const Parts&... parts) {
    text_ += Cat(parts..., "\n");
  }

  const Snapshot& snapshot_;
  const bool with_stored_;
  std::string text_;
};

}  // namespace

std::string AnswersOf(Env* env, bool with_stored) {
  const auto index = Index::Open(kIndexFolder, {.env = env});
  if (!index.ok()) return std::string(index.status().message());
  const auto snapshot = index->OpenSnapshot();
  if (!snapshot.ok()) return std::string(snapshot.status().message());
  return Answers(**snapshot, with_stored).Take();
}

}  // namespace segue
