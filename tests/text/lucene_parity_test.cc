// SPDX-License-Identifier: Apache-2.0
//
// Over all of a large collection, the `standard` analyzer yields the statistics that Lucene's
// StandardAnalyzer (10.4, no stop words) yields; and the documents that hold all, or any, of a
// query's words are as many, for each reference query without a phrase.
#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "gtest/gtest.h"
#include "simdjson.h"
#include "tests/text/text_test_util.h"

namespace segue {
namespace {

struct ViewHash {
  using is_transparent = void;
  size_t operator()(std::string_view s) const { return std::hash<std::string_view>()(s); }
};

using DocumentSet = std::vector<bool>;

struct WordEntry {
  uint32_t last_doc = 0;             // 1 + its number
  DocumentSet* documents = nullptr;  // of words that some query asks for
};

using Vocabulary = std::unordered_map<std::string, WordEntry, ViewHash, std::equal_to<>>;

struct ReferenceQuery {
  std::string text;
  std::vector<std::string> must, should, must_not;
  size_t total = 0;
};

struct Reference {
  unsigned long docs = 0, sum_freqs = 0, sum_docs = 0;
  std::vector<ReferenceQuery> queries;
};

void ReadQuery(std::string_view line, Reference* reference) {
  const size_t tab = line.find('\t');
  ReferenceQuery query;
  query.text = line.substr(0, tab);
  query.total = std::stoul(std::string(line.substr(tab + 1)));
  if (query.text.find('"') != query.text.npos) return;
  std::string_view rest = query.text;
  while (!rest.empty()) {
    std::string_view word = rest.substr(0, rest.find(' '));
    rest.remove_prefix(std::min(rest.size(), word.size() + 1));
    std::vector<std::string>* clauses = &query.should;
    if (word.starts_with('+')) clauses = &query.must;
    if (word.starts_with('-')) clauses = &query.must_not;
    if (clauses != &query.should) word.remove_prefix(1);
    const std::vector<std::string> terms = Terms("standard", word);
    if (terms.size() != 1) return;  // the parser's business, not the analyzer's
    clauses->push_back(terms[0]);
  }
  reference->queries.push_back(std::move(query));
}

Reference ReadReference(const std::string& path) {
  Reference reference;
  ForEachLine(path, [&](std::string_view line) {
    if (line.starts_with("#")) {
      std::sscanf(std::string(line).c_str(),
                  "#\tdocs %lu docCount %*u sumTotalTermFreq %lu sumDocFreq %lu", &reference.docs,
                  &reference.sum_freqs, &reference.sum_docs);
    } else if (line.starts_with("Q\t")) {
      ReadQuery(line.substr(2), &reference);
    }
  });
  return reference;
}

size_t CountMatches(const ReferenceQuery& query, const Vocabulary& vocabulary, size_t docs) {
  const auto has = [&](const std::string& word, size_t doc) {
    return (*vocabulary.find(word)->second.documents)[doc];
  };
  size_t total = 0;
  for (size_t doc = 0; doc < docs; ++doc) {
    bool all = true, any = query.should.empty() || !query.must.empty();
    for (const std::string& word : query.must) all = all && has(word, doc);
    for (const std::string& word : query.should) any = any || has(word, doc);
    for (const std::string& word : query.must_not) all = all && !has(word, doc);
    total += all && any;
  }
  return total;
}

TEST(LuceneParityTest, StatisticsAndTotalsOfEnglishWikipedia) {
  const std::string corpus = SharedDataFile("enwiki.jsonl.xz");
  const std::string expected = SharedDataFile("reference/enwiki.lucene-10.4.tsv.xz");
  if (corpus.empty() || expected.empty()) GTEST_SKIP() << kNoSharedData;
  const Reference reference = ReadReference(expected);
  ASSERT_GT(reference.sum_freqs, 0u);
  ASSERT_GT(reference.queries.size(), 200u);

  Vocabulary vocabulary;
  vocabulary.reserve(2'000'000);
  std::vector<std::unique_ptr<DocumentSet>> sets;
  for (const ReferenceQuery& query : reference.queries) {
    for (const auto* words : {&query.must, &query.should, &query.must_not}) {
      for (const std::string& word : *words) {
        WordEntry& entry = vocabulary[word];
        if (entry.documents != nullptr) continue;
        sets.push_back(std::make_unique<DocumentSet>(reference.docs));
        entry.documents = sets.back().get();
      }
    }
  }

  const auto stream = MakeAnalyzer("standard")->NewStream();
  simdjson::dom::parser parser;
  uint32_t docs = 0;
  uint64_t sum_freqs = 0, sum_docs = 0;
  std::string text;
  ForEachLine(corpus, [&](std::string_view line) {
    ASSERT_LT(docs, reference.docs);
    simdjson::dom::element doc;
    ASSERT_EQ(parser.parse(line.data(), line.size()).get(doc), simdjson::SUCCESS);
    std::string_view title, body;
    ASSERT_EQ(doc["title"].get(title), simdjson::SUCCESS);
    ASSERT_EQ(doc["text"].get(body), simdjson::SUCCESS);
    text.assign(title).append("\n").append(body);
    ++docs;
    ASSERT_TRUE(stream->Start(text).ok());
    while (const TokenBatch* batch = stream->Next()) {
      sum_freqs += batch->size();
      for (size_t i = 0; i < batch->size(); ++i) {
        auto entry = vocabulary.find(batch->term(i));
        if (entry == vocabulary.end()) {
          entry = vocabulary.emplace(batch->term(i), WordEntry()).first;
        }
        if (entry->second.last_doc == docs) continue;
        entry->second.last_doc = docs;
        if (entry->second.documents != nullptr) (*entry->second.documents)[docs - 1] = true;
        ++sum_docs;
      }
    }
  });
  EXPECT_EQ(docs, reference.docs);
  EXPECT_EQ(sum_freqs, reference.sum_freqs);
  EXPECT_EQ(sum_docs, reference.sum_docs);
  for (const ReferenceQuery& query : reference.queries) {
    EXPECT_EQ(CountMatches(query, vocabulary, docs), query.total) << query.text;
  }
}

}  // namespace
}  // namespace segue
