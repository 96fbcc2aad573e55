// SPDX-License-Identifier: Apache-2.0
#include "bench/game/command.h"

#include <charconv>
#include <chrono>

#include "engine/base/status.h"
#include "engine/base/strings.h"
#include "segue/query_parser.h"

namespace segue::game {

absl::StatusOr<Command> ParseCommand(std::string_view name) {
  if (name == "COUNT") return Command{0, CountMode::kExact};
  if (name.starts_with("TOP_")) {
    Command command;
    const char* end = name.data() + name.size();
    const auto [rest, error] = std::from_chars(name.data() + 4, end, command.k);
    const std::string_view suffix(rest, static_cast<size_t>(end - rest));
    if (error == std::errc() && (suffix.empty() || suffix == "_COUNT")) {
      if (!suffix.empty()) command.count = CountMode::kExact;
      return command;
    }
  }
  return Error(ErrorCode::kInvalidArgument, Cat("unknown command \"", name,
                                                "\"; the commands are COUNT, TOP_<k> and "
                                                "TOP_<k>_COUNT, as in TOP_10"));
}

absl::StatusOr<Outcome> Run(const Snapshot& snapshot, const Command& command,
                            std::string_view query) {
  const auto begin = std::chrono::steady_clock::now();
  const ParsedQuery parsed = ParseQuery(query);
  SEGUE_ASSIGN_OR_RETURN(const SearchResult result,
                         snapshot.Search(parsed.query, {.k = command.k, .count = command.count}));
  const auto end = std::chrono::steady_clock::now();
  Outcome outcome;
  outcome.answer = result.total.has_value() ? result.total->value : result.hits.size();
  outcome.nanoseconds = static_cast<uint64_t>(
      std::chrono::duration_cast<std::chrono::nanoseconds>(end - begin).count());
  outcome.counters = result.counters;
  return outcome;
}

}  // namespace segue::game
