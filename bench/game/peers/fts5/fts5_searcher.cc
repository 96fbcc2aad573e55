// SPDX-License-Identifier: Apache-2.0
//
// ORDER BY rank is FTS5's own sort by bm25(). Ties come in any order there, so what is checked
// (HITS_k) is sorted by SQLite itself. The joined table is looked up by rowid for each match.
#include "bench/game/peers/fts5/fts5_searcher.h"

#include <chrono>

#include "bench/game/peers/fts5/fts5_index.h"
#include "bench/game/peers/fts5/fts5_query.h"
#include "engine/base/status.h"
#include "engine/base/strings.h"

namespace segue::game {

absl::Status Fts5Searcher::PreparePair(const std::string& before, const std::string& after,
                                       Pair* pair) {
  SEGUE_ASSIGN_OR_RETURN(pair->all,
                         database_.Prepare(Cat(before, " FROM docs WHERE docs MATCH ?1 ", after)));
  SEGUE_ASSIGN_OR_RETURN(
      pair->filtered,
      database_.Prepare(Cat(before, " FROM docs CROSS JOIN meta ON meta.line = docs.rowid ",
                            "WHERE docs MATCH ?1 AND (meta.filter & ?2) != 0 ", after)));
  return absl::OkStatus();
}

absl::StatusOr<Fts5Searcher> Fts5Searcher::Open(const std::string& folder) {
  SEGUE_ASSIGN_OR_RETURN(Database database, Database::Open(DatabaseFile(folder), false));
  SEGUE_RETURN_IF_ERROR(
      database.Execute("PRAGMA mmap_size = 17179869184; PRAGMA cache_size = -1000000;"));
  Fts5Searcher searcher(std::move(database));
  SEGUE_RETURN_IF_ERROR(searcher.PreparePair("SELECT count(*)", "", &searcher.count_));
  SEGUE_RETURN_IF_ERROR(
      searcher.PreparePair("SELECT docs.rowid, rank", "ORDER BY rank LIMIT ?3", &searcher.top_));
  SEGUE_RETURN_IF_ERROR(searcher.PreparePair(
      "SELECT docs.rowid, rank", "ORDER BY rank, docs.rowid LIMIT ?3", &searcher.hits_));
  return searcher;
}

absl::StatusOr<uint64_t> Fts5Searcher::Count(const std::string& expression, int64_t filter) {
  Statement& statement = filter == 0 ? count_.all : count_.filtered;
  statement.Bind(1, std::string_view(expression));
  if (filter != 0) statement.Bind(2, filter);
  const absl::StatusOr<bool> row = statement.Step();
  const auto count = static_cast<uint64_t>(row.ok() && *row ? statement.Integer(0) : 0);
  statement.Reset();
  if (!row.ok()) return row.status();
  return count;
}

absl::Status Fts5Searcher::Top(Pair* pair, const std::string& expression, int64_t filter,
                               uint32_t k, std::vector<ScoredLine>* hits) {
  Statement& statement = filter == 0 ? pair->all : pair->filtered;
  statement.Bind(1, std::string_view(expression));
  if (filter != 0) statement.Bind(2, filter);
  statement.Bind(3, int64_t{k});
  absl::StatusOr<bool> row = statement.Step();
  while (row.ok() && *row) {
    // rank is the negated score.
    hits->push_back({static_cast<uint64_t>(statement.Integer(0)), -statement.Real(1)});
    row = statement.Step();
  }
  statement.Reset();
  return row.status();
}

absl::StatusOr<std::optional<Answer>> Fts5Searcher::Run(const Request& request) {
  using Want = Command::Want;
  const Want want = request.command.want;
  const auto begin = std::chrono::steady_clock::now();
  SEGUE_ASSIGN_OR_RETURN(const Fts5Query query, TranslateQuery(request.query));
  if (want != Want::kCount && !query.ranks) return std::optional<Answer>();
  int64_t filter = 0;
  if (!request.filter.empty()) {
    SEGUE_ASSIGN_OR_RETURN(filter, FilterBit(request.filter));
  }
  Answer answer;
  if (want != Want::kCount) {
    Pair* pair = want == Want::kHits ? &hits_ : &top_;
    SEGUE_RETURN_IF_ERROR(Top(pair, query.expression, filter, request.command.k, &answer.hits));
    answer.number = answer.hits.size();
  }
  if (request.command.counts()) {
    SEGUE_ASSIGN_OR_RETURN(answer.number, Count(query.expression, filter));
  }
  const auto end = std::chrono::steady_clock::now();
  answer.nanoseconds = static_cast<uint64_t>(
      std::chrono::duration_cast<std::chrono::nanoseconds>(end - begin).count());
  return std::optional<Answer>(std::move(answer));
}

}  // namespace segue::game
