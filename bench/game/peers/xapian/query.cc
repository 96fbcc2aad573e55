// SPDX-License-Identifier: Apache-2.0
#include "bench/game/peers/xapian/query.h"

#include <algorithm>
#include <stdexcept>
#include <string>
#include <vector>

#include "bench/game/peers/xapian/corpus.h"
#include "bench/game/peers/xapian/index.h"

namespace xapian_game {
namespace {

struct Clauses {
  std::vector<Xapian::Query> must, should, must_not;
};

Xapian::Query WordOrPhrase(std::string_view text) {
  std::vector<std::string> words;
  ForEachWord(text, [&](std::string_view word) { words.emplace_back(word); });
  if (words.size() == 1) return Xapian::Query(words[0]);
  return Xapian::Query(Xapian::Query::OP_PHRASE, words.begin(), words.end(),
                       static_cast<Xapian::termcount>(words.size()));
}

Clauses Split(std::string_view query) {
  Clauses clauses;
  while (!query.empty()) {
    const char sign = query.front();
    if (sign == '+' || sign == '-' || sign == ' ') query.remove_prefix(1);
    if (sign == ' ') continue;
    const bool quoted = !query.empty() && query.front() == '"';
    if (quoted) query.remove_prefix(1);
    const size_t end = std::min(query.find(quoted ? '"' : ' '), query.size());
    std::vector<Xapian::Query>& kind = sign == '+'   ? clauses.must
                                       : sign == '-' ? clauses.must_not
                                                     : clauses.should;
    kind.push_back(WordOrPhrase(query.substr(0, end)));
    query.remove_prefix(std::min(end + 1, query.size()));
  }
  return clauses;
}

Xapian::Query Join(Xapian::Query::op how, const std::vector<Xapian::Query>& queries) {
  return Xapian::Query(how, queries.begin(), queries.end());
}

}  // namespace

Xapian::Query MakeQuery(std::string_view query, std::string_view filter) {
  using Xapian::Query;
  const Clauses clauses = Split(query);
  const Query any = Join(Query::OP_OR, clauses.should);
  Query made = any;
  if (!clauses.must.empty()) {
    made = Join(Query::OP_AND, clauses.must);
    if (!clauses.should.empty()) made = Query(Query::OP_AND_MAYBE, made, any);
  }
  if (made.empty()) throw std::runtime_error("nothing to look for");
  if (!clauses.must_not.empty()) {
    made = Query(Query::OP_AND_NOT, made, Join(Query::OP_OR, clauses.must_not));
  }
  if (!filter.empty()) {
    made = Query(Query::OP_FILTER, made, Query(kFilterPrefix + std::string(filter)));
  }
  return made;
}

}  // namespace xapian_game
