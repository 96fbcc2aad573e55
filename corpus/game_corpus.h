// SPDX-License-Identifier: Apache-2.0
//
// Articles made into a comparison's corpus: one document an article, a passage or a sentence, in
// normalised text (corpus/game_text.h), one a line (corpus/game_line.h).
#ifndef SEGUE_CORPUS_GAME_CORPUS_H_
#define SEGUE_CORPUS_GAME_CORPUS_H_

#include <cstdint>
#include <cstdio>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "corpus/game_sentences.h"
#include "corpus/passages.h"

namespace segue {

enum class GameUnit {
  kArticle,   // title and text
  kPassage,   // of the text alone
  kSentence,  // of the text alone
};

struct GameCorpusOptions {
  GameUnit unit = GameUnit::kArticle;
  PassageOptions passages;
  SentenceOptions sentences;
  // All documents in an order drawn from this seed; without it, as they come. A shuffle keeps the
  // normalised text of all documents in memory.
  std::optional<uint64_t> shuffle_seed;
  uint64_t limit = UINT64_MAX;  // only the first documents (after the shuffle) are written
  bool with_numbers = false;    // each line has one, for queries of ranges
};

struct GameCorpusCounts {
  uint64_t documents = 0;    // written
  uint64_t words = 0;        // in them
  uint64_t empty = 0;        // documents without a word, left out
  uint64_t bad_records = 0;  // of the input, passed over
};

// Reads articles in any format of OpenRecords and writes the corpus. `id` is the article's `id` or
// `_id` (its number in its file if it has none), for passages and sentences with "#" and the number
// of the piece from 1. With several files their number from 1 and ':' stand before it, because
// ids of different files may be equal. `on_bad_record` hears of each record passed over.
absl::StatusOr<GameCorpusCounts> WriteGameCorpus(
    const std::vector<std::string>& inputs, const GameCorpusOptions& options, std::FILE* out,
    const std::function<void(const absl::Status&)>& on_bad_record);

}  // namespace segue

#endif  // SEGUE_CORPUS_GAME_CORPUS_H_
