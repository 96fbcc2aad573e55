// SPDX-License-Identifier: Apache-2.0
//
// Documents and schemas for the tests of the writer.
#ifndef SEGUE_TESTS_WRITE_WRITE_TEST_UTIL_H_
#define SEGUE_TESTS_WRITE_WRITE_TEST_UTIL_H_

#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "engine/base/strings.h"
#include "engine/write/index_writer.h"
#include "segue/document.h"
#include "segue/schema.h"

namespace segue {

// From SEGUE_SEED, or fixed; printed, so that a failure can be replayed.
inline uint64_t TestSeed(uint64_t otherwise) {
  const char* text = std::getenv("SEGUE_SEED");
  const uint64_t seed = text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
  std::cout << "SEGUE_SEED=" << seed << "\n";
  return seed;
}

// Every type of field, joined and multi-valued ones included.
inline Schema FullSchema() {
  const char* json =
      R"({"key":"id","default":["text"],"fields":{
        "id":{"type":"keyword","stored":true},
        "text":{"type":"text","from":["title","body"],"join":"\n"},
        "title":{"type":"text","positions":false,"stored":true},
        "lines":{"type":"text","analyzer":"english","multi":true},
        "tags":{"type":"keyword","multi":true,"stored":true},
        "year":{"type":"int64","stored":true},
        "price":{"type":"float64"},
        "ratings":{"type":"int64","multi":true},
        "open":{"type":"bool","stored":true},
        "at":{"type":"timestamp"},
        "place":{"type":"geo_point","stored":true},
        "blob":{"type":"bytes","stored":true}}})";
  return *Schema::FromJson(json);
}

// Words of a small vocabulary, the first ones most frequent.
inline std::string RandomText(std::mt19937_64& random, size_t words, size_t vocabulary) {
  std::string text;
  for (size_t i = 0; i < words; ++i) {
    const double u = static_cast<double>(random() >> 11) * 0x1p-53;
    const auto word = static_cast<size_t>(static_cast<double>(vocabulary) * u * u * u);
    if (i > 0) text += random() % 9 == 0 ? ". " : " ";
    text += Cat("w", word);
    if (word % 7 == 3) text += "andsomelongersuffix";
  }
  return text;
}

inline Document RandomDocument(std::mt19937_64& random, std::string_view key) {
  Document document;
  document.Add("id", key);
  if (random() % 8 != 0) document.Add("title", RandomText(random, 3, 40));
  document.Add("body", RandomText(random, random() % 60, 400));
  for (uint64_t i = random() % 4; i > 0; --i) {
    document.Add("lines", RandomText(random, random() % 5, 30) + " the foxes");
  }
  for (uint64_t i = random() % 3; i > 0; --i) {
    document.Add("tags", Cat("tag", random() % 5));
  }
  if (random() % 2 == 0) {
    document.Add("year", static_cast<int64_t>(1900 + random() % 200));
  }
  if (random() % 2 == 0) {
    document.Add("price", static_cast<double>(random() % 1000) / 8);
  }
  for (uint64_t i = random() % 3; i > 0; --i) {
    document.Add("ratings", static_cast<int64_t>(random() % 6) - 3);
  }
  if (random() % 3 == 0) document.Add("open", Value(random() % 2 == 0));
  if (random() % 3 == 0) {
    document.Add("at", static_cast<int64_t>(random() % 1000000));
  }
  if (random() % 5 == 0) document.Add("blob", std::string("\0\xff b", 4));
  if (random() % 3 == 0) {
    document.Add("place", GeoPoint{static_cast<double>(random() % 180) - 90,
                                   static_cast<double>(random() % 3600) / 10 - 180});
  }
  document.Add("unknown", "is ignored");
  return document;
}

inline std::vector<Document> RandomDocuments(uint64_t seed, size_t count) {
  std::mt19937_64 random(seed);
  std::vector<Document> documents;
  for (size_t i = 0; i < count; ++i) {
    documents.push_back(RandomDocument(random, Cat("key", i)));
  }
  return documents;
}

inline std::unique_ptr<IndexWriter> OpenOrDie(Env* env, const std::string& dir,
                                              const IndexWriterOptions& options = {}) {
  auto writer = IndexWriter::Open(env, dir, options);
  if (!writer.ok()) {
    std::cerr << writer.status().ToString() << "\n";
    std::abort();
  }
  return *std::move(writer);
}

}  // namespace segue

#endif  // SEGUE_TESTS_WRITE_WRITE_TEST_UTIL_H_
