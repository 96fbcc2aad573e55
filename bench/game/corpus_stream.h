// SPDX-License-Identifier: Apache-2.0
//
// The documents of a game corpus, from standard input.
#ifndef SEGUE_BENCH_GAME_CORPUS_STREAM_H_
#define SEGUE_BENCH_GAME_CORPUS_STREAM_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "engine/base/json.h"

namespace segue::game {

// One line: {"id":"12#3","text":"words of a-z and 0-9","filter":"half rare","number":"271828"}.
struct CorpusDocument {
  std::string id;
  std::string text;
  std::string filter;  // words, or nothing
  std::string number;  // digits, or nothing
};

// The pieces between spaces, empty ones left out.
std::vector<std::string_view> Words(std::string_view text);

class CorpusStream {
 public:
  // False at the end. kInvalidArgument, with the number of the line, if it is no document.
  absl::StatusOr<bool> Next(CorpusDocument* document);

  uint64_t documents() const { return documents_; }

 private:
  std::string line_;
  JsonParser parser_;
  uint64_t documents_ = 0;
};

}  // namespace segue::game

#endif  // SEGUE_BENCH_GAME_CORPUS_STREAM_H_
