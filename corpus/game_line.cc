// SPDX-License-Identifier: Apache-2.0
#include "corpus/game_line.h"

#include <algorithm>
#include <array>

#include "corpus/catalogue_words.h"
#include "engine/base/json.h"
#include "engine/base/status.h"
#include "engine/base/strings.h"

namespace segue {
namespace {

constexpr size_t kBufferBytes = size_t{1} << 20;

// True for 1 of n lines; `stream` makes the hashes independent.
bool OneLineIn(uint64_t n, uint64_t stream, uint64_t line) {
  return StableRandom(0, stream, line).OneIn(n);
}

void AppendJsonString(std::string_view text, std::string* out) {
  const bool plain = std::all_of(text.begin(), text.end(), [](char c) {
    return c >= ' ' && c <= '~' && c != '"' && c != '\\';
  });
  if (plain) {
    *out += '"';
    *out += text;
    *out += '"';
  } else {
    *out += JsonWriter().String(text).Take();
  }
}

}  // namespace

std::string_view FilterWords(uint64_t line) {
  static constexpr std::array<std::string_view, 8> kWords = {
      "",     "half",      "twentieth",      "half twentieth",
      "rare", "half rare", "twentieth rare", "half twentieth rare"};
  size_t set = 0;
  if (OneLineIn(2, 1, line)) set |= 1;
  if (OneLineIn(20, 2, line)) set |= 2;
  if (OneLineIn(200, 3, line)) set |= 4;
  return kWords[set];
}

bool IsFilterWord(std::string_view word) {
  return word == "half" || word == "twentieth" || word == "rare";
}

uint64_t GameNumber(uint64_t line) { return StableRandom(0, 4, line).Below(kGameNumbers); }

absl::Status GameLineWriter::Put(std::string_view id, std::string_view text) {
  buffer_ += "{\"id\":";
  AppendJsonString(id, &buffer_);
  buffer_ += ",\"text\":\"";
  buffer_ += text;
  buffer_ += "\",\"filter\":\"";
  buffer_ += FilterWords(lines_);
  buffer_ += '"';
  if (with_numbers_) CatTo(&buffer_, ",\"number\":\"", GameNumber(lines_), "\"");
  buffer_ += "}\n";
  ++lines_;
  return buffer_.size() < kBufferBytes ? absl::OkStatus() : Flush();
}

absl::Status GameLineWriter::Flush() {
  const absl::Status status = WriteTo(out_, buffer_);
  buffer_.clear();
  return status;
}

absl::Status WriteTo(std::FILE* out, std::string_view bytes) {
  if (std::fwrite(bytes.data(), 1, bytes.size(), out) == bytes.size()) return absl::OkStatus();
  return Error(ErrorCode::kIo, "cannot write the output");
}

}  // namespace segue
