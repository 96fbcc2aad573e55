// SPDX-License-Identifier: Apache-2.0
//
// The database that Xapian brings to the game: document number = line + 1, the id as the
// document's data, the words of the text with their positions, filter words as boolean terms under
// kFilterPrefix, which count for no length.
#ifndef SEGUE_BENCH_GAME_PEERS_XAPIAN_INDEX_H_
#define SEGUE_BENCH_GAME_PEERS_XAPIAN_INDEX_H_

#include <cstdint>
#include <string>

namespace xapian_game {

// No word of a corpus has capital letters.
inline constexpr char kFilterPrefix[] = "XFILTER";

// Indexes the corpus on standard input, compacts, then deletes each document whose line is a
// multiple of 100 / delete_percent (0: none). The number of documents. Throws on errors.
uint64_t BuildIndex(const std::string& folder, unsigned delete_percent);

}  // namespace xapian_game

#endif  // SEGUE_BENCH_GAME_PEERS_XAPIAN_INDEX_H_
