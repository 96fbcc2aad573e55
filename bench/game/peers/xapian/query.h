// SPDX-License-Identifier: Apache-2.0
//
// A query of the game as Xapian would have it.
#ifndef SEGUE_BENCH_GAME_PEERS_XAPIAN_QUERY_H_
#define SEGUE_BENCH_GAME_PEERS_XAPIAN_QUERY_H_

#include <xapian.h>

#include <string_view>

namespace xapian_game {

// `+a +b`, `a b`, `"a b"`, `+a b`, `+a -b`, `+"a b" +c`; `filter` may be empty. Throws
// std::runtime_error if nothing is looked for.
Xapian::Query MakeQuery(std::string_view query, std::string_view filter);

}  // namespace xapian_game

#endif  // SEGUE_BENCH_GAME_PEERS_XAPIAN_QUERY_H_
