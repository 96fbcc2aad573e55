// SPDX-License-Identifier: Apache-2.0
//
// TokenLog: the tokens of one field of the memory index in the order in which
// they came, one 32-bit word each: term number (28 bits) and position increment
// (4 bits). Nothing is kept per term until the flush inverts the log.
//
// Words whose upper four bits are kControl say something else:
//   kDocument    the next word is a document number; positions start anew
//   kSkip        the next word is added to the position
//   kChunkEnd    go on in the next chunk
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
  static constexpr uint32_t kTermBits = 28;
  static constexpr uint32_t kTermMask = (1u << kTermBits) - 1;
  static constexpr uint32_t kControl = 15;
  static constexpr uint32_t kMaxIncrement = 14;  // of a token's own word
  static constexpr uint32_t kDocument = kControl << kTermBits | 1;
  static constexpr uint32_t kSkip = kControl << kTermBits | 2;
  static constexpr uint32_t kChunkEnd = kControl << kTermBits | 3;

  struct Mark {
    size_t chunks = 0;
    size_t used = 0;
    uint64_t tokens = 0;
  };

  void StartDocument(DocId doc) {
    MakeRoom(2);
    Put(kDocument);
    Put(doc);
  }
  // Adds to the next token's increment.
  void Skip(uint32_t positions) {
    MakeRoom(2);
    Put(kSkip);
    Put(positions);
  }
  // REQUIRES: term <= kTermMask, increment <= kMaxIncrement.
  void Add(uint32_t term, uint32_t increment) {
    MakeRoom(1);
    Put(increment << kTermBits | term);
    ++tokens_;
  }
  // Room for `words` more words (at most kMaxRoom) in one piece, to be filled
  // from the returned pointer on and announced by Commit.
  static constexpr size_t kMaxRoom = 4096;
  uint32_t* Reserve(size_t words) {
    MakeRoom(words);
    return chunks_.back().data() + used_;
  }
  void Commit(size_t words, size_t tokens) {
    used_ += words;
    tokens_ += tokens;
  }

  uint64_t tokens() const { return tokens_; }
  size_t memory_bytes() const { return memory_bytes_; }
  // Memory that `words` more words could take in addition.
  size_t BytesToAdd(size_t words) const {
    return used_ + words + 1 > size_ ? NextSize(words) * sizeof(uint32_t) : 0;
  }

  Mark mark() const { return {chunks_.size(), used_, tokens_}; }
  void TruncateTo(const Mark& mark);

  // The words, chunk by chunk; a chunk ends with kChunkEnd, and kSlackWords more
  // may be read behind it.
  static constexpr size_t kSlackWords = 32;
  size_t chunk_count() const { return chunks_.size(); }
  // Writes the last chunk's end; the log may still grow afterwards.
  void Seal();
  const uint32_t* chunk(size_t index) const { return chunks_[index].data(); }

 private:
  static constexpr size_t kFirstChunkWords = 256;
  static constexpr size_t kLastChunkWords = kSystemMemoryFrom / sizeof(uint32_t) - kSlackWords;

  void MakeRoom(size_t words) {
    // One word is always left for kChunkEnd.
    if (used_ + words + 1 > size_) [[unlikely]]
      AddChunk(words);
  }
  void Put(uint32_t word) { chunks_.back()[used_++] = word; }
  // Small fields stay small: chunks double up to their final size.
  size_t NextSize(size_t words) const {
    const size_t next = std::clamp(2 * size_, kFirstChunkWords, kLastChunkWords);
    return std::max(next, words + 1);
  }
  void AddChunk(size_t words);

  std::vector<HugeArray<uint32_t>> chunks_;
  std::vector<size_t> sizes_;  // in words, of each chunk
  size_t used_ = 0;            // words of the last chunk
  size_t size_ = 0;            // its size
  uint64_t tokens_ = 0;
  size_t memory_bytes_ = 0;
};

}  // namespace segue

#endif  // SEGUE_WRITE_TOKEN_LOG_H_
