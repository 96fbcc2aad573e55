// SPDX-License-Identifier: Apache-2.0
//
// A place is live at a character if a match that has come to it takes this character and can go on
// from there to an end. Which places are live is found from the end of the text to its front. On
// the way forward a match then keeps only live places, and so is never longer than it can be: where
// none is left, the longest piece ends. No character is looked at again for the next piece.
//
// The way back is taken twice: once over all chunks, to know what is live at their ends, and once
// for each chunk that the way forward comes to. So no more than a chunk is held.
#include "engine/pattern/piece_finder.h"

#include <algorithm>

#include "engine/base/utf8.h"

namespace segue {
namespace {

bool IsTrail(char byte) { return (static_cast<uint8_t>(byte) & 0xc0) == 0x80; }

}  // namespace

// Moved back to the front of the character that lies across. A byte that three trailing ones stand
// before is in no character with them.
size_t PieceFinder::ChunkBegin(size_t chunk) const {
  const size_t wanted = std::min(chunk * chunk_bytes_, text_.size());
  if (wanted == 0 || wanted == text_.size()) return wanted;
  for (size_t back = 0; back <= 3 && back < wanted; ++back) {
    if (!IsTrail(text_[wanted - back])) return wanted - back;
  }
  return wanted;
}

void PieceFinder::Start(std::string_view text) {
  text_ = text;
  const size_t chunks = std::max<size_t>((text.size() + chunk_bytes_ - 1) / chunk_bytes_, 1);
  after_chunk_.assign(chunks, PlaceSet());
  for (size_t chunk = chunks - 1; chunk > 0; --chunk) {
    Load(chunk);
    after_chunk_[chunk - 1] = live_.front();
  }
  Load(0);
}

void PieceFinder::Load(size_t chunk) {
  chunk_ = chunk;
  next_ = 0;
  begins_.clear();
  classes_.clear();
  const auto* const bytes = reinterpret_cast<const uint8_t*>(text_.data());
  const size_t end = ChunkBegin(chunk + 1);
  for (size_t at = ChunkBegin(chunk); at < end;) {
    char32_t character = 0;
    begins_.push_back(static_cast<uint32_t>(at));
    at += DecodeUtf8(bytes + at, bytes + text_.size(), &character);
    classes_.push_back(static_cast<uint32_t>(program_->ClassOf(character)));
  }
  live_.resize(begins_.size() + 1);
  live_.back() = after_chunk_[chunk];
  for (size_t i = begins_.size(); i > 0; --i) {
    live_[i - 1] =
        (program_->last() | program_->Before(live_[i])) & program_->Taking(classes_[i - 1]);
  }
}

bool PieceFinder::Next(Piece* piece) {
  PlaceSet at;  // places that take the next character; none: no piece has begun
  while (true) {
    for (; next_ < begins_.size(); ++next_) {
      if (at.empty()) {
        at = program_->first() & live_[next_];
        piece->begin = begins_[next_];
        continue;
      }
      at = program_->After(at) & live_[next_];
      if (!at.empty()) continue;
      piece->end = begins_[next_];
      return true;
    }
    if (chunk_ + 1 == after_chunk_.size()) break;
    Load(chunk_ + 1);
  }
  piece->end = text_.size();
  return !at.empty();
}

}  // namespace segue
