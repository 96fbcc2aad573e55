// SPDX-License-Identifier: Apache-2.0
#include "tests/parity/differential_world.h"

#include <algorithm>
#include <utility>

#include "engine/base/strings.h"
#include "engine/io/memory_env.h"
#include "gtest/gtest.h"
#include "tests/support/shared_data.h"

namespace segue {
namespace {

constexpr size_t kTitleWords = 12;
constexpr size_t kBodyWords = 120;
constexpr size_t kFlatWords = 30;  // of further copies of the body

// As lucene/…/Fields.java and FieldSimilarity.java have it.
Schema DifferentialSchema() {
  Schema schema;
  const auto add = [&schema](const char* name, const FieldOptions& options) {
    EXPECT_TRUE(schema.AddField(name, options).ok());
  };
  add("id", {.type = FieldType::kKeyword});
  add("title", {.analyzer = "whitespace", .k1 = 0.9f, .b = 0.4f});
  add("body", {.analyzer = "whitespace"});
  add("flat_title", {.analyzer = "whitespace", .b = 0});
  add("flat_body", {.analyzer = "whitespace", .b = 0});
  add("tfidf_body", {.analyzer = "whitespace", .similarity = Similarity::kTfIdf});
  add("lm_body", {.analyzer = "whitespace", .similarity = Similarity::kLmDirichlet, .mu = 100});
  add("boolean_body", {.analyzer = "whitespace", .similarity = Similarity::kBoolean});
  add("n", {.type = FieldType::kInt64});
  add("d", {.type = FieldType::kFloat64, .multi = true});
  add("g", {.type = FieldType::kGeoPoint, .multi = true});
  add("tag", {.type = FieldType::kKeyword, .multi = true});
  EXPECT_TRUE(schema.SetKey("id").ok());
  EXPECT_TRUE(schema.SetDefaultFields({"title", "body"}).ok());
  return schema;
}

// The first `count` words of a text of words.
std::string_view FirstWords(std::string_view text, size_t count) {
  size_t end = 0;
  for (; count > 0 && end < text.size(); --count) {
    end = std::min(text.find(' ', end == 0 ? 0 : end + 1), text.size());
  }
  return text.substr(0, end);
}

Document IndexedDocument(size_t i, const DifferentialDocument& document) {
  Document indexed;
  indexed.Add("id", DifferentialKey(i));
  // A field without a word is left out: Lucene takes it for one that exists.
  const auto add_text = [&indexed](const char* field, std::string_view text) {
    if (!text.empty()) indexed.Add(field, text);
  };
  add_text("title", document.title);
  add_text("body", document.body);
  add_text("flat_title", document.title);
  for (const char* field : {"flat_body", "tfidf_body", "lm_body", "boolean_body"}) {
    add_text(field, FirstWords(document.body, kFlatWords));
  }
  if (document.integer.has_value()) indexed.Add("n", *document.integer);
  for (const double number : document.decimals) indexed.Add("d", Value(number));
  for (const GeoPoint& point : document.points) indexed.Add("g", point);
  for (const std::string& tag : document.tags) indexed.Add("tag", tag);
  return indexed;
}

bool IsWordCharacter(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

// Lower case; whatever is no ASCII letter or digit stands between words.
std::string WordsOf(std::string_view text, size_t max_words) {
  std::string words;
  bool in_word = false;
  size_t count = 0;
  for (const char raw : text) {
    const char c = raw >= 'A' && raw <= 'Z' ? static_cast<char>(raw - 'A' + 'a') : raw;
    if (!IsWordCharacter(c)) {
      in_word = false;
      continue;
    }
    if (!in_word && ++count > max_words) break;
    if (!in_word && !words.empty()) words += ' ';
    in_word = true;
    words += c;
  }
  return words;
}

// In a region, anywhere, near the poles, near the date line.
GeoPoint AnyPoint(SeededRandom& random) {
  const auto between = [&random](double low, double high) {
    return low + (high - low) * static_cast<double>(random.Below(1000001)) / 1000000;
  };
  const double side = random.OneIn(2) ? 1 : -1;
  switch (random.Below(6)) {
    case 0:
      return {.latitude = between(-90, 90), .longitude = between(-180, 180)};
    case 1:
      return {.latitude = side * between(89, 90), .longitude = between(-180, 180)};
    case 2:
      return {.latitude = between(-20, 20), .longitude = side * between(179, 180)};
    default:
      return {.latitude = between(47, 49), .longitude = between(10, 13)};
  }
}

// Numbers and keywords, which go with the documents' numbers a little, as years and kinds do.
void AddValues(SeededRandom& random, size_t i, DifferentialDocument* document) {
  if (!random.OneIn(5)) {
    document->integer = static_cast<int64_t>(random.Below(uint64_t{1} << random.Below(20)));
  }
  for (uint64_t values = random.OneIn(3) ? random.Below(4) : 1; values > 0; --values) {
    const auto near = static_cast<double>(i) / 64;
    document->decimals.push_back(near + static_cast<double>(random.Below(1000)) / 8 - 60);
  }
  for (uint64_t tags = random.Below(4); tags > 0; --tags) {
    document->tags.push_back(Cat("t", random.Below(uint64_t{1} << random.Between(1, 9))));
  }
}

// From random numbers of their own.
void AddPoints(std::vector<DifferentialDocument>* documents) {
  SeededRandom random(0x10d0);
  for (DifferentialDocument& document : *documents) {
    for (uint64_t points = random.OneIn(3) ? random.Below(4) : 1; points > 0; --points) {
      document.points.push_back(AnyPoint(random));
    }
  }
}

std::string MadeUpText(SeededRandom& random, uint64_t words) {
  std::string text;
  for (; words > 0; --words) {
    if (!text.empty()) text += ' ';
    if (random.OneIn(9)) {
      CatTo(&text, "x", random.Below(700));
      continue;
    }
    uint64_t rank = 0;
    while (rank < 30 && random.Below(100) < 84) ++rank;
    CatTo(&text, "w", rank);
  }
  return text;
}

}  // namespace

std::string DifferentialKey(size_t i) { return Cat("key", i); }

std::vector<std::string_view> PlainWords(std::string_view text) {
  std::vector<std::string_view> words;
  while (!text.empty()) {
    const size_t end = std::min(text.find(' '), text.size());
    words.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return words;
}

DifferentialWorld::DifferentialWorld(std::vector<DifferentialDocument> documents, uint32_t segments)
    : documents_(std::move(documents)), env_(NewMemoryEnv()) {
  const Schema schema = DifferentialSchema();
  absl::StatusOr<Index> index = Index::Create("world", schema, {.env = env_.get()});
  EXPECT_TRUE(index.ok()) << index.status();
  WriterOptions options;
  options.auto_merge = false;
  auto writer = index->OpenWriter(options);
  EXPECT_TRUE(writer.ok()) << writer.status();
  const size_t in_segment = documents_.size() / segments + 1;
  for (size_t i = 0; i < documents_.size(); ++i) {
    const Document document = IndexedDocument(i, documents_[i]);
    const absl::Status added = (*writer)->Add(document);
    EXPECT_TRUE(added.ok()) << added;
    CatTo(&lines_, document.ToJson(schema), "\n");
    if ((i + 1) % in_segment != 0) continue;
    EXPECT_TRUE((*writer)->Commit().ok());
    lines_ += "{\"commit\":true}\n";
  }
  EXPECT_TRUE((*writer)->Commit().ok());
  lines_ += "{\"commit\":true}\n";
  for (size_t i = 5; i < documents_.size(); i += 17) {
    EXPECT_TRUE((*writer)->Delete(DifferentialKey(i)).ok());
    CatTo(&lines_, "{\"delete\":\"", DifferentialKey(i), "\"}\n");
  }
  EXPECT_TRUE((*writer)->Commit().ok());
  auto snapshot = index->OpenSnapshot();
  EXPECT_TRUE(snapshot.ok()) << snapshot.status();
  snapshot_ = *std::move(snapshot);
}

std::vector<DifferentialDocument> MadeUpDocuments(SeededRandom& random, size_t count) {
  std::vector<DifferentialDocument> documents(count);
  for (size_t i = 0; i < count; ++i) {
    DifferentialDocument& document = documents[i];
    if (i > 0 && random.OneIn(3)) {
      document = documents[random.Below(i)];
      continue;
    }
    if (!random.OneIn(4)) document.title = MadeUpText(random, random.Between(1, 5));
    if (!random.OneIn(9)) document.body = MadeUpText(random, random.Between(1, 40));
    AddValues(random, i, &document);
  }
  AddPoints(&documents);
  return documents;
}

std::vector<DifferentialDocument> ArticleDocuments(SeededRandom& random, size_t count) {
  Schema schema;
  for (const char* field : {"id", "title", "text"}) {
    EXPECT_TRUE(schema.AddField(field, {.type = FieldType::kKeyword}).ok());
  }
  std::vector<DifferentialDocument> documents;
  ForEachLine(SharedDataDir() + "/simplewiki.jsonl.xz", [&](std::string_view line) {
    if (documents.size() == count) return;
    const absl::StatusOr<Document> article = Document::FromJson(line, schema);
    ASSERT_TRUE(article.ok()) << article.status();
    DifferentialDocument document;
    document.title = WordsOf(std::get<std::string>(*article->Find("title")), kTitleWords);
    document.body = WordsOf(std::get<std::string>(*article->Find("text")), kBodyWords);
    AddValues(random, documents.size(), &document);
    documents.push_back(std::move(document));
  });
  EXPECT_EQ(documents.size(), count);
  AddPoints(&documents);
  return documents;
}

}  // namespace segue
