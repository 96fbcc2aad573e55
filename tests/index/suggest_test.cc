// SPDX-License-Identifier: Apache-2.0
//
// Words that no document has, and what may have been meant: beside a search of all terms of all
// dictionaries, each compared with the word by the whole table of edits.
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/base/limits.h"
#include "engine/base/strings.h"
#include "engine/io/memory_env.h"
#include "segue/analysis.h"
#include "segue/index.h"
#include "segue/query.h"
#include "segue/query_parser.h"
#include "segue/status.h"
#include "tests/automata/naive_matching.h"
#include "tests/support/seeded_random.h"

namespace segue {

void PrintTo(const Suggestion& suggestion, std::ostream* out) {
  *out << suggestion.word << "@" << suggestion.begin_byte << "-" << suggestion.end_byte;
  for (const SuggestedTerm& term : suggestion.terms) {
    *out << " " << term.term << "~" << term.edits << " in " << term.doc_freq;
  }
}

namespace {

constexpr char kSchema[] = R"({"key":"id","default":["title","body"],"fields":{
    "id":{"type":"keyword"},"title":{"type":"text"},"body":{"type":"text","analyzer":"english"},
    "genre":{"type":"keyword","multi":true},"year":{"type":"int64"}}})";

class SuggestTest : public ::testing::Test {
 protected:
  SuggestTest()
      : index_(*Index::Create("index", *Schema::FromJson(kSchema), {.env = env_.get()})),
        writer_(*index_.OpenWriter({.auto_merge = false})) {}

  void Add(std::string_view title, std::string_view body = {}, std::string_view genre = {}) {
    Document document;
    document.Add("id", std::to_string(documents_++)).Add("title", title).Add("body", body);
    if (!genre.empty()) document.Add("genre", genre);
    ASSERT_TRUE(writer_->Add(document).ok());
  }
  void Commit() {
    ASSERT_TRUE(writer_->Commit().ok());
    snapshot_ = *index_.OpenSnapshot();
  }
  std::vector<Suggestion> Suggest(const Query& query, size_t terms_per_word = 3) {
    absl::StatusOr<std::vector<Suggestion>> suggestions = snapshot_->Suggest(query, terms_per_word);
    EXPECT_TRUE(suggestions.ok()) << suggestions.status();
    return suggestions.ok() ? *std::move(suggestions) : std::vector<Suggestion>();
  }
  std::vector<Suggestion> Suggest(std::string_view text) {
    return Suggest(ParseQuery(text, {.schema = &snapshot_->schema()}).query);
  }

  std::unique_ptr<Env> env_ = NewMemoryEnv();
  Index index_;
  std::unique_ptr<Writer> writer_;
  std::shared_ptr<const Snapshot> snapshot_;
  int documents_ = 0;
};

using Suggestions = std::vector<Suggestion>;

TEST_F(SuggestTest, TheNearestThenTheMostFrequent) {
  Add("davis miles");
  Add("davis davie");
  Commit();
  Add("davie davos dallas");
  Add("davie");
  Commit();
  EXPECT_EQ(Suggest("miles davix"),
            (Suggestions{{6, 11, "davix", {{"davie", 1, 3}, {"davis", 1, 2}}}}));
  // One edit away there is something, so davos is not looked for.
  EXPECT_EQ(Suggest("davs"), (Suggestions{{0, 4, "davs", {{"davis", 1, 2}, {"davos", 1, 1}}}}));
  EXPECT_EQ(Suggest("dallllas"), (Suggestions{{0, 8, "dallllas", {{"dallas", 2, 1}}}}));
  // Short words must be nearer, and nothing may be near at all.
  EXPECT_EQ(Suggest("dxvxs"), (Suggestions{{0, 5, "dxvxs", {}}}));
  EXPECT_EQ(Suggest("dx"), (Suggestions{{0, 2, "dx", {}}}));
  EXPECT_TRUE(Suggest("miles davis").empty());
  EXPECT_TRUE(Suggest("").empty());
}

TEST_F(SuggestTest, WordsOfAllKindsOfText) {
  Add("kind of blue", "recorded in new york", "modal jazz");
  Commit();
  EXPECT_EQ(Suggest("\"kind of bluw\""), (Suggestions{{0, 14, "bluw", {{"blue", 1, 1}}}}));
  EXPECT_EQ(Suggest("title:blux -nothing +(knd)^2 NOT^0.5 whatever"),
            (Suggestions{{6, 10, "blux", {{"blue", 1, 1}}}, {22, 25, "knd", {{"kind", 1, 1}}}}));
  EXPECT_EQ(Suggest("title:NEAR(kynd \"blue off\", 3)"),
            (Suggestions{{11, 15, "kynd", {{"kind", 1, 1}}}, {16, 26, "off", {{"of", 1, 1}}}}));
  EXPECT_EQ(Suggest("{title^2 body}:yorc"), (Suggestions{{15, 19, "yorc", {{"york", 1, 1}}}}));
  // A keyword is looked up as a whole.
  EXPECT_EQ(Suggest("genre:\"modal jaz\""),
            (Suggestions{{6, 17, "modal jaz", {{"modal jazz", 1, 1}}}}));
  // Once, in the order of the query, and what is not text or is in one of the fields not at all.
  EXPECT_EQ(Suggest("blux york blux year:1959 blu* blux~ /blux/ LIKE(blux)"),
            (Suggestions{{0, 4, "blux", {{"blue", 1, 1}}}}));
  EXPECT_TRUE(Suggest(Query::Match("nofield", "blux")).empty());
  // Of a word that falls into several, any of them.
  EXPECT_EQ(Suggest("blux-knd"),
            (Suggestions{{0, 8, "blux-knd", {{"blue", 1, 1}, {"kind", 1, 1}}}}));
}

// What is suggested has to be found as it is written, also where it is stemmed.
TEST_F(SuggestTest, StemsThatAreNotFoundAgainAreNotSuggested) {
  Add("", "operations universities");
  Commit();
  // The stems are "oper" and "univers", which are stems of themselves.
  EXPECT_EQ(Suggest("body:opec"), (Suggestions{{5, 9, "opec", {{"oper", 1, 1}}}}));
  // "generously" becomes "gener", and that "gener"; but "dies" "di", which stays "di".
  Add("", "decisions");
  Commit();
  ASSERT_EQ(*snapshot_->DocFreq("body", "decis"), 1u);
  // Of "decis" the s goes, so that it would be looked up as "deci".
  EXPECT_EQ(Suggest("body:decix"), (Suggestions{{5, 10, "decix", {}}}));
}

TEST_F(SuggestTest, Limits) {
  std::string many, text;
  for (char c = 'a'; c <= 'z'; ++c) {
    many += Cat("word", std::string(1, c), " ");
    text += Cat("missing", std::string(1, c), " ");
  }
  Add(many);
  Commit();
  EXPECT_EQ(Suggest(text).size(), kMaxSuggestions);
  EXPECT_EQ(Suggest(text).back().word, "missingp");
  const auto terms = [&](size_t most) { return Suggest(Query::Text("wordy!x"), most).size(); };
  EXPECT_EQ(terms(1), 0u);  // wordy is there
  EXPECT_EQ(Suggest(Query::Text("word0"), 0), (Suggestions{{0, 0, "word0", {}}}));
  EXPECT_EQ(Suggest(Query::Text("word0"), 2),
            (Suggestions{{0, 0, "word0", {{"worda", 1, 1}, {"wordb", 1, 1}}}}));
  EXPECT_EQ(Suggest(Query::Text("word0"), kMaxSuggestedTerms)[0].terms.size(), 26u);
  const auto code = [&](const Query& query, size_t most, const SearchOptions& options) {
    return CodeOf(snapshot_->Suggest(query, most, options).status());
  };
  EXPECT_EQ(code(Query::Text("a"), kMaxSuggestedTerms + 1, {}), ErrorCode::kResourceExhausted);
  EXPECT_EQ(code(Query::Text(std::string(kMaxQueryBytes + 1, 'a')), 3, {}),
            ErrorCode::kResourceExhausted);
  std::atomic<bool> cancel = true;
  EXPECT_EQ(code(Query::Text("word0"), 3, {.cancel = &cancel}), ErrorCode::kCancelled);
  EXPECT_EQ(code(Query::Text("word0"), 3, {.deadline = std::chrono::steady_clock::now()}),
            ErrorCode::kDeadlineExceeded);
}

// ---- Random words beside the plain way ----

// What a word is looked up as, by the analyzers themselves.
std::vector<std::string> TermsOf(std::string_view field, std::string_view word) {
  if (field == "genre") return {std::string(word)};
  const auto analyzer = *AnalyzerRegistry::BuiltIn().Get(field == "body" ? "english" : "standard");
  std::vector<std::string> terms;
  const std::vector<AnalyzedToken> tokens = *analyzer->Analyze(word);
  for (const AnalyzedToken& token : tokens) terms.push_back(token.term);
  return terms;
}

// The plain way: nothing if some field has the word, or none could.
std::vector<Suggestion> Plain(const Snapshot& snapshot, const std::vector<std::string>& fields,
                              std::string_view word, size_t limit) {
  using FieldTerms = std::vector<std::pair<std::string, uint64_t>>;
  std::vector<std::pair<std::string, std::string>> asked;  // field, term
  std::vector<FieldTerms> dictionaries;
  for (const std::string& field : fields) {
    const FieldTerms terms = *snapshot.Terms(field, "", 1'000'000);
    for (const std::string& term : TermsOf(field, word)) {
      for (const auto& [known, doc_freq] : terms) {
        if (known == term) return {};
      }
      asked.emplace_back(field, term);
      dictionaries.push_back(terms);
    }
  }
  if (asked.empty()) return {};
  std::vector<SuggestedTerm> near;
  for (uint32_t edits = 1; edits <= 2 && near.empty(); ++edits) {
    for (size_t i = 0; i < asked.size(); ++i) {
      const auto& [field, term] = asked[i];
      const size_t characters = NaiveCharacters(term).size();
      if (edits > (characters < 3 ? 0u : characters < 6 ? 1u : 2u)) continue;
      for (const auto& [known, doc_freq] : dictionaries[i]) {
        if (NaiveFuzzy(term, known, edits, 0) != edits) continue;
        const std::vector<std::string> found = TermsOf(field, known);
        if (std::find(found.begin(), found.end(), known) == found.end()) continue;
        const auto same = std::find_if(
            near.begin(), near.end(),
            [&name = known](const SuggestedTerm& other) { return other.term == name; });
        if (same != near.end()) {
          same->doc_freq = std::max(same->doc_freq, doc_freq);
        } else {
          near.push_back({known, edits, doc_freq});
        }
      }
    }
  }
  std::sort(near.begin(), near.end(), [](const SuggestedTerm& a, const SuggestedTerm& b) {
    return std::pair(b.doc_freq, a.term) < std::pair(a.doc_freq, b.term);
  });
  if (near.size() > limit) near.resize(limit);
  return {{0, 0, std::string(word), near}};
}

std::string RandomWord(SeededRandom* random) {
  static constexpr std::string_view kLetters[] = {"a", "b",   "c", "ö",
                                                  "s", "ing", "A", "\xe6\x97\xa5"};
  std::string word;
  for (uint64_t letters = random->Between(1, 8); letters > 0; --letters) {
    // Mostly of three, so that words are near each other.
    word += kLetters[random->OneIn(4) ? random->Below(std::size(kLetters)) : random->Below(3)];
  }
  return word;
}

TEST_F(SuggestTest, AgreesWithThePlainWayOnRandomWords) {
  SeededRandom random(71);
  size_t with_terms = 0, far = 0, words = 0;
  for (int segment = 0; segment < 4; ++segment) {
    for (int i = 0; i < 40; ++i) {
      std::string title, body;
      for (uint64_t n = random.Below(6); n > 0; --n) title += RandomWord(&random) + " ";
      for (uint64_t n = random.Below(6); n > 0; --n) body += RandomWord(&random) + " ";
      Add(title, body, RandomWord(&random));
    }
    Commit();
    for (int i = 0; i < 250; ++i) {
      const std::string word = RandomWord(&random);
      const size_t limit = random.Between(1, 5);
      const std::pair<Query, std::vector<std::string>> kinds[] = {
          {Query::Text(word), {"title", "body"}},
          {Query::Match("body", word), {"body"}},
          {Query::Match("genre", word), {"genre"}},
          {Query::Combined({{"title", 1}, {"body", 2}}, word), {"title", "body"}},
          {Query::MatchPhrase("title", Cat(" ", word, "  ")), {"title"}}};
      const auto& [query, fields] = kinds[random.Below(std::size(kinds))];
      const std::vector<Suggestion> got = Suggest(query, limit);
      ASSERT_EQ(got, Plain(*snapshot_, fields, word, limit)) << query.ToString();
      if (got.empty()) continue;
      ++words;
      with_terms += !got[0].terms.empty();
      for (const SuggestedTerm& term : got[0].terms) {
        far += term.edits == 2;
        const Query again =
            fields.size() == 1 ? Query::Match(fields[0], term.term) : Query::Text(term.term);
        EXPECT_FALSE(snapshot_->Search(again)->hits.empty()) << term.term;
      }
    }
  }
  EXPECT_GT(words, 100u);
  EXPECT_GT(with_terms, 50u);
  EXPECT_GT(far, 20u);
}

}  // namespace
}  // namespace segue
