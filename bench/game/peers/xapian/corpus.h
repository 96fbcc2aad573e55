// SPDX-License-Identifier: Apache-2.0
//
// The documents of a game corpus, from standard input.
#ifndef SEGUE_BENCH_GAME_PEERS_XAPIAN_CORPUS_H_
#define SEGUE_BENCH_GAME_PEERS_XAPIAN_CORPUS_H_

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace xapian_game {

struct CorpusDocument {
  std::string_view id, text, filter;
};

// Calls `fn` for each line {"id":"…","text":"…","filter":"…"}; how many there were. The corpora
// hold no character that JSON would escape, so a value ends at the next quote; a backslash, or a
// line without id or text, throws std::runtime_error.
uint64_t ForEachDocument(const std::function<void(uint64_t line, const CorpusDocument&)>& fn);

// Calls `fn` for each piece between spaces.
void ForEachWord(std::string_view text, const std::function<void(std::string_view)>& fn);

}  // namespace xapian_game

#endif  // SEGUE_BENCH_GAME_PEERS_XAPIAN_CORPUS_H_
