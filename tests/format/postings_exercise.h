// SPDX-License-Identifier: Apache-2.0
//
// Calls everything that a reader of postings and bounds offers, on bytes that
// may be damaged, and says which promise was broken ("" if none). Used by the
// damage tests and by the fuzzer; sanitizers watch the memory.

#ifndef SEGUE_TESTS_FORMAT_POSTINGS_EXERCISE_H_
#define SEGUE_TESTS_FORMAT_POSTINGS_EXERCISE_H_

#include <algorithm>
#include <bit>
#include <memory>
#include <string>
#include <vector>

#include "engine/format/bounds_reader.h"
#include "engine/format/position_reader.h"
#include "engine/format/postings_reader.h"

namespace segue {

// Several documents' positions at once, of which each document alone gives its own. (Frequencies
// that are damaged need not add up.)
inline std::string ExerciseSums(const FreqBlock& freqs, uint32_t docs, PositionReader* reader) {
  std::vector<uint32_t> positions, sums;
  for (uint32_t begin = 0; begin < docs; begin += 5) {
    const uint32_t end = std::min(begin + 1 + begin % 23, docs);
    const uint64_t first = freqs.SumBefore(begin);
    const uint64_t count = freqs.SumBefore(end) - first;
    if (count > reader->positions().capacity()) continue;
    sums.assign(count + 16, 0);
    if (!reader->ReadSums(first, static_cast<uint32_t>(count), sums.data())) continue;
    uint64_t at = 0;
    for (uint32_t i = begin; i < end && freqs.At(i) <= count - at; ++i) {
      const uint32_t base = (at == 0 ? 0 : sums[at - 1]) + reader->positions().step();
      const uint32_t read = reader->ReadCodes(first + at, freqs.At(i), &positions);
      if (read == 0) return "positions of several documents, but not of one";
      for (uint32_t j = 0; j < read; ++j) {
        if (sums[at + j] - base != positions[j]) return "positions differ from those of several";
      }
      at += read;
    }
  }
  return "";
}

// One block; true in *damaged if a call reported damage.
inline std::string ExerciseBlock(const PostingsSource& source, const PostingList& list,
                                 uint32_t block, bool* damaged) {
  // On the heap, so that AddressSanitizer sees a write behind the end.
  const auto docs = std::make_unique<DocId[]>(kBlockPostings);
  const auto freqs = std::make_unique<uint32_t[]>(kBlockPostings);
  const uint32_t want = list.docs_in_block(block);
  const uint32_t count = list.DecodeDocs(block, docs.get());
  *damaged |= count == 0;
  if (count != 0 && count != want) return "count differs from the rank's";
  for (uint32_t i = 0; i < count; ++i) {
    if (docs[i] >= source.doc_count) return "document beyond the segment";
    if (i > 0 && docs[i] <= docs[i - 1]) return "documents do not ascend";
  }
  if (count != 0 && docs[0] != list.first_doc(block)) return "first document differs";
  if (!list.DecodeFreqs(block, freqs.get())) {
    *damaged = true;
  } else {
    for (uint32_t i = 0; i < want; ++i) {
      if (freqs[i] == 0) return "frequency 0";
    }
  }
  const FreqBlock view = list.OpenFreqs(block);
  if (view.count() != want) return "frequencies of another number";
  for (uint32_t i = 0; i < want; ++i) {
    if (view.At(i) == 0) return "frequency 0 at random";
    if (list.FreqAt(block, i) != view.At(i)) return "frequency differs without opening the block";
  }
  if (view.SumBefore(want) < want) return "sum below the count";
  if (!list.has_positions()) return "";

  PositionReader reader(&list);
  if (!reader.EnterBlock(block)) {
    *damaged = true;
    return "";
  }
  std::vector<uint32_t> positions;
  // Forwards, then some backwards.
  for (uint32_t i = 0; i < want + 3; ++i) {
    const uint32_t index = i < want ? i : (3 * (i - want)) % want;
    const uint32_t read = reader.Read(index, &positions);
    *damaged |= read == 0;
    for (uint32_t j = 0; j < read; ++j) {
      if (positions[j] >= 0x80000000u) return "position of 2^31 or more";
      if (j > 0 && positions[j] < positions[j - 1]) return "positions descend";
    }
  }
  return ExerciseSums(view, want, &reader);
}

inline std::string ExercisePostings(const PostingsSource& source, const TermMeta& meta) {
  auto opened = PostingList::Open(source, meta, source.has_positions);
  if (!opened.ok()) {
    return CodeOf(opened.status()) == ErrorCode::kDataLoss ? "" : "opening fails otherwise";
  }
  const PostingList list = *std::move(opened);
  bool damaged = false;
  for (uint32_t block = 0; block < list.block_count(); ++block) {
    const std::string problem = ExerciseBlock(source, list, block, &damaged);
    if (!problem.empty()) return problem;
  }
  if (list.last_doc() >= source.doc_count) return "last document beyond the segment";
  for (DocId target = 0; target < source.doc_count; target += 1 + source.doc_count / 100) {
    const uint32_t from = target % list.block_count();
    const uint32_t found = list.FindBlock(target, from);
    if (found < from || found >= list.block_count()) return "block beyond the list";
    if (list.dense() && list.DenseRank(target) >= list.doc_freq()) return "rank beyond the list";
  }
  if (list.dense()) {
    uint64_t past = 0;
    for (uint32_t bit = source.doc_count; bit < 64 * list.dense_word_count(); ++bit) {
      past |= list.dense_words()[bit / 64] >> (bit % 64) & 1;
    }
    if (past != 0) return "bits beyond the last document";
  }
  if (damaged && list.status().ok()) return "damage without a status";
  if (!list.status().ok() && CodeOf(list.status()) != ErrorCode::kDataLoss) {
    return "damage is not data loss";
  }
  return "";
}

inline std::string ExerciseBounds(const PostingsSource& source, const TermMeta& meta) {
  auto opened = BoundList::Open(source, meta);
  if (!opened.ok()) {
    return CodeOf(opened.status()) == ErrorCode::kDataLoss ? "" : "opening fails otherwise";
  }
  const BoundList bounds = *std::move(opened);
  if (bounds.list_frontier().size() > kMaxFrontier) return "frontier too long";
  const auto impacts = std::make_unique<Impact[]>(kMaxSuperblockFrontier);
  for (uint32_t superblock = 0; superblock < bounds.superblock_count(); ++superblock) {
    const auto count = bounds.ReadFrontier(superblock, impacts.get());
    if (!count.ok()) continue;
    if (*count > kMaxSuperblockFrontier) return "superblock frontier too long";
    for (uint32_t i = 1; i < *count; ++i) {
      if (impacts[i].freq <= impacts[i - 1].freq) return "frontier does not ascend";
    }
  }
  uint64_t sum = 0;
  for (const uint8_t value : bounds.windows()) sum += value;
  if (bounds.has_windows() &&
      (bounds.windows().size() << bounds.window_shift()) < source.doc_count) {
    return sum == 0 ? "empty window map too short" : "window map too short";
  }
  return "";
}

}  // namespace segue

#endif  // SEGUE_TESTS_FORMAT_POSTINGS_EXERCISE_H_
