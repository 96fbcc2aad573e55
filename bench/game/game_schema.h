// SPDX-License-Identifier: Apache-2.0
//
// The documents of a game corpus as segue indexes them.
#ifndef SEGUE_BENCH_GAME_GAME_SCHEMA_H_
#define SEGUE_BENCH_GAME_GAME_SCHEMA_H_

#include "absl/status/statusor.h"
#include "bench/game/corpus_stream.h"
#include "segue/document.h"
#include "segue/schema.h"

namespace segue::game {

// The field `text` is scored (positions, BM25 with k1 = 1.2 and b = 0.75, split at spaces),
// `filter` holds keywords, `id` is stored, packed by zstd; with a key `id` is that. With numbers
// there is `number`.
absl::StatusOr<Schema> GameSchema(bool with_key, bool with_numbers = false);

// Without the number.
void Fill(const CorpusDocument& from, Document* to);
// kInvalidArgument if there is none.
absl::Status AddNumber(const CorpusDocument& from, Document* to);

}  // namespace segue::game

#endif  // SEGUE_BENCH_GAME_GAME_SCHEMA_H_
