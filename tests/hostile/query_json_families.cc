// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <initializer_list>

#include "engine/base/strings.h"
#include "tests/hostile/query_families.h"

namespace segue {
namespace {

constexpr char kLeaf[] = R"({"kind":"term","field":"body","term":"a"})";

// Around the limits, and far beyond.
size_t Around(uint64_t number, std::initializer_list<size_t> of) {
  const std::vector<size_t> sizes(of);
  return sizes[number % sizes.size()];
}

std::string Bare(SeededRandom& random, uint64_t number) {
  const size_t depth = Around(number, {1, 100, 159, 160, 161, 1000, 100000, 1000000});
  const std::string open = Pick(random, {"[", "{\"a\":", "[[],", "{\"kind\":\"boost\",\"query\":"});
  return Repeat(open, depth) + (random.OneIn(2) ? Repeat(open == "[" ? "]" : "}", depth) : "");
}

std::string NestedBooleans(SeededRandom& random, uint64_t number) {
  const size_t depth = Around(number, {10, 62, 63, 64, 65, 80, 128, 5000, 60000});
  const std::string occur = Pick(random, {"must", "should", "must_not", "filter"});
  const std::string open = Cat(R"({"kind":"boolean","clauses":[{"occur":")", occur, "\",",
                               R"("kind":"term","field":"body","term":"a"},)", R"({"occur":")",
                               occur, R"(","kind":"boolean","clauses":[)");
  return Repeat(open, depth) + Repeat("]}]}", depth);
}

std::string NestedBoosts(SeededRandom& random, uint64_t number) {
  const size_t depth = Around(number, {10, 62, 63, 64, 65, 128, 5000});
  const std::string open = Pick(random, {R"({"kind":"boost","boost":3e38,"query":)",
                                         R"({"kind":"constant_score","score":1,"query":)",
                                         R"({"kind":"disjunction_max","tie":1,"queries":[)"});
  const std::string close = open.back() == '[' ? "]}" : "}";
  return Repeat(open, depth) + kLeaf + Repeat(close, depth);
}

std::string Functions(SeededRandom& random, uint64_t number) {
  const size_t depth = Around(number, {1, 30, 62, 63, 64, 3000});
  std::string open, close;
  for (size_t i = 0; i < depth; ++i) {
    const std::string function = Pick(random, {"value", "log1p", "gauss", "reciprocal", "linear"});
    const std::string big = Pick(random, {"1", "1e308", "1e-308", "0.5", "1e999"});
    open +=
        Cat(R"({"kind":"function_score","function":")", function, R"(","field":"n","origin":3,)",
            "\"factor\":", big, ",\"weight\":", big, ",\"query\":");
    close += "}";
  }
  return open + kLeaf + close;
}

std::string Wide(SeededRandom& random, uint64_t number) {
  const size_t clauses = Around(number, {10, 500, 1023, 1024, 1025, 20000});
  const std::string leaf =
      Pick(random, {kLeaf, R"({"kind":"match","text":"common a b c"})",
                    R"({"kind":"prefix","field":"body","prefix":"a"})",
                    R"({"kind":"phrase","field":"body","terms":["same","same"]})",
                    R"({"kind":"match_all"})"});
  std::string json = R"({"kind":"disjunction_max","queries":[)";
  for (size_t i = 0; i < clauses; ++i) json += Cat(i == 0 ? "" : ",", leaf);
  return json + "]}";
}

std::string Numbers(SeededRandom& random, uint64_t) {
  const std::string number =
      Pick(random,
           {"1e999", "-1e999", "-0", "NaN", "Infinity", "99999999999999999999", "1e-999", "0x1",
            "1.", ".5", "-", "01", "1e", "9223372036854775808", "-9223372036854775809", "1e400"});
  return Pick(random, {Cat(R"({"kind":"equals","field":"n","value":)", number, "}"),
                       Cat(R"({"kind":"equals","field":"x","value":)", number, "}"),
                       Cat(R"({"kind":"boost","query":{"kind":"match_all"},"boost":)", number, "}"),
                       Cat(R"({"kind":"fuzzy","field":"body","term":"ab","edits":)", number, "}"),
                       Cat(R"({"kind":"boolean","clauses":[],"min_should_match":)", number, "}")});
}

std::string Strings(SeededRandom& random, uint64_t number) {
  const size_t bytes = Around(number, {10, 32767, 32768, 65536, 65537, 3000000});
  const std::string piece =
      Pick(random, {"a", "\\u0000", "\\ud800", "\\udc00\\ud800", "\\ud83d\\ude00", "\xff", "\\x",
                    "\\\\", "\xe4\xb8\xad", "\n"});
  const std::string text = Repeat(piece, bytes / piece.size() + 1);
  return Pick(random, {Cat(R"({"kind":"term","field":"body","term":")", text, "\"}"),
                       Cat(R"({"kind":"match","field":"body","text":")", text, "\"}"),
                       Cat(R"({"kind":"fuzzy","field":"body","term":")", text, "\"}"),
                       Cat(R"({"kind":"match","field":")", text, R"(","text":"a"})")});
}

std::string Duplicates(SeededRandom& random, uint64_t number) {
  const size_t count = Around(number, {2, 100, 50000});
  std::string json = R"({"kind":"term")";
  for (size_t i = 0; i < count; ++i) {
    json += Pick(random, {R"(,"kind":"term")", R"(,"term":"a")", R"(,"field":"body")"});
  }
  return json + "}";
}

// Messages name the nearest known member: a long one must not cost the product of lengths.
std::string UnknownMembers(SeededRandom& random, uint64_t number) {
  const std::string name = Repeat(Pick(random, {"k", "kin", "clauses", "\\u0000"}),
                                  Around(number, {1, 100, 10000, 1000000}));
  return Pick(random, {Cat("{\"", name, "\":1}"), Cat(R"({"kind":")", name, "\"}"),
                       Cat(R"({"kind":"term",")", name, R"(":{}})")});
}

std::string Base64(SeededRandom& random, uint64_t number) {
  const std::string text = Repeat(Pick(random, {"/w==", "A", "====", "AAAA", "%%%%", "\xff"}),
                                  Around(number, {1, 9000}));
  return Pick(random, {Cat(R"({"kind":"term","field":"body","term_base64":")", text, "\"}"),
                       Cat(R"({"kind":"phrase","field":"body","terms_base64":[")", text, "\"]}"),
                       Cat(R"({"kind":"prefix","field_base64":")", text, R"(","prefix":"a"})")});
}

std::string Phrases(SeededRandom& random, uint64_t number) {
  const size_t words = Around(number, {1, 2, 255, 256, 257, 50000});
  std::string terms, positions;
  for (size_t i = 0; i < words; ++i) {
    terms += Cat(i == 0 ? "" : ",", Pick(random, {"\"same\"", "\"same\"", "\"other\"", "\"a\""}));
    positions += Cat(i == 0 ? "" : ",", Pick(random, {"0", "1", "4294967295", "2147483648", "7"}));
  }
  const std::string at = random.OneIn(2) ? Cat(",\"positions\":[", positions, "]") : "";
  return Cat(R"({"kind":"phrase","field":"body","terms":[)", terms, "]", at, "}");
}

std::string WrongTypes(SeededRandom& random, uint64_t) {
  const auto value = [&] {
    return Pick(random, {"null", "true", "[]", "{}", "1", "\"a\"", "[[[]]]", "1e9", "[1]", "-1"});
  };
  const std::string kind =
      Pick(random, {"term",     "match",    "phrase",         "match_phrase",    "equals",
                    "boolean",  "boost",    "constant_score", "disjunction_max", "prefix",
                    "wildcard", "regexp",   "fuzzy",          "term_range",      "function_score",
                    "demote",   "combined", "combined_terms", "geo_box",         "geo_distance"});
  std::string json = Cat(R"({"kind":")", kind, "\"");
  for (const char* member : {"field",
                             "term",
                             "text",
                             "terms",
                             "positions",
                             "value",
                             "clauses",
                             "query",
                             "boost",
                             "score",
                             "queries",
                             "tie",
                             "prefix",
                             "pattern",
                             "edits",
                             "from",
                             "to",
                             "include_from",
                             "min_should_match",
                             "function",
                             "factor",
                             "origin",
                             "missing",
                             "combine",
                             "negative",
                             "fields",
                             "south",
                             "west",
                             "north",
                             "east",
                             "lat",
                             "lon",
                             "meters"}) {
    if (random.OneIn(3)) json += Cat(",\"", member, "\":", value());
  }
  return json + "}";
}

// A sound query with some bytes changed.
std::string MutatedJson(SeededRandom& random, uint64_t) {
  const std::string json =
      R"({"kind":"boolean","clauses":[{"occur":"must","kind":"match","field":"body","text":"a b"},)"
      R"({"occur":"filter","kind":"equals","field":"n","value":7},{"occur":"should","kind":)"
      R"("boost","boost":2.5,"query":{"kind":"wildcard","field":"tag","pattern":"a*b?"}}]})";
  return Mutated(random, json);
}

}  // namespace

std::vector<TextFamily> QueryJsonFamilies() {
  return {
      {"JSON nesting", "recursion of a JSON reader", Bare},
      {"nested booleans", "recursion of the readers of queries", NestedBooleans},
      {"nested boosts", "factors that overflow, level by level", NestedBoosts},
      {"functions", "numbers that overflow, level by level", Functions},
      {"wide queries", "a list, an automaton, a phrase for each clause", Wide},
      {"JSON numbers", "what no type holds", Numbers},
      {"JSON strings", "lengths and escapes", Strings},
      {"duplicate members", "which one counts", Duplicates},
      {"unknown members", "a search for the nearest name in the square of its length",
       UnknownMembers},
      {"base64", "what does not decode", Base64},
      {"JSON phrases", "positions that are equal, far away, or too many", Phrases},
      {"wrong types", "members that are something else", WrongTypes},
      {"mutated JSON", "whatever nobody thought of", MutatedJson},
  };
}

}  // namespace segue
