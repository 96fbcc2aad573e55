// SPDX-License-Identifier: Apache-2.0
#include "bench/game/searcher.h"

#include <chrono>

#include "engine/base/status.h"
#include "segue/query_parser.h"

namespace segue::game {

absl::StatusOr<Searcher> Searcher::Open(const std::string& folder) {
  SEGUE_ASSIGN_OR_RETURN(const Index index, Index::Open(folder));
  SEGUE_ASSIGN_OR_RETURN(std::shared_ptr<const Snapshot> snapshot, index.OpenSnapshot());
  return Searcher(std::move(snapshot));
}

absl::StatusOr<Outcome> Searcher::Run(const Request& request) const {
  const auto begin = std::chrono::steady_clock::now();
  Query query = ParseQuery(request.query).query;
  if (!request.filter.empty()) {
    query = Query::Boolean({{Occur::kMust, std::move(query)},
                            {Occur::kFilter, Query::Term("filter", request.filter)}});
  }
  SearchOptions options;
  options.k = request.command.k;
  options.count = request.command.counts() ? CountMode::kExact : CountMode::kNone;
  Outcome outcome;
  SEGUE_ASSIGN_OR_RETURN(outcome.result, snapshot_->Search(query, options));
  const auto end = std::chrono::steady_clock::now();
  outcome.nanoseconds = static_cast<uint64_t>(
      std::chrono::duration_cast<std::chrono::nanoseconds>(end - begin).count());
  return outcome;
}

}  // namespace segue::game
