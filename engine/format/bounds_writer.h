// SPDX-License-Identifier: Apache-2.0
//
// BoundsBuilder: collects the score bounds of one list and encodes them.
//
//   shift   u8: window shift in bits 0-3 (0: only the list's frontier), bit 4
//           "superblock ends are u32, not u16"
//   list    varint count, then the list's frontier
//   if the shift is at most 7:
//   ends    u16 or u32 per superblock of 4096 documents: where its frontier
//           ends, in bytes from the first one
//   superblock frontiers
//   unless the shift is 0:
//   max     f32: greatest tf-norm, rounded up
//   least   f32: least tf-norm of any window's best document, rounded down
//   zeros to a multiple of 32 bytes of the section
//   windows u8 per window of 2^shift documents, then zeros to a multiple of 32
//
// A frontier is a sequence of pairs, ascending in both parts: varint of the
// frequency less the one before, less one; then the norm byte likewise (the
// first: the byte itself).

#ifndef SEGUE_FORMAT_BOUNDS_WRITER_H_
#define SEGUE_FORMAT_BOUNDS_WRITER_H_

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "engine/base/types.h"
#include "engine/format/impact.h"
#include "engine/format/postings_format.h"
#include "engine/format/tf_norm.h"

namespace segue {

// Greatest frequency per norm byte, and the pairs that nothing dominates.
class ImpactCollector {
 public:
  void Add(uint32_t freq, uint8_t norm) {
    if (freq > max_freq_[norm]) max_freq_[norm] = freq;
    first_ = norm < first_ ? norm : first_;
    last_ = norm > last_ ? norm : last_;
  }
  // Many, of which `norms` has a byte each.
  void Add(std::span<const uint32_t> freqs, std::span<const uint8_t> norms);
  void AddAll(std::span<const Impact> impacts) {
    for (const Impact& impact : impacts) Add(impact.freq, impact.norm);
  }
  // The frontier; empties *this.
  std::vector<Impact> TakeFrontier();

 private:
  std::array<uint32_t, 256> max_freq_ = {};
  uint32_t first_ = 256, last_ = 0;  // norms seen
};

// Merges neighbouring pairs upwards until at most `limit` are left, those first
// that lose least under `table`. What is left dominates what there was.
void ShrinkFrontier(const TfNormTable& table, size_t limit, std::vector<Impact>* frontier);

class BoundsBuilder {
 public:
  // `norms` has a byte per document, or is nullptr when all are 1.
  BoundsBuilder(uint32_t doc_count, const uint8_t* norms, const TfNormTable& table);

  // Begins a list of `doc_freq` documents, at least kBoundMinDocFreq.
  void StartList(uint32_t doc_freq);
  // At most kBlockPostings of them; documents ascend over all calls.
  void Add(std::span<const DocId> docs, std::span<const uint32_t> freqs);
  // Appends the bounds, but for the zeros before the windows, and returns where these belong: how
  // many follows from the place of the bounds (PaddingBytes to kWindowPadding). Without windows,
  // the end of the bounds.
  size_t FinishList(std::string* out);

 private:
  bool has_superblocks() const { return window_shift_ != 0 && window_shift_ <= kMaxFrontierShift; }
  void FinishSuperblock();
  size_t AppendWindows(std::string* out) const;

  const uint32_t doc_count_;
  const uint8_t* const norms_;
  const TfNormTable table_;

  ImpactCollector list_, superblock_;
  uint32_t window_shift_ = 0;  // 0: no windows
  uint32_t next_superblock_ = 0;
  std::string superblock_bytes_;
  std::vector<uint32_t> superblock_ends_;
  std::vector<double> windows_;  // greatest freq * scale
};

}  // namespace segue

#endif  // SEGUE_FORMAT_BOUNDS_WRITER_H_
