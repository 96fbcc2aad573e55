// SPDX-License-Identifier: Apache-2.0
//
// Ranges and sets of values, and areas, in segments that are large enough for an order by value:
// narrow and broad ones, alone and in every place of a boolean, before and after deletions and a
// merge.
#include <cstdint>
#include <limits>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "engine/base/check.h"
#include "gtest/gtest.h"
#include "tests/oracle/world.h"

namespace segue {
namespace {

constexpr size_t kDocs = 19000;
constexpr int kQueries = SEGUE_CHECKS_ON ? 3 : 30;
constexpr int64_t kMin = std::numeric_limits<int64_t>::min();
constexpr int64_t kMax = std::numeric_limits<int64_t>::max();

// "n" is anything in three magnitudes, or an extreme; "d" and "g" have one value, or up to three.
std::vector<OracleDocument> NumberedDocuments(SeededRandom& random, uint64_t most_decimals) {
  std::vector<OracleDocument> documents = RandomDocuments(random, kDocs);
  for (OracleDocument& doc : documents) {
    doc.numbers.erase("n");
    if (!random.OneIn(8)) {
      const int shift = random.OneIn(3) ? 0 : random.OneIn(2) ? 30 : 50;
      doc.numbers["n"] = static_cast<int64_t>(random.Next()) >> shift;
    }
    if (random.OneIn(500)) doc.numbers["n"] = random.OneIn(2) ? kMin : kMax;
    doc.decimals["d"].clear();
    for (uint64_t i = random.Between(1, most_decimals); i > 0; --i) {
      doc.decimals["d"].push_back(static_cast<double>(random.Below(200000)) / 8 - 10000);
    }
    if (random.OneIn(50)) doc.decimals["d"] = {random.OneIn(2) ? -0.0 : 0.0};
    doc.points["g"].clear();
    for (uint64_t i = random.Between(1, most_decimals); i > 0; --i) {
      doc.points["g"].push_back(RandomPoint(random));
    }
  }
  return documents;
}

// A value of some document in most cases, so that ends of ranges meet values.
Value ValueOf(SeededRandom& random, const Oracle& oracle, bool decimal) {
  const OracleDocument& doc = oracle.documents()[random.Below(oracle.documents().size())];
  if (decimal) return random.OneIn(20) ? 0.0 : doc.decimals.at("d")[0];
  const auto found = doc.numbers.find("n");
  if (random.OneIn(10) || found == doc.numbers.end()) return random.OneIn(2) ? kMin : kMax;
  return found->second;
}

Value SomewhatAbove(SeededRandom& random, const Value& value) {
  if (const auto* number = std::get_if<double>(&value)) {
    return *number + static_cast<double>(random.Below(uint64_t{1} << random.Below(16))) / 8;
  }
  const int64_t number = std::get<int64_t>(value);
  const uint64_t more = random.Next() >> random.Between(1, 60);
  return static_cast<uint64_t>(kMax) - static_cast<uint64_t>(number) < more
             ? kMax
             : static_cast<int64_t>(static_cast<uint64_t>(number) + more);
}

Query RangeQuery(SeededRandom& random, const Oracle& oracle) {
  if (random.OneIn(3)) return RandomArea(random);
  const bool decimal = random.OneIn(2);
  const std::string field = decimal ? "d" : "n";
  const auto value = [&] { return ValueOf(random, oracle, decimal); };
  if (random.OneIn(5)) {
    std::vector<Value> values;
    for (uint64_t i = random.Between(1, 40); i > 0; --i) values.push_back(value());
    return Query::In(field, std::move(values));
  }
  ValueBounds bounds;
  if (!random.OneIn(8)) bounds.from = value();
  if (!random.OneIn(8)) {
    bounds.to =
        bounds.from.has_value() && !random.OneIn(4) ? SomewhatAbove(random, *bounds.from) : value();
  }
  bounds.include_from = !random.OneIn(4);
  bounds.include_to = !random.OneIn(4);
  return Query::Range(field, std::move(bounds));
}

Query QueryWithRange(SeededRandom& random, const Oracle& oracle) {
  const auto range = [&] { return RangeQuery(random, oracle); };
  const Query word = Query::Term("a", "w" + std::to_string(random.Below(9)));
  const Query other = Query::Term("a", "w" + std::to_string(random.Below(5)));
  switch (random.Below(14)) {
    case 0:
      return Query::Boolean({{Occur::kMust, word}, {Occur::kFilter, range()}});
    case 1:
      return Query::And({word, range()});
    case 2:
      return Query::Boolean({{Occur::kMust, word}, {Occur::kMustNot, range()}});
    case 3:
      return Query::Or({word, range(), range()});
    case 4:
      return Query::Boolean({{Occur::kFilter, range()}, {Occur::kFilter, range()}});
    case 5:
      return Query::Boolean({{Occur::kMust, range()},
                             {Occur::kShould, word},
                             {Occur::kShould, Query::Term("b", "w2")},
                             {Occur::kMustNot, range()}},
                            1);
    case 6:
      return Query::Boolean({{Occur::kMust, word},
                             {Occur::kFilter, range()},
                             {Occur::kShould, other},
                             {Occur::kMustNot, Query::Term("b", "w2")}});
    case 7:
      return Query::Boolean({{Occur::kMust, Query::Phrase("a", {"w0", "w1"})},
                             {Occur::kMust, other},
                             {Occur::kFilter, range()}});
    case 8:
      return Query::Boolean({{Occur::kMust, Query::Or({word, other, Query::Term("b", "w1")})},
                             {Occur::kFilter, range()},
                             {Occur::kFilter, Query::Term("b", "w0")}});
    case 9:
      return Query::Boolean(
          {{Occur::kShould, word}, {Occur::kShould, other}, {Occur::kFilter, range()}});
    default:
      return range();
  }
}

void CheckQueries(const World& world, SeededRandom& random) {
  for (int i = 0; i < kQueries; ++i) {
    ASSERT_EQ(world.CompareAll(QueryWithRange(random, world.oracle())), "");
  }
}

void CheckWorld(uint64_t stream, uint64_t most_decimals) {
  SeededRandom random(stream);
  World world(NumberedDocuments(random, most_decimals), 2);
  CheckQueries(world, random);
  std::vector<size_t> few, many;
  for (size_t i = 0; i < kDocs; ++i) {
    if (random.OneIn(300)) {
      few.push_back(i);
    } else if (random.OneIn(3)) {
      many.push_back(i);
    }
  }
  world.Delete(few);
  CheckQueries(world, random);
  world.Delete(many);
  CheckQueries(world, random);
  world.Merge(random.OneIn(2) ? DocumentOrder::kAsAdded : DocumentOrder::kQuick);
  CheckQueries(world, random);
}

TEST(ValueWorldsTest, OneDecimalADocument) { CheckWorld(110, 1); }

TEST(ValueWorldsTest, SeveralDecimalsADocument) { CheckWorld(111, 3); }

}  // namespace
}  // namespace segue
