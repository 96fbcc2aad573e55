// SPDX-License-Identifier: Apache-2.0
//
// Lines of a comparison's corpus file:
//
//   {"id":"12#3","text":"only lower case letters digits and single spaces","filter":"half rare"}
//
// and, where numbers are wanted, with "number":"271828" behind that.
#ifndef SEGUE_CORPUS_GAME_LINE_H_
#define SEGUE_CORPUS_GAME_LINE_H_

#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>

#include "absl/status/status.h"

namespace segue {

// The filter words of a line, counted from 0: `half` for half of all lines, `twentieth` for 5 %,
// `rare` for 0.5 %, each by a hash of its own, so that they are independent of each other and of
// the text. One space between; may be empty. The view lives for ever.
std::string_view FilterWords(uint64_t line);

bool IsFilterWord(std::string_view word);

// The number of a line, below kGameNumbers and as likely one as another: by a hash that is
// independent of the filter words. So a range of a share of the numbers passes that share of lines.
inline constexpr uint64_t kGameNumbers = 1'000'000;
uint64_t GameNumber(uint64_t line);

// Writes a corpus. Lines are numbered as they come.
class GameLineWriter {
 public:
  // Writes to `out`, which must outlive this.
  explicit GameLineWriter(std::FILE* out, bool with_numbers = false)
      : out_(out), with_numbers_(with_numbers) {}

  // REQUIRES: IsGameText(text).
  absl::Status Put(std::string_view id, std::string_view text);
  // Writes what is still in the buffer.
  absl::Status Flush();

  uint64_t lines() const { return lines_; }

 private:
  std::FILE* const out_;
  const bool with_numbers_;
  std::string buffer_;
  uint64_t lines_ = 0;
};

// Writes all bytes, or kIo.
absl::Status WriteTo(std::FILE* out, std::string_view bytes);

}  // namespace segue

#endif  // SEGUE_CORPUS_GAME_LINE_H_
