// SPDX-License-Identifier: Apache-2.0
//
// DocGroups: some documents of a segment, in any order, by window.
//
// Of few documents, two bytes for each and four a window: in a large segment that is less to make
// and to go through than a bitmap, which more of them are.
#ifndef SEGUE_EXEC_DOC_GROUPS_H_
#define SEGUE_EXEC_DOC_GROUPS_H_

#include <cstdint>
#include <span>
#include <vector>

#include "engine/base/bitset.h"
#include "engine/exec/window.h"

namespace segue::exec {

class DocGroups {
 public:
  // `docs`: less than doc_count, in any order, maybe several times.
  DocGroups(std::span<const DocId> docs, DocId doc_count);
  static uint64_t MemoryBytes(uint64_t docs, DocId doc_count);

  // The least document at or after `from`; kEndOfDocs if there is none.
  DocId Next(DocId from) const;
  // All, ascending, each once.
  std::vector<DocId> Sorted() const;
  // Adds those of a window to its mask.
  void AddTo(const Window& window, DocMask* mask) const;

 private:
  static_assert(kWindowDocs <= 65536);
  std::span<const uint16_t> Group(size_t window) const {
    return std::span(offsets_).subspan(starts_[window], starts_[window + 1] - starts_[window]);
  }

  bool in_bits() const { return bits_.size() != 0; }

  Bitset bits_;                    // if there are many; else
  std::vector<uint32_t> starts_;   // of each window, and the end
  std::vector<uint16_t> offsets_;  // from the window's first document
};

}  // namespace segue::exec

#endif  // SEGUE_EXEC_DOC_GROUPS_H_
