// SPDX-License-Identifier: Apache-2.0
//
// Hostile queries, by what they are after. Each family draws as many as are asked for, larger ones
// for greater numbers.
#ifndef SEGUE_TESTS_HOSTILE_QUERY_FAMILIES_H_
#define SEGUE_TESTS_HOSTILE_QUERY_FAMILIES_H_

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "segue/query.h"
#include "tests/support/seeded_random.h"

namespace segue {

// Queries numbered 0 .. kQueriesInFamily - 1.
inline constexpr uint64_t kQueriesInFamily = 25;

// What people type, and JSON.
struct TextFamily {
  const char* name;
  const char* why;
  std::function<std::string(SeededRandom& random, uint64_t number)> draw;
};
std::vector<TextFamily> QueryTextFamilies();
std::vector<TextFamily> QueryJsonFamilies();

// Built by calls.
struct QueryFamily {
  const char* name;
  const char* why;
  std::function<Query(SeededRandom& random, uint64_t number)> draw;
};
std::vector<QueryFamily> BuiltQueryFamilies();

// `piece`, `count` times.
std::string Repeat(std::string_view piece, size_t count);
// Any bytes.
std::string DrawBytes(SeededRandom& random, size_t count);
// With a few bytes changed, or pieces of it put in.
std::string Mutated(SeededRandom& random, std::string text);
// One of them.
std::string Pick(SeededRandom& random, const std::vector<std::string>& of);

}  // namespace segue

#endif  // SEGUE_TESTS_HOSTILE_QUERY_FAMILIES_H_
