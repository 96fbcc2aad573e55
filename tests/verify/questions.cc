// SPDX-License-Identifier: Apache-2.0
#include "tests/verify/questions.h"

#include <gtest/gtest.h>

#include <bit>
#include <memory>
#include <utility>

#include "engine/base/strings.h"
#include "segue/index.h"
#include "segue/query.h"
#include "tests/verify/sealed_index.h"

namespace segue {

Schema QuestionSchema(bool all_stored) {
  const Schema schema = *Schema::FromJson(
      R"({"key":"id","default":["title","body"],"fields":{
        "id":{"type":"keyword"},
        "title":{"type":"text","stored":true,"positions":false},
        "body":{"type":"text","analyzer":"english"},
        "tag":{"type":"keyword","multi":true,"stored":true},
        "year":{"type":"int64","stored":true},
        "marks":{"type":"int64","multi":true},
        "price":{"type":"float64"},
        "plays":{"type":"int64","updatable":true,"stored":true},
        "open":{"type":"bool"},
        "at":{"type":"timestamp"},
        "place":{"type":"geo_point","multi":true},
        "blob":{"type":"bytes","stored":true}}})");
  if (!all_stored) return schema;
  Schema stored;
  for (const Field& field : schema.fields()) {
    FieldOptions options = field.options;
    options.stored = true;
    EXPECT_TRUE(stored.AddField(field.name, options).ok());
  }
  EXPECT_TRUE(stored.SetKey("id").ok() && stored.SetDefaultFields({"title", "body"}).ok());
  return stored;
}

std::vector<Document> QuestionDocuments(size_t count) {
  std::vector<Document> documents(count);
  for (size_t i = 0; i < count; ++i) {
    Document& doc = documents[i];
    doc.Add("id", Cat("k", i));
    doc.Add("title", Cat("common title ", i % 3 == 0 ? "third" : "other"));
    doc.Add("body", Cat("kind of blue foxes", i % 4 == 1 ? " blue train" : "", " word", i % 5));
    if (i % 2 == 0) doc.Add("tag", Cat("tag", i % 4));
    if (i % 4 == 0) doc.Add("tag", "fourth");
    if (i % 3 != 1) doc.Add("year", static_cast<int64_t>(1950 + i));
    if (i % 3 == 0) doc.Add("marks", int64_t{3}).Add("marks", static_cast<int64_t>(i) - 4);
    if (i % 2 == 1) doc.Add("price", static_cast<double>(i) / 8);
    if (i % 3 == 0) doc.Add("plays", static_cast<int64_t>(i));
    if (i % 5 != 0) doc.Add("open", Value(i % 2 == 0));
    if (i % 4 == 2) doc.Add("at", static_cast<int64_t>(i * 1000));
    if (i % 3 == 1)
      doc.Add("place", GeoPoint{static_cast<double>(i % 90), -2.5}).Add("place", GeoPoint());
    if (i % 6 == 5) doc.Add("blob", std::string("\0\xff", 2));
  }
  return documents;
}

namespace {

std::vector<Query> Queries() {
  const Query blue = Query::Term("body", "blue");
  const Query third = Query::Term("title", "third");
  return {
      Query::All(),
      blue,
      Query::Term("body", "absent"),
      Query::Term("tag", "fourth"),
      Query::Text("kind of blue common"),
      Query::And({blue, third}),
      Query::Or({Query::Term("body", "train"), third, Query::Term("body", "word3")}),
      Query::Phrase("body", {"blue", "train"}),
      Query::MatchPhrase("body", "foxes blue"),
      Query::Boolean({{Occur::kMust, blue},
                      {Occur::kMustNot, third},
                      {Occur::kFilter, Query::Equals("open", true)}}),
      Query::Boolean({{Occur::kShould, third},
                      {Occur::kShould, Query::Term("body", "train")},
                      {Occur::kShould, Query::Term("tag", "tag2")}},
                     2),
      Query::DisjunctionMax({blue, third}, 0.5f),
      Query::ConstantScore(third, 2),
      Query::Boost(Query::And({Query::Phrase("body", {"kind", "of"}), third}), 3),
      Query::Equals("year", 1953),
      Query::Equals("marks", 3),
      Query::Equals("price", 0.375),
      Query::Equals("plays", 17),
      Query::Exists("plays"),
      Query::Equals("at", int64_t{2000}),
      Query::Equals("id", "k4"),
      Query::Prefix("body", "wor"),
      Query::Wildcard("title", "t*r?"),
      Query::Regexp("tag", "tag[0-2]"),
      Query::Fuzzy("body", "bleu"),
      Query::TermRange("id", {.from = "k1", .to = "k3"}),
      Query::GeoBox("place", {.south = 1.5, .west = -3, .north = 4, .east = 7}),
      Query::GeoDistance("place", {.center = {.latitude = 2, .longitude = 3}, .meters = 3e5}),
  };
}

class Questions {
 public:
  explicit Questions(const Snapshot& snapshot) : snapshot_(snapshot) {}

  std::vector<Answer> Ask() {
    Add(absl::OkStatus(),
        Cat(snapshot_.generation(), " ", snapshot_.payload(), " ", snapshot_.schema().ToJson(), " ",
            snapshot_.doc_count(), " ", snapshot_.live_doc_count()));
    for (uint64_t doc = 0; doc < snapshot_.doc_count(); ++doc) AskDocument(doc);
    for (const char* field : {"id", "title", "body", "tag", "year"}) AskField(field);
    for (const Query& query : Queries()) AskQuery(query);
    return std::move(answers_);
  }

 private:
  void Add(const absl::Status& status, std::string text) {
    answers_.push_back({status, std::move(text)});
  }

  void AskDocument(uint64_t doc) {
    const auto stored = snapshot_.Stored(doc);
    // That a document is deleted is no error here.
    const bool deleted = CodeOf(stored.status()) == ErrorCode::kNotFound;
    Add(deleted ? absl::OkStatus() : stored.status(),
        stored.ok() ? stored->ToJson(snapshot_.schema()) : "deleted");
    answers_.back().stored = true;
    const auto key = snapshot_.Key(doc);
    Add(key.status(), key.ok() ? *key : "");
    if (!key.ok()) return Add(key.status(), "");
    const auto found = snapshot_.FindKey(*key);
    Add(found.status(), found.ok() ? Cat(found->value_or(doc + 1000)) : "");
  }

  void AskField(std::string_view field) {
    const auto terms = snapshot_.Terms(field, "", 1000);
    std::string text;
    if (terms.ok()) {
      for (const auto& [term, doc_freq] : *terms) text += Cat(term, " ", doc_freq, "\n");
    }
    Add(terms.status(), text);
    const auto statistics = snapshot_.FieldStats(field);
    Add(statistics.status(),
        statistics.ok() ? Cat(statistics->doc_count, " ", statistics->sum_total_freq) : "");
  }

  void AskQuery(const Query& query) {
    for (const uint32_t k : {2u, 1000u}) {
      const auto result = snapshot_.Search(query, {.k = k});
      std::string text;
      if (result.ok()) {
        text = Cat(result->total->value);
        for (const Hit& hit : result->hits) {
          text += Cat("\n", hit.doc, " ", std::bit_cast<uint32_t>(hit.score));
        }
      }
      Add(result.status(), text);
    }
    const auto explanation = snapshot_.Explain(query, 1);
    Add(explanation.status(), explanation.ok() ? explanation->ToText() : "");
    const auto spans = snapshot_.Matches(query, 1);
    std::string text;
    if (spans.ok()) {
      for (const MatchSpan& span : *spans) {
        text += Cat(span.begin_position, "-", span.end_position, " ");
      }
    }
    Add(spans.status(), text);
  }

  const Snapshot& snapshot_;
  std::vector<Answer> answers_;
};

}  // namespace

std::vector<Answer> AskEverything(Env* env, ReadMode mode) {
  const auto index = Index::Open(kIndexFolder, {.read_mode = mode, .env = env});
  if (!index.ok()) return {{index.status(), ""}};
  const auto snapshot = index->OpenSnapshot();
  if (!snapshot.ok()) return {{snapshot.status(), ""}};
  return Questions(**snapshot).Ask();
}

}  // namespace segue
