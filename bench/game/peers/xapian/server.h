// SPDX-License-Identifier: Apache-2.0
//
// Answers COMMAND<TAB>query[<TAB>filter] lines.
#ifndef SEGUE_BENCH_GAME_PEERS_XAPIAN_SERVER_H_
#define SEGUE_BENCH_GAME_PEERS_XAPIAN_SERVER_H_

#include <string>

namespace xapian_game {

// Until the end of the input. Throws if the database cannot be opened; a request that fails is
// answered with ERROR<TAB>message.
void Serve(const std::string& folder);

}  // namespace xapian_game

#endif  // SEGUE_BENCH_GAME_PEERS_XAPIAN_SERVER_H_
