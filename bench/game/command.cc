// SPDX-License-Identifier: Apache-2.0
#include "bench/game/command.h"

#include <charconv>

#include "engine/base/status.h"
#include "engine/base/strings.h"

namespace segue::game {
namespace {

// The k of PREFIX<k>SUFFIX; false for any other text.
bool ParseK(std::string_view name, std::string_view prefix, std::string_view suffix, uint32_t* k) {
  if (!name.starts_with(prefix) || !name.ends_with(suffix)) return false;
  if (name.size() <= prefix.size() + suffix.size()) return false;
  name.remove_prefix(prefix.size());
  name.remove_suffix(suffix.size());
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), *k);
  return error == std::errc() && end == name.data() + name.size();
}

}  // namespace

absl::StatusOr<Command> ParseCommand(std::string_view name) {
  using Want = Command::Want;
  uint32_t k = 0;
  if (name == "COUNT") return Command{Want::kCount, 0};
  if (ParseK(name, "TOP_", "_COUNT", &k)) return Command{Want::kTopAndCount, k};
  if (ParseK(name, "TOP_", "", &k)) return Command{Want::kTop, k};
  if (ParseK(name, "HITS_", "", &k)) return Command{Want::kHits, k};
  return Error(ErrorCode::kInvalidArgument,
               Cat("unknown command ", Quoted(name),
                   "; the commands are COUNT, TOP_<k>, TOP_<k>_COUNT and HITS_<k>, as in TOP_10"));
}

}  // namespace segue::game
