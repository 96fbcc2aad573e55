// SPDX-License-Identifier: Apache-2.0
//
// The steps follow Lucene's BooleanQuery.rewrite where they can be seen in score
// bits: what is flattened (never through a boost, which would save a rounding),
// how weights of equal clauses are summed (in double, cast once), and that equal
// clauses are merged first: an OR that is twice in an OR gets a boost and so stays.
#include "engine/query/boolean_rewriter.h"

#include <algorithm>
#include <map>
#include <string>
#include <tuple>
#include <utility>

#include "engine/query/query_node.h"

namespace segue {

namespace {

using Clauses = std::vector<QueryClause>;

size_t Count(const Clauses& clauses, Occur occur) {
  return static_cast<size_t>(std::count_if(clauses.begin(), clauses.end(),
                                           [&](const QueryClause& c) { return c.occur == occur; }));
}

bool Scores(Occur occur) { return occur == Occur::kMust || occur == Occur::kShould; }

bool Requires(Occur occur) { return occur == Occur::kMust || occur == Occur::kFilter; }

// Where scores do not count, neither do boosts.
void DropUselessScores(Clauses* clauses) {
  for (QueryClause& clause : *clauses) {
    while (!Scores(clause.occur) && OnlyScores(clause.query)) {
      clause.query = Query(clause.query.children()[0]);
    }
  }
}

// Resolves clauses that match nothing or everything. False if the whole boolean
// matches nothing.
bool ResolveTrivialClauses(Clauses* clauses) {
  size_t required = 0;
  for (const QueryClause& clause : *clauses) {
    QueryKind kind = clause.query.kind();
    if (Requires(clause.occur) && kind == QueryKind::kMatchNone) return false;
    if (clause.occur == Occur::kMustNot && kind == QueryKind::kMatchAll) {
      return false;
    }
    required += Requires(clause.occur) ? 1 : 0;
  }
  std::erase_if(*clauses, [&](const QueryClause& clause) {
    QueryKind kind = clause.query.kind();
    if (kind == QueryKind::kMatchNone) return true;
    // A filter on everything only matters as the last required clause, where
    // it says that optional clauses are optional.
    if (clause.occur == Occur::kFilter && kind == QueryKind::kMatchAll && required > 1) {
      --required;
      return true;
    }
    return false;
  });
  return true;
}

bool IsPureOr(const Query& query) {
  return query.kind() == QueryKind::kBoolean && query.min_should_match() <= 1 &&
         Count(query.clauses(), Occur::kShould) == query.clauses().size();
}

// Something is required and nothing optional.
bool IsPureAnd(const Query& query) {
  return query.kind() == QueryKind::kBoolean && query.min_should_match() == 0 &&
         Count(query.clauses(), Occur::kShould) == 0 &&
         std::any_of(query.clauses().begin(), query.clauses().end(),
                     [](const QueryClause& c) { return Requires(c.occur); });
}

bool IsFlattened(const QueryClause& clause, uint32_t min_should_match) {
  switch (clause.occur) {
    case Occur::kShould:
      return min_should_match <= 1 && IsPureOr(clause.query);
    case Occur::kMustNot:
      return IsPureOr(clause.query);
    case Occur::kMust:
    case Occur::kFilter:
      return IsPureAnd(clause.query);
  }
  return false;
}

bool CanFlatten(const Clauses& clauses, uint32_t min_should_match) {
  return std::any_of(clauses.begin(), clauses.end(), [&](const QueryClause& clause) {
    return IsFlattened(clause, min_should_match);
  });
}

// One level of what can be flattened. A pass over what came up may find more.
Clauses FlattenOnce(Clauses clauses, uint32_t min_should_match) {
  Clauses flat;
  flat.reserve(clauses.size());
  for (QueryClause& clause : clauses) {
    if (!IsFlattened(clause, min_should_match)) {
      flat.push_back(std::move(clause));
      continue;
    }
    for (const QueryClause& inner : clause.query.clauses()) {
      Occur occur = inner.occur;
      if (clause.occur == Occur::kMustNot) occur = Occur::kMustNot;
      if (clause.occur == Occur::kFilter && occur == Occur::kMust) {
        occur = Occur::kFilter;
      }
      flat.push_back({occur, inner.query});
    }
  }
  return flat;
}

// Whether each of `a` has one of `b` that is the same, and the other way round.
template <typename T>
bool SameInAnyOrder(const std::vector<T>& a, const std::vector<T>& b,
                    bool (*same)(const T&, const T&)) {
  if (a.size() != b.size()) return false;
  std::vector<bool> taken(b.size());
  for (const T& one : a) {
    size_t at = 0;
    while (at < b.size() && (taken[at] || !same(one, b[at]))) ++at;
    if (at == b.size()) return false;
    taken[at] = true;
  }
  return true;
}

bool SameClauses(const QueryClause& a, const QueryClause& b);

// Equal, whatever the order within booleans and maxima: what Lucene takes for equal.
bool SameQueries(const Query& a, const Query& b) {
  if (a.kind() != b.kind()) return false;
  switch (a.kind()) {
    case QueryKind::kBoolean:
      return a.min_should_match() == b.min_should_match() &&
             SameInAnyOrder(a.clauses(), b.clauses(), SameClauses);
    case QueryKind::kDisjunctionMax:
    case QueryKind::kBoost:
    case QueryKind::kConstantScore:
      return a.number() == b.number() && SameInAnyOrder(a.children(), b.children(), SameQueries);
    default:
      return a == b;
  }
}

bool SameClauses(const QueryClause& a, const QueryClause& b) {
  return a.occur == b.occur && SameQueries(a.query, b.query);
}

// Collects clauses; equal ones become one with the sum of the weights.
class ClauseMerger {
 public:
  explicit ClauseMerger(bool merge_should) : merge_should_(merge_should) {}

  // Comparing is faster for the few clauses that people write.
  static constexpr size_t kCompared = 16;

  void Add(QueryClause clause) {
    double weight = 1;
    while (clause.query.kind() == QueryKind::kBoost) {
      weight *= static_cast<double>(clause.query.number());
      clause.query = Query(clause.query.children()[0]);
    }
    if (clause.occur != Occur::kShould || merge_should_) {
      if (Merged* same = Find(clause)) {
        same->weight += weight;
        return;
      }
    }
    merged_.push_back({std::move(clause), weight});
  }

  Clauses Take() {
    Clauses clauses;
    clauses.reserve(merged_.size());
    for (Merged& merged : merged_) {
      if (Scores(merged.clause.occur)) {
        merged.clause.query =
            CanonicalBoost(std::move(merged.clause.query), static_cast<float>(merged.weight));
      }
      clauses.push_back(std::move(merged.clause));
    }
    return clauses;
  }

 private:
  struct Merged {
    QueryClause clause;  // without its boost
    double weight = 1;
  };

  // Trees, so that no choice of words makes this slow.
  using TermIndex = std::map<std::tuple<Occur, std::string_view, std::string_view>, size_t>;
  using OtherIndex = std::map<std::pair<Occur, std::string>, size_t>;

  static TermIndex::key_type TermKey(const QueryClause& clause) {
    return {clause.occur, clause.query.text(), clause.query.field()};
  }

  // The number of an equal clause; if there is none, `number` from now on.
  size_t Index(const QueryClause& clause, size_t number) {
    if (clause.query.kind() == QueryKind::kTerm) {
      return terms_.try_emplace(TermKey(clause), number).first->second;
    }
    return others_.try_emplace({clause.occur, clause.query.ToJson()}, number).first->second;
  }

  // An equal clause, or nullptr; then `clause` is added next.
  Merged* Find(const QueryClause& clause) {
    // Trees have no key, as their order does not count. Two words of a query are compared only for
    // the two clauses that they lie in where it parts them.
    const QueryKind kind = clause.query.kind();
    const bool is_tree = kind == QueryKind::kBoolean || kind == QueryKind::kDisjunctionMax ||
                         kind == QueryKind::kConstantScore;
    if (is_tree || merged_.size() < kCompared) {
      for (Merged& merged : merged_) {
        if (SameClauses(merged.clause, clause)) return &merged;
      }
      return nullptr;
    }
    for (; indexed_ < merged_.size(); ++indexed_) {
      Index(merged_[indexed_].clause, indexed_);
    }
    size_t number = Index(clause, merged_.size());
    if (number < merged_.size()) return &merged_[number];
    ++indexed_;
    return nullptr;
  }

  bool merge_should_;
  std::vector<Merged> merged_;
  // Of merged_[0 .. indexed_). Views are into queries, which stay in place.
  TermIndex terms_;
  OtherIndex others_;
  size_t indexed_ = 0;
};

void RequireAll(Clauses* clauses) {
  for (QueryClause& clause : *clauses) {
    if (clause.occur == Occur::kShould) clause.occur = Occur::kMust;
  }
}

// Few clauses without boosts, no two the same: the usual case, in which merging changes nothing.
bool AreFewAndDistinct(const Clauses& clauses) {
  if (clauses.size() > ClauseMerger::kCompared) return false;
  for (auto clause = clauses.begin(); clause != clauses.end(); ++clause) {
    if (clause->query.kind() == QueryKind::kBoost) return false;
    const auto is_same = [&](const QueryClause& before) { return SameClauses(before, *clause); };
    if (std::any_of(clauses.begin(), clause, is_same)) return false;
  }
  return true;
}

// Whether there is nothing to do: several distinct terms and phrases, at least one of them required
// or at least two optional. What people write is so.
bool IsCanonical(const Clauses& clauses) {
  size_t optional = 0, required = 0;
  for (const QueryClause& clause : clauses) {
    const QueryKind kind = clause.query.kind();
    if (kind != QueryKind::kTerm && kind != QueryKind::kPhrase) return false;
    optional += clause.occur == Occur::kShould;
    required += Requires(clause.occur);
  }
  const bool stays = required == 0 ? optional >= 2 : clauses.size() >= 2;
  return stays && AreFewAndDistinct(clauses);
}

Clauses MergeEqualClauses(Clauses clauses, uint32_t min_should_match) {
  if (AreFewAndDistinct(clauses)) return clauses;
  // With `at least n of these`, each copy counts.
  ClauseMerger merger(min_should_match <= 1);
  for (QueryClause& clause : clauses) merger.Add(std::move(clause));
  return merger.Take();
}

}  // namespace

bool OnlyScores(const Query& query) {
  const QueryKind kind = query.kind();
  return kind == QueryKind::kBoost || kind == QueryKind::kConstantScore ||
         kind == QueryKind::kFunctionScore || kind == QueryKind::kDemote;
}

Query CanonicalBoost(Query query, float boost) {
  if (query.kind() == QueryKind::kMatchNone) return query;
  if (query.kind() == QueryKind::kBoost) {
    boost = BoostProduct(boost, query.number());
    query = Query(query.children()[0]);
  }
  if (boost == 1.0f) return query;
  return Query::Boost(std::move(query), boost);
}

Query CanonicalBoolean(Clauses clauses, uint32_t min_should_match) {
  if (min_should_match == 0 && IsCanonical(clauses)) return Query::Boolean(std::move(clauses));
  DropUselessScores(&clauses);
  if (!ResolveTrivialClauses(&clauses)) return Query::None();
  size_t optional = Count(clauses, Occur::kShould);
  if (min_should_match > optional) return Query::None();
  if (min_should_match >= 2 && min_should_match == optional) {
    // Before equal clauses are merged: each copy counts.
    RequireAll(&clauses);
    min_should_match = 0;
  }
  while (true) {
    if (!ResolveTrivialClauses(&clauses)) return Query::None();
    clauses = MergeEqualClauses(std::move(clauses), min_should_match);
    // Equal clauses whose weights add up to 1 have no boost, and are flattened, too.
    if (!CanFlatten(clauses, min_should_match)) break;
    clauses = FlattenOnce(std::move(clauses), min_should_match);
    DropUselessScores(&clauses);
  }

  size_t prohibited = Count(clauses, Occur::kMustNot);
  if (prohibited == clauses.size()) return Query::None();
  optional = Count(clauses, Occur::kShould);
  bool has_required = optional + prohibited < clauses.size();
  if (!has_required) min_should_match = std::max(min_should_match, 1u);
  if (optional != 0 && min_should_match == optional) {
    // What must match now may be flattened and merged with the rest.
    if (clauses.size() == 1) return std::move(clauses[0].query);
    RequireAll(&clauses);
    return CanonicalBoolean(std::move(clauses), 0);
  }
  if (!has_required && min_should_match == 1) min_should_match = 0;
  if (clauses.size() == 1 && Scores(clauses[0].occur)) {
    return std::move(clauses[0].query);
  }
  return Query::Boolean(std::move(clauses), min_should_match);
}

}  // namespace segue
