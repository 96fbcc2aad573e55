// SPDX-License-Identifier: Apache-2.0
//
// The grammar of the `standard` tokenizer as an automaton over characters. What it accepts is
// written in engine/text/tools/make_word_tables.py.
#ifndef SEGUE_TEXT_WORD_AUTOMATON_H_
#define SEGUE_TEXT_WORD_AUTOMATON_H_

#include <cstddef>
#include <cstdint>

#include "segue/analysis.h"

namespace segue {

struct WordMatch {
  size_t bytes = 0;  // of the longest token at this place; 0: none starts here
  TokenType type = TokenType::kAlphanum;
};

// The longest token that starts at `p` and has at most `max_utf16_units`. What lies behind those
// units is not looked at. Malformed UTF-8 is in no token. REQUIRES: p < end. O(max_utf16_units).
WordMatch MatchWord(const uint8_t* p, const uint8_t* end, size_t max_utf16_units);

}  // namespace segue

#endif  // SEGUE_TEXT_WORD_AUTOMATON_H_
