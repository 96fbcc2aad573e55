// SPDX-License-Identifier: Apache-2.0
#include "tests/oracle/world.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <map>
#include <set>
#include <utility>

#include "engine/base/strings.h"
#include "engine/io/memory_env.h"
#include "engine/query/rewrite.h"
#include "gtest/gtest.h"

namespace segue {
namespace {

std::string Join(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : " ") + word;
  return text;
}

std::string Describe(const std::vector<Hit>& hits, size_t around) {
  std::string text;
  for (size_t i = around < 3 ? 0 : around - 3; i < std::min(hits.size(), around + 3); ++i) {
    text += Cat("\n    ", i, ": doc ", hits[i].doc, " score ", static_cast<double>(hits[i].score),
                " bits ", Hex(std::bit_cast<uint32_t>(hits[i].score), 8));
  }
  return text;
}

// The words of RandomDocuments: w0 is in nearly every document, w11 in one of some thousands.
std::string WordOf(SeededRandom& random) {
  uint64_t rank = 0;
  while (rank < 11 && random.Below(100) < 62) ++rank;
  return Cat("w", rank);
}

std::vector<std::string> RandomWords(SeededRandom& random) {
  // Mostly short, sometimes long enough for the rounded lengths.
  const uint64_t length = random.OneIn(12)   ? 0
                          : random.OneIn(20) ? random.Between(40, 400)
                                             : random.Between(1, 12);
  std::vector<std::string> words;
  for (uint64_t i = 0; i < length; ++i) words.push_back(WordOf(random));
  return words;
}

std::string FieldOf(SeededRandom& random) { return random.OneIn(4) ? "b" : "a"; }

Query RandomLeaf(SeededRandom& random, bool across_fields) {
  if (random.OneIn(5)) return RandomPattern(random);
  if (random.OneIn(6)) return RandomValues(random);
  if (random.OneIn(6)) return random.OneIn(3) ? RandomRelated(random) : RandomNear(random);
  if (random.OneIn(6)) return across_fields ? RandomCombined(random) : RandomSynonyms(random);
  if (random.OneIn(12)) return RandomLike(random);
  switch (random.Below(16)) {
    case 0:
      return Query::All();
    case 1:
      return Query::None();
    case 2:
      return Query::Equals("n", static_cast<int64_t>(random.Below(4)));
    case 3:
      return Query::Term(FieldOf(random), "absent");
    case 4:
    case 5:
    case 6: {
      std::vector<std::string> words;
      for (uint64_t i = random.Between(2, 4); i > 0; --i) words.push_back(WordOf(random));
      return Query::Phrase(FieldOf(random), std::move(words));
    }
    default:
      return Query::Term(FieldOf(random), WordOf(random));
  }
}

Query RandomBoolean(SeededRandom& random, int depth, bool across_fields) {
  std::vector<QueryClause> clauses;
  const uint64_t shape = random.Below(4);  // only must, only should, both, anything
  uint32_t shoulds = 0;
  for (uint64_t i = random.OneIn(12) ? random.Between(5, 14) : random.Between(1, 4); i > 0; --i) {
    Occur occur = Occur::kMust;
    if (shape == 1) occur = Occur::kShould;
    if (shape == 2) occur = random.OneIn(2) ? Occur::kMust : Occur::kShould;
    if (shape == 3) occur = static_cast<Occur>(random.Below(4));
    shoulds += occur == Occur::kShould;
    clauses.push_back({occur, RandomQuery(random, depth - 1, across_fields)});
  }
  const uint32_t least = random.OneIn(4) ? static_cast<uint32_t>(random.Below(shoulds + 2)) : 0;
  return Query::Boolean(std::move(clauses), least);
}

// Whether a query asks for several fields as one, some of which `may_not`.
template <typename MayNot>
bool CombinesAny(const Query& query, MayNot&& may_not) {
  const std::vector<CombinedTerm>& terms = query.combined_terms();
  const bool is_one = query.kind() != QueryKind::kCombinedTerms ||
                      std::all_of(terms.begin(), terms.end(), [&](const CombinedTerm& term) {
                        return term.field == terms[0].field;
                      });
  const auto of_inner = [&](const Query& inner) { return CombinesAny(inner, may_not); };
  return (!is_one && std::any_of(terms.begin(), terms.end(), may_not)) ||
         std::any_of(query.children().begin(), query.children().end(), of_inner) ||
         std::any_of(query.clauses().begin(), query.clauses().end(),
                     [&](const QueryClause& clause) { return of_inner(clause.query); });
}

}  // namespace

Schema WorldSchema(const OracleSimilarity& a, const OracleSimilarity& b) {
  Schema schema;
  EXPECT_TRUE(schema.AddField("id", {.type = FieldType::kKeyword}).ok());
  for (const auto& [name, of] : {std::pair("a", &a), std::pair("b", &b)}) {
    EXPECT_TRUE(schema
                    .AddField(name, {.type = FieldType::kText,
                                     .analyzer = "whitespace",
                                     .similarity = of->similarity,
                                     .k1 = of->k1,
                                     .b = of->b,
                                     .delta = of->delta,
                                     .mu = of->mu})
                    .ok());
  }
  EXPECT_TRUE(schema.AddField("n", {.type = FieldType::kInt64}).ok());
  EXPECT_TRUE(schema.AddField("p", {.type = FieldType::kInt64}).ok());
  EXPECT_TRUE(schema.AddField("d", {.type = FieldType::kFloat64, .multi = true}).ok());
  EXPECT_TRUE(schema.AddField("g", {.type = FieldType::kGeoPoint, .multi = true}).ok());
  EXPECT_TRUE(schema.SetKey("id").ok());
  EXPECT_TRUE(schema.SetDefaultFields({"a", "b"}).ok());
  return schema;
}

Document IndexedDocument(std::string_view key, const OracleDocument& document) {
  Document indexed;
  indexed.Add("id", key);
  for (const auto& [field, words] : document.words) indexed.Add(field, Value(Join(words)));
  for (const auto& [field, number] : document.numbers) indexed.Add(field, Value(number));
  for (const auto& [field, decimals] : document.decimals) {
    for (const double decimal : decimals) indexed.Add(field, Value(decimal));
  }
  for (const auto& [field, points] : document.points) {
    for (const GeoPoint& point : points) indexed.Add(field, Value(point));
  }
  return indexed;
}

World::World(std::shared_ptr<const Snapshot> snapshot, std::vector<OracleDocument> documents)
    : snapshot_(std::move(snapshot)) {
  oracle_.documents() = std::move(documents);
  oracle_.CollectStatistics();
  TakeSimilarities(snapshot_->schema());
}

World::World(std::vector<OracleDocument> documents, uint32_t segments, const Schema& schema)
    : env_(NewMemoryEnv()) {
  TakeSimilarities(schema);
  absl::StatusOr<Index> index = Index::Create("world", schema, {.env = env_.get()});
  EXPECT_TRUE(index.ok()) << index.status();
  index_ = std::make_unique<Index>(*std::move(index));
  WriterOptions options;
  options.auto_merge = false;
  auto writer = index_->OpenWriter(options);
  EXPECT_TRUE(writer.ok()) << writer.status();
  const size_t in_run = (documents.size() + segments - 1) / std::max<size_t>(segments, 1);
  for (size_t i = 0; i < documents.size(); ++i) {
    if (documents[i].key.empty()) documents[i].key = Cat("key", i);
    keys_.push_back(documents[i].key);
    segment_of_.push_back(i / in_run);
    const absl::Status added = (*writer)->Add(IndexedDocument(keys_.back(), documents[i]));
    EXPECT_TRUE(added.ok()) << added;
    if ((i + 1) % in_run == 0 || i + 1 == documents.size()) {
      EXPECT_TRUE((*writer)->Commit().ok());
    }
  }
  oracle_.documents() = std::move(documents);
  Reopen();
}

World::~World() = default;

void World::TakeSimilarities(const Schema& schema) {
  for (const Field& field : schema.fields()) {
    const FieldOptions& options = field.options;
    oracle_.similarities[field.name] = {.similarity = options.similarity,
                                        .k1 = options.k1,
                                        .b = options.b,
                                        .delta = options.delta,
                                        .mu = options.mu};
  }
}

bool World::IsRefused(const Query& query) const {
  return CombinesAny(Rewritten(query), [this](const CombinedTerm& term) {
    return oracle_.similarities.at(term.field).similarity != Similarity::kBm25;
  });
}

void World::Reopen() {
  oracle_.CollectStatistics();
  auto snapshot = index_->OpenSnapshot();
  ASSERT_TRUE(snapshot.ok()) << snapshot.status();
  snapshot_ = *std::move(snapshot);
}

void World::Delete(const std::vector<size_t>& documents) {
  auto writer = index_->OpenWriter({.auto_merge = false});
  ASSERT_TRUE(writer.ok()) << writer.status();
  for (size_t doc : documents) {
    const absl::StatusOr<bool> deleted = (*writer)->Delete(keys_[doc]);
    ASSERT_TRUE(deleted.ok()) << deleted.status();
    EXPECT_EQ(*deleted, oracle_.documents()[doc].live);
    oracle_.documents()[doc].live = false;
  }
  ASSERT_TRUE((*writer)->Commit().ok());
  DropEmptySegments();
}

bool World::DeleteMatching(const Query& query) {
  std::vector<Diagnostic> diagnostics;
  const std::vector<Hit> matches = oracle_.Search(Rewritten(query, &diagnostics)).hits;
  if (matches.size() > snapshot_->live_doc_count() / 2) return false;
  auto writer = index_->OpenWriter({.auto_merge = false});
  EXPECT_TRUE(writer.ok()) << writer.status();
  const absl::StatusOr<uint64_t> deleted = (*writer)->DeleteByQuery(query);
  EXPECT_EQ(deleted.ok(), diagnostics.empty()) << deleted.status();
  if (!deleted.ok()) return false;
  EXPECT_EQ(*deleted, matches.size()) << query.ToJson();
  for (const Hit& hit : matches) oracle_.documents()[hit.doc].live = false;
  EXPECT_TRUE((*writer)->Commit().ok());
  DropEmptySegments();
  return true;
}

void World::DropEmptySegments() {
  std::set<size_t> living;
  for (size_t i = 0; i < keys_.size(); ++i) {
    if (oracle_.documents()[i].live) living.insert(segment_of_[i]);
  }
  KeepDocuments([&](size_t i) { return living.contains(segment_of_[i]); });
  Reopen();
}

// Drops the documents for which keep(number) is false, and renumbers the others.
template <typename Keep>
void World::KeepDocuments(Keep&& keep) {
  std::vector<OracleDocument>& documents = oracle_.documents();
  size_t kept = 0;
  for (size_t i = 0; i < documents.size(); ++i) {
    if (!keep(i)) continue;
    if (kept != i) {
      documents[kept] = std::move(documents[i]);
      keys_[kept] = std::move(keys_[i]);
      segment_of_[kept] = segment_of_[i];
    }
    ++kept;
  }
  documents.resize(kept);
  keys_.resize(kept);
  segment_of_.resize(kept);
}

// Puts the oracle's documents in the order of the index, which has the same ones.
void World::TakeOrderOfIndex() {
  std::map<std::string, size_t> place_of;
  for (size_t i = 0; i < keys_.size(); ++i) place_of[keys_[i]] = i;
  std::vector<OracleDocument> documents(keys_.size());
  std::vector<std::string> keys(keys_.size());
  for (size_t i = 0; i < keys_.size(); ++i) {
    const absl::StatusOr<std::string> key = snapshot_->Key(i);
    ASSERT_TRUE(key.ok()) << key.status();
    ASSERT_TRUE(place_of.contains(*key)) << *key;
    documents[i] = std::move(oracle_.documents()[place_of[*key]]);
    place_of.erase(*key);
    keys[i] = *key;
  }
  oracle_.documents() = std::move(documents);
  keys_ = std::move(keys);
}

void World::Merge(DocumentOrder order) {
  auto writer = index_->OpenWriter();
  ASSERT_TRUE(writer.ok()) << writer.status();
  const bool by_field = order == DocumentOrder::kAscending || order == DocumentOrder::kDescending;
  const auto merged =
      (*writer)->ForceMerge(1, {.order = order, .order_field = by_field ? "n" : ""});
  ASSERT_TRUE(merged.ok()) << merged.status();
  KeepDocuments([this](size_t i) { return oracle_.documents()[i].live; });
  segment_of_.assign(keys_.size(), 0);
  Reopen();
  if (order == DocumentOrder::kAsAdded) return;
  TakeOrderOfIndex();
  oracle_.CollectStatistics();
}

Query World::Rewritten(const Query& query) const {
  std::vector<Diagnostic> diagnostics;
  return Rewritten(query, &diagnostics);
}

Query World::Rewritten(const Query& query, std::vector<Diagnostic>* diagnostics) const {
  const Schema& schema = snapshot_->schema();
  auto analyzer = AnalyzerRegistry::BuiltIn().Get("whitespace");
  const RewriteContext context{
      .schema = &schema,
      .analyzer = [&](std::string_view) -> const Analyzer* { return analyzer->get(); }};
  absl::StatusOr<Query> rewritten = Rewrite(query, context, diagnostics);
  EXPECT_TRUE(rewritten.ok()) << rewritten.status();
  return rewritten.ok() ? *rewritten : Query::None();
}

std::string World::Compare(const Query& query, const SearchOptions& options) const {
  return CompareWith(oracle_.Search(Rewritten(query)), query, options);
}

std::string World::CompareWith(const OracleResult& expected, const Query& query,
                               const SearchOptions& options) const {
  const absl::StatusOr<SearchResult> found = snapshot_->Search(query, options);
  const std::string where = Cat(
      "\n  query ", query.ToJson(), "\n  k ", options.k, " count ", static_cast<int>(options.count),
      options.exhaustive ? " exhaustive" : "", " segments ", snapshot_->segments().size());
  if (!found.ok()) return Cat(found.status().ToString(), where);
  const size_t wanted = std::min<size_t>(options.k, expected.hits.size());
  for (size_t i = 0; i < std::max(wanted, found->hits.size()); ++i) {
    if (i < wanted && i < found->hits.size() && found->hits[i].doc == expected.hits[i].doc &&
        std::bit_cast<uint32_t>(found->hits[i].score) ==
            std::bit_cast<uint32_t>(expected.hits[i].score)) {
      continue;
    }
    return Cat("hit ", i, " of ", wanted, " differs", where,
               "\n  oracle:", Describe(expected.hits, i), "\n  found:", Describe(found->hits, i));
  }
  if ((options.count == CountMode::kNone) == found->total.has_value()) {
    return Cat("a total where none is wanted, or none where one is", where);
  }
  if (!found->total.has_value()) return {};
  const bool exact = found->total->relation == TotalRelation::kEqual;
  const bool right = exact ? found->total->value == expected.total()
                           : found->total->value <= expected.total() &&
                                 found->total->value > options.count_at_least &&
                                 options.count == CountMode::kAtLeast;
  if (right) return {};
  return Cat("total ", found->total->value, exact ? "" : "+", " of ", expected.total(), where);
}

std::string World::CompareAll(const Query& query) const {
  const OracleResult expected = oracle_.Search(Rewritten(query));
  SearchOptions options;
  for (const uint32_t k : {0u, 1u, 3u, 10u, 100u, 10000u}) {
    options.k = k;
    for (const CountMode mode : {CountMode::kNone, CountMode::kAtLeast, CountMode::kExact}) {
      options.count = mode;
      options.count_at_least = 7;
      if (std::string wrong = CompareWith(expected, query, options); !wrong.empty()) return wrong;
    }
  }
  options.exhaustive = true;
  if (std::string wrong = CompareWith(expected, query, options); !wrong.empty()) return wrong;
  const auto found = snapshot_->Search(query, {.k = 3});
  for (const Hit& hit : found->hits) {
    const auto why = snapshot_->Explain(query, hit.doc);
    if (!why.ok()) return why.status().ToString();
    if (!why->match || std::bit_cast<uint32_t>(why->value) != std::bit_cast<uint32_t>(hit.score)) {
      return Cat("explanation of doc ", hit.doc, " differs from its score\n", why->ToText(),
                 query.ToJson());
    }
  }
  return {};
}

std::vector<OracleDocument> RandomDocuments(SeededRandom& random, size_t count) {
  std::vector<OracleDocument> documents(count);
  for (OracleDocument& doc : documents) {
    doc.words["a"] = RandomWords(random);
    if (random.OneIn(2)) doc.words["b"] = RandomWords(random);
    if (!random.OneIn(3)) doc.numbers["n"] = static_cast<int64_t>(random.Below(4));
    // Mostly small, and more in some stretches than in others.
    const bool is_known = static_cast<size_t>(&doc - documents.data()) / 1500 % 2 == 0;
    if (is_known ? !random.OneIn(6) : random.OneIn(8)) {
      doc.numbers["p"] = static_cast<int64_t>(random.Below(uint64_t{1} << random.Below(24)));
    }
    // Mostly one value, near to those of the documents around.
    for (uint64_t i = random.OneIn(5) ? random.Below(4) : 1; i > 0; --i) {
      const auto near = static_cast<double>(&doc - documents.data()) / 100;
      doc.decimals["d"].push_back(near + static_cast<double>(random.Below(1000)) / 8 - 60);
    }
    for (uint64_t i = random.OneIn(5) ? random.Below(4) : 1; i > 0; --i) {
      doc.points["g"].push_back(RandomPoint(random));
    }
  }
  return documents;
}

GeoPoint RandomPoint(SeededRandom& random) {
  const auto between = [&random](double low, double high) {
    return low + (high - low) * static_cast<double>(random.Below(10001)) / 10000;
  };
  switch (random.Below(6)) {
    case 0:
      return {.latitude = between(-90, 90), .longitude = between(-180, 180)};
    case 1:
      return {.latitude = (random.OneIn(2) ? 1 : -1) * between(88, 90),
              .longitude = between(-180, 180)};
    case 2:
      return {.latitude = between(-20, 20),
              .longitude = (random.OneIn(2) ? 1 : -1) * between(179, 180)};
    default:
      return {.latitude = between(47, 49), .longitude = between(10, 13)};
  }
}

Query RandomArea(SeededRandom& random) {
  const GeoPoint a = RandomPoint(random), b = RandomPoint(random);
  if (random.OneIn(2)) {
    // Not just below half of the way around the earth, where a metre is nothing to a chord.
    const auto meters = static_cast<double>(random.Below(uint64_t{1} << random.Below(26)));
    return Query::GeoDistance("g", {.center = a, .meters = std::min(meters, 19e6) + 0.25});
  }
  if (random.OneIn(3)) {
    return Query::GeoBox("g", {.south = std::min(a.latitude, b.latitude),
                               .west = a.longitude,
                               .north = std::max(a.latitude, b.latitude),
                               .east = b.longitude});
  }
  const double size = std::ldexp(1.0, -static_cast<int>(random.Below(12)));
  const auto degree = [](double degrees, double most) { return std::clamp(degrees, -most, most); };
  return Query::GeoBox("g", {.south = degree(a.latitude - size, 90),
                             .west = degree(a.longitude - size, 180),
                             .north = degree(a.latitude + size, 90),
                             .east = degree(a.longitude + size, 180)});
}

Query RandomValues(SeededRandom& random) {
  if (random.OneIn(4)) return RandomArea(random);
  const auto number = [&random]() -> Value {
    if (random.OneIn(4)) return static_cast<double>(random.Below(40)) / 8 - 0.5;
    return static_cast<int64_t>(random.Below(6)) - 1;
  };
  const auto decimal = [&random]() -> Value {
    if (random.OneIn(4)) return static_cast<int64_t>(random.Below(120)) - 60;
    return static_cast<double>(random.Below(2000)) / 8 - 80;
  };
  const bool of_decimals = random.OneIn(2);
  const std::string field = of_decimals ? "d" : "n";
  switch (random.Below(6)) {
    case 0:
      return Query::Exists(random.OneIn(2)   ? field
                           : random.OneIn(2) ? "b"
                           : random.OneIn(2) ? "g"
                                             : "id");
    case 1: {
      std::vector<std::string> keys = {"none"};
      for (uint64_t i = random.Below(20); i > 0; --i)
        keys.push_back(Cat("key", random.Below(3000)));
      return Query::Ids(std::move(keys));
    }
    case 2: {
      std::vector<Value> values;
      for (uint64_t i = random.Below(30); i > 0; --i) {
        const Value value = of_decimals ? decimal() : number();
        if (of_decimals || std::holds_alternative<int64_t>(value)) values.push_back(value);
      }
      return Query::In(field, std::move(values));
    }
    case 3:
      return Query::In(FieldOf(random), {WordOf(random), WordOf(random), "absent"});
    default: {
      ValueBounds bounds;
      if (!random.OneIn(4)) bounds.from = of_decimals ? decimal() : number();
      if (!random.OneIn(4)) bounds.to = of_decimals ? decimal() : number();
      bounds.include_from = random.OneIn(2);
      bounds.include_to = random.OneIn(2);
      return Query::Range(field, std::move(bounds));
    }
  }
}

Query RandomCombined(SeededRandom& random) {
  const auto weight = [&random] {
    return random.OneIn(2) ? 1.0f : static_cast<float>(random.Between(1, 40)) / 8;
  };
  if (random.OneIn(3)) {
    std::vector<WeightedField> fields;
    if (!random.OneIn(4)) fields = {{"a", weight()}, {"b", weight()}};
    std::string text = WordOf(random);
    if (random.OneIn(2)) text += Cat(" ", WordOf(random));
    return Query::Combined(std::move(fields), text);
  }
  std::vector<CombinedTerm> terms;
  const bool same_word = random.OneIn(2);
  const std::string word = WordOf(random);
  for (uint64_t i = random.Between(1, 4); i > 0; --i) {
    terms.push_back({FieldOf(random), same_word ? word : WordOf(random), weight()});
  }
  if (random.OneIn(6)) terms.push_back({"a", "absent", 2});
  return Query::CombinedTerms(std::move(terms));
}

Query RandomSynonyms(SeededRandom& random) {
  const std::string field = FieldOf(random);
  std::vector<CombinedTerm> terms;
  for (uint64_t i = random.Between(1, 4); i > 0; --i) {
    terms.push_back({field, WordOf(random), static_cast<float>(random.Between(1, 16)) / 8});
  }
  return Query::CombinedTerms(std::move(terms));
}

Query RandomLike(SeededRandom& random) {
  LikeOptions options;
  options.max_terms = random.Between(1, 8);
  options.min_doc_freq = random.OneIn(2) ? random.Below(20) : 2;
  if (random.OneIn(3)) options.max_doc_freq = random.Below(2000);
  options.min_match_percent = random.OneIn(3) ? random.Below(101) : 30;
  std::string text;
  std::vector<CombinedTerm> terms;
  for (uint64_t i = random.Between(1, 20); i > 0; --i) {
    const std::string word = random.OneIn(9) ? Cat("x", random.Below(40)) : WordOf(random);
    CatTo(&text, word, " ");
    terms.push_back({FieldOf(random), word, static_cast<float>(random.Between(1, 9)) / 4});
  }
  if (random.OneIn(3)) return Query::LikeTerms(std::move(terms), options);
  options.min_term_freq = random.Between(0, 2);
  return Query::Like(random.OneIn(2) ? "" : FieldOf(random), text, options);
}

Query RandomFunction(SeededRandom& random, Query inner) {
  const auto one_of = [&random](std::initializer_list<double> numbers) {
    return numbers.begin()[random.Below(numbers.size())];
  };
  ScoreFunction function{.kind = static_cast<ScoreFunctionKind>(random.Below(8)), .field = {}};
  const bool of_decimals = random.OneIn(3);
  function.field = of_decimals ? "d" : random.OneIn(4) ? "n" : "p";
  function.combination = static_cast<ScoreCombination>(random.Below(5));
  function.weight = one_of({1, 0.25, 3, 0});
  function.bias = one_of({0, 0, 1, 0.1});
  const auto value = [&]() -> Value {
    if (of_decimals) return static_cast<double>(random.Below(2000)) / 8 - 80;
    return static_cast<int64_t>(random.Below(random.OneIn(2) ? 4 : 100000));
  };
  if (random.OneIn(3)) function.missing = value();
  if (IsDecay(function.kind)) {
    function.origin = value();
    function.scale = one_of({1, 10, 1000, 0.5});
    function.offset = one_of({0, 0, 2, 30});
    function.decay = one_of({0.5, 0.9, 0.01});
  } else {
    function.factor = one_of({1, 0.001, 8});
    function.pivot = one_of({1, 100, 0.5});
  }
  return Query::FunctionScore(std::move(inner), std::move(function));
}

Query RandomRelated(SeededRandom& random) {
  Query near[2];
  for (Query& side : near) {
    do {
      side = random.OneIn(4) ? Query::Term("", WordOf(random)) : RandomNear(random);
    } while (side.kind() != QueryKind::kNear && side.kind() != QueryKind::kTerm);
  }
  return Query::NearRelated(FieldOf(random), std::move(near[0]),
                            static_cast<NearRelation>(random.Below(4)), std::move(near[1]));
}

Query RandomNear(SeededRandom& random) {
  const std::string field = FieldOf(random);
  const auto slop = static_cast<uint32_t>(random.Below(7));
  const size_t count = random.Between(1, 4);
  if (random.OneIn(4)) {
    std::string text;
    for (size_t i = 0; i < count; ++i) text += Cat(WordOf(random), " ");
    return Query::MatchPhrase(field, text, slop);
  }
  NearOptions near{.order = static_cast<NearOrder>(random.Below(3)), .slop = slop};
  const bool has_gaps = near.order == NearOrder::kPhrase && random.OneIn(2);
  if (near.order == NearOrder::kAny && random.OneIn(2)) {
    near.at_least = static_cast<uint32_t>(random.Between(1, count));
  }
  std::vector<Query> parts;
  for (size_t i = 0; i < count; ++i) {
    const uint32_t before = near.positions.empty() ? 0 : near.positions.back();
    if (has_gaps) near.positions.push_back(before + static_cast<uint32_t>(random.Between(1, 2)));
    switch (random.Below(8)) {
      case 0:
        parts.push_back(Query::Prefix("", random.OneIn(2) ? "w1" : "w"));
        break;
      case 1:
        parts.push_back(Query::Fuzzy("", "w5", {.edits = 1}));
        break;
      case 2:
        parts.push_back(
            Query::Or({Query::Term("", WordOf(random)), Query::Match("", WordOf(random))}));
        break;
      case 3:
        if (!parts.empty()) {
          parts.push_back(Query(parts.front()));
          break;
        }
        [[fallthrough]];
      default:
        parts.push_back(Query::Term("", WordOf(random)));
    }
  }
  return Query::Near(field, std::move(parts), std::move(near));
}

Query RandomPattern(SeededRandom& random) {
  const std::string field = FieldOf(random);
  const auto one_of = [&random](std::initializer_list<const char*> texts) {
    return std::string(texts.begin()[random.Below(texts.size())]);
  };
  switch (random.Below(5)) {
    case 0:
      return Query::Prefix(field, one_of({"w", "w1", "w10", "", "x", "x1", "none"}));
    case 1:
      return Query::Wildcard(field, one_of({"w?", "*1", "w*0", "?1?", "x*7", "*", "x?2*"}));
    case 2:
      return Query::Regexp(field,
                           one_of({"w[0-4]", "w1.?", "(w|x)1*", "x.*", "w(2|[^1-7])", "y+"}));
    case 3:
      return Query::Fuzzy(field, one_of({"w1", "w10", "w111", "x123", "xw1", "1w1"}),
                          {.edits = static_cast<uint32_t>(random.Below(3)),
                           .prefix_length = static_cast<uint32_t>(random.Below(2))});
    default: {
      TermBounds bounds;
      if (!random.OneIn(4)) bounds.from = one_of({"w1", "w11", "w4", "x3", ""});
      if (!random.OneIn(4)) bounds.to = one_of({"w3", "w9", "x4", "w1", ""});
      bounds.include_from = random.OneIn(2);
      bounds.include_to = random.OneIn(2);
      return Query::TermRange(field, std::move(bounds));
    }
  }
}

std::vector<OracleDocument> MotleyDocuments(SeededRandom& random, size_t count) {
  std::vector<OracleDocument> documents = RandomDocuments(random, count);
  for (OracleDocument& doc : documents) {
    std::vector<std::string>& words = doc.words["a"];
    for (uint64_t i = random.Below(6); i > 0; --i) words.push_back(Cat("x", random.Below(4000)));
  }
  return documents;
}

Query RandomQuery(SeededRandom& random, int depth, bool across_fields) {
  const auto inner = [&] { return RandomQuery(random, depth - 1, across_fields); };
  if (depth <= 0) return RandomLeaf(random, across_fields);
  switch (random.Below(10)) {
    case 8:
      return RandomFunction(random, inner());
    case 9: {
      Query query = inner();
      const float factor = static_cast<float>(random.Below(9)) / 8;
      return Query::Demote(std::move(query), inner(), factor);
    }
    case 0:
      return Query::Boost(inner(), static_cast<float>(random.Below(40)) / 8);
    case 1:
      return Query::ConstantScore(inner(), static_cast<float>(random.Below(8)));
    case 2: {
      std::vector<Query> queries;
      for (uint64_t i = random.Between(1, 3); i > 0; --i) {
        queries.push_back(inner());
      }
      const float tie = random.OneIn(2) ? 0 : static_cast<float>(random.Below(11)) / 10;
      return Query::DisjunctionMax(std::move(queries), tie);
    }
    case 3:
      return RandomLeaf(random, across_fields);
    default:
      return RandomBoolean(random, depth, across_fields);
  }
}

}  // namespace segue
