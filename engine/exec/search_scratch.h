// SPDX-License-Identifier: Apache-2.0
//
// SearchScratch: the large pieces of working memory of a search, which the thread keeps for its
// next one. Asking the system for 200 KB a query costs more than a small query does: its pages
// come back unmapped and must be faulted in again.
#ifndef SEGUE_EXEC_SEARCH_SCRATCH_H_
#define SEGUE_EXEC_SEARCH_SCRATCH_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "engine/exec/chunk.h"
#include "engine/exec/window.h"

namespace segue::exec {

// Columns for the candidates of a window that are being scored right now, shared by all leaves of
// a search. Kernels may write 16 entries past the ones that count.
struct ScoreColumns {
  static constexpr size_t kRows = kWindowDocs + 16;
  // So many rows are taken together where what the first ones find can spare the next ones work.
  static constexpr size_t kBatchRows = 1024;
  alignas(64) std::array<uint32_t, kRows> offsets;  // of the documents in the window or chunk
  alignas(64) std::array<uint32_t, kRows> rows;     // where they were before any was pruned
  alignas(64) std::array<uint32_t, kRows> ranks;    // of their postings
  alignas(64) std::array<uint32_t, kRows> freqs;
  alignas(64) std::array<float, kRows> scores;
  // For those of the candidates that one clause holds: their rows, and their offsets.
  alignas(64) std::array<uint32_t, kRows> held_rows;
  alignas(64) std::array<uint32_t, kRows> held_offsets;
  alignas(64) std::array<uint32_t, kRows> phrase_freqs;
  alignas(64) std::array<double, kRows> sums;
  alignas(64) std::array<uint8_t, kRows> bounds;  // of whole scores, in bytes
  alignas(64) std::array<int32_t, kRows> rests;   // and of what is not in `sums` yet
  alignas(64) std::array<float, kRows> reaches;   // what a score can still become
};

// Candidates of a chunk before they are scored.
struct ChunkRows {
  alignas(64) std::array<uint32_t, kChunkDocs + 16> offsets;  // ascending
  alignas(64) std::array<uint8_t, kChunkDocs + 64> bounds;    // of their scores, in bytes
};

// Working memory of a ListProbe.
struct ProbeRows {
  static constexpr size_t kRows = 1024;
  // A block of the list, filled up with kEndOfDocs.
  alignas(64) std::array<DocId, kBlockRoom> block_docs;
  std::array<uint32_t, kRows> run_blocks;
  std::array<uint32_t, kRows> run_ends;  // indexes of documents
  // For the probe's owner: the ranks of postings that were found last.
  std::array<uint32_t, kRows + 16> ranks;
};

class SearchScratch {
 public:
  using ChunkMask = std::array<uint64_t, kChunkWords>;

  // The calling thread's, or a new one if that is lent out already.
  static std::unique_ptr<SearchScratch> Borrow();
  // Gives it back to the calling thread, if it is of ordinary size.
  static void Return(std::unique_ptr<SearchScratch> scratch);

  // Contents are undefined; for use within one call.
  ScoreColumns& columns() { return columns_; }
  ChunkRows& rows() {
    if (rows_ == nullptr) rows_.reset(new ChunkRows);
    return *rows_;
  }

  // Sums of bounds, a number per word of a segment; contents are undefined, for use within one
  // call.
  std::vector<uint16_t>& sums(size_t words) {
    if (sums_.size() < words) sums_.resize(words);
    return sums_;
  }

  // Rows of a ScoredUnion; contents are undefined, for use within one call.
  struct UnionRows {
    std::vector<uint32_t> docs;
    std::vector<double> sums;
    std::vector<uint32_t> row_of;  // by document of a chunk
  };
  UnionRows& union_rows(size_t rows) {
    union_rows_.row_of.resize(kChunkDocs);
    if (union_rows_.docs.size() < rows) {
      union_rows_.docs.resize(rows);
      union_rows_.sums.resize(rows);
    }
    return union_rows_;
  }

  // A mask of zeros, the caller's until Return; it must be all zeros then, so that nobody has to
  // clear 8 KiB for a few documents.
  uint64_t* TakeMask();
  // The caller's until Return; contents are undefined.
  ProbeRows* TakeProbeRows();
  // A row of bytes, the caller's until Return; contents are undefined.
  std::vector<uint8_t>* TakeBytes(size_t size);

 private:
  static constexpr size_t kKeptMasks = 64;
  static constexpr size_t kKeptProbes = 32;
  static constexpr size_t kKeptBytes = size_t{1} << 20;

  ScoreColumns columns_;
  std::unique_ptr<ChunkRows> rows_;
  std::vector<uint16_t> sums_;
  UnionRows union_rows_;
  std::vector<std::unique_ptr<ChunkMask>> masks_;
  std::vector<std::unique_ptr<std::vector<uint8_t>>> bytes_;
  std::vector<std::unique_ptr<ProbeRows>> probes_;
  size_t masks_used_ = 0;
  size_t probes_used_ = 0;
  size_t bytes_used_ = 0;
};

}  // namespace segue::exec

#endif  // SEGUE_EXEC_SEARCH_SCRATCH_H_
