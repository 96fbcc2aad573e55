// SPDX-License-Identifier: Apache-2.0
//
// TokenLog: the tokens of one field of the memory index in the order in which
// they came, as units of 16 bits. Nothing is kept per term until the flush
// inverts the log.
//
//   unit              what it says
//   below kTwoUnits   a token with the term of that number
//   below kControl    a token with the term (unit - kTwoUnits) << 16 | next unit
//   kChunkEnd         go on in the next chunk
//   kDocument         the next two units (low one first) are a document number;
//                     positions start anew
//   kSkip             the next two units are added to the position
//   kIncrement + n    the token that follows is n positions after the one before
//                     it, not 1
//
// Terms are numbered as they come, so that frequent ones have small numbers: of
// Wikipedia's articles, all in one log, 94 tokens of 100 take one unit.
//
// A document that fails half way is cut off again with Mark and TruncateTo.
// One thread at a time.
#ifndef SEGUE_WRITE_TOKEN_LOG_H_
#define SEGUE_WRITE_TOKEN_LOG_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "engine/base/types.h"
#include "engine/write/huge_array.h"

namespace segue {

class TokenLog {
 public:
  static constexpr uint32_t kMaxTerm = (uint32_t{1} << 28) - 1;
  static constexpr uint32_t kTwoUnits = 0xef00;
  static constexpr uint32_t kControl = kTwoUnits + (kMaxTerm >> 16) + 1;
  static constexpr uint32_t kChunkEnd = kControl;
  static constexpr uint32_t kDocument = kControl + 1;
  static constexpr uint32_t kSkip = kControl + 2;
  static constexpr uint32_t kIncrement = kControl + 16;
  static constexpr uint32_t kMaxIncrement = 0xffff - kIncrement;  // of a token by itself
  static constexpr size_t kMaxTokenUnits = 3;

  struct Mark {
    size_t chunks = 0;
    size_t used = 0;
    uint64_t tokens = 0;
  };

  void StartDocument(DocId doc) {
    MakeRoom(3);
    Put(kDocument);
    PutTwo(doc);
  }
  // Adds to the next token's increment.
  void Skip(uint32_t positions) {
    MakeRoom(3);
    Put(kSkip);
    PutTwo(positions);
  }
  // REQUIRES: term <= kMaxTerm, increment <= kMaxIncrement.
  void Add(uint32_t term, uint32_t increment) {
    uint16_t* const out = Reserve(1);
    Commit(WriteToken(term, increment, out), 1);
  }
  // Room for `tokens` more tokens in one piece, to be filled with WriteToken
  // from the returned pointer on and announced by Commit.
  // REQUIRES: tokens <= kMaxReserved.
  static constexpr size_t kMaxReserved = 2048;
  uint16_t* Reserve(size_t tokens) {
    MakeRoom(kMaxTokenUnits * tokens);
    return chunks_.back().data() + used_;
  }
  // Returns where the next token goes. Up to kMaxTokenUnits are written.
  static uint16_t* WriteToken(uint32_t term, uint32_t increment, uint16_t* out) {
    if (increment != 1) [[unlikely]]
      *out++ = static_cast<uint16_t>(kIncrement + increment);
    // Without a branch on the term, which nobody could predict.
    const bool one = term < kTwoUnits;
    out[0] = static_cast<uint16_t>(one ? term : kTwoUnits + (term >> 16));
    out[1] = static_cast<uint16_t>(term);
    return out + (one ? 1 : 2);
  }
  void Commit(const uint16_t* end, size_t tokens) {
    used_ = static_cast<size_t>(end - chunks_.back().data());
    tokens_ += tokens;
  }

  uint64_t tokens() const { return tokens_; }
  size_t memory_bytes() const { return memory_bytes_; }
  // Memory that `tokens` more tokens could take in addition, each after a skip.
  size_t BytesToAdd(size_t tokens) const {
    const size_t units = (kMaxTokenUnits + 3) * std::min(tokens, kMaxReserved);
    return used_ + units + 1 > size_ ? NextSize(units) * sizeof(uint16_t) : 0;
  }

  Mark mark() const { return {chunks_.size(), used_, tokens_}; }
  void TruncateTo(const Mark& mark);

  // The units, chunk by chunk; a chunk ends with kChunkEnd, and kSlackUnits more
  // may be read behind it. What belongs together is in one chunk.
  static constexpr size_t kSlackUnits = 32;
  size_t chunk_count() const { return chunks_.size(); }
  // Writes the last chunk's end; the log may still grow afterwards.
  void Seal();
  const uint16_t* chunk(size_t index) const { return chunks_[index].data(); }
  // The chunk in which the middle of the log lies. REQUIRES: the log is not empty.
  size_t MiddleChunk() const;

 private:
  static constexpr size_t kFirstChunkUnits = 512;
  static constexpr size_t kLastChunkUnits = kSystemMemoryFrom / sizeof(uint16_t) - kSlackUnits;

  void MakeRoom(size_t units) {
    // One unit is always left for kChunkEnd.
    if (used_ + units + 1 > size_) [[unlikely]]
      AddChunk(units);
  }
  void Put(uint32_t unit) { chunks_.back()[used_++] = static_cast<uint16_t>(unit); }
  void PutTwo(uint32_t value) {
    Put(value);
    Put(value >> 16);
  }
  // Small fields stay small: chunks double up to their final size.
  size_t NextSize(size_t units) const {
    const size_t next = std::clamp(2 * size_, kFirstChunkUnits, kLastChunkUnits);
    return std::max(next, units + 1);
  }
  void AddChunk(size_t units);

  std::vector<HugeArray<uint16_t>> chunks_;
  std::vector<size_t> sizes_;  // in units, of each chunk
  size_t used_ = 0;            // units of the last chunk
  size_t size_ = 0;            // its size
  uint64_t tokens_ = 0;
  size_t memory_bytes_ = 0;
};

}  // namespace segue

#endif  // SEGUE_WRITE_TOKEN_LOG_H_
