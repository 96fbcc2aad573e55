// SPDX-License-Identifier: Apache-2.0
#include "engine/exec/list_probe.h"

#include <algorithm>

namespace segue::exec {
namespace {

// Blocks are on their way from memory so far ahead of being decoded.
constexpr size_t kBlocksAhead = 4;

constexpr uint32_t kBlocksTaken = ListProbe::kRows / kBlockPostings;

}  // namespace

ListProbe::ListProbe(const PostingList* list, const std::vector<DocId>* all_docs,
                     SearchContext* context)
    : list_(list),
      all_docs_(all_docs),
      context_(context),
      kernels_(ActiveKernels()),
      rows_(context->scratch().TakeProbeRows()) {}

size_t ListProbe::Find(const DocId* docs, size_t count, uint32_t* rows, DocId* found,
                       uint32_t* ranks) {
  if (list_->dense()) return FindDense(docs, count, rows, found, ranks);
  const size_t runs = FindRuns(docs, count);
  for (size_t run = 0; run < std::min(runs, kBlocksAhead); ++run) {
    list_->WillDecode(rows_->run_blocks[run]);
  }
  size_t kept = 0, begin = 0;
  for (size_t run = 0; run < runs; ++run) {
    if (run + kBlocksAhead < runs) list_->WillDecode(rows_->run_blocks[run + kBlocksAhead]);
    const uint32_t block = rows_->run_blocks[run];
    const size_t end = rows_->run_ends[run];
    if (!Enter(block)) return kept;
    const size_t in_block = kernels_.find_in_block(rows_->block_docs.data(), docs + begin,
                                                   end - begin, rows + kept, ranks + kept);
    for (const size_t last = kept + in_block; kept < last; ++kept) {
      rows[kept] += static_cast<uint32_t>(begin);
      ranks[kept] += block * kBlockPostings;
      found[kept] = docs[rows[kept]];
    }
    begin = end;
  }
  return kept;
}

size_t ListProbe::FindDense(const DocId* docs, size_t count, uint32_t* rows, DocId* found,
                            uint32_t* ranks) {
  const size_t kept = kernels_.select_set(list_->dense_words(), docs, count, rows, found);
  kernels_.ranks(list_->dense_words(), list_->dense_ranks(), found, kept, ranks);
  return kept;
}

// The blocks that may have some of the documents, and where each one's end; returns how many.
size_t ListProbe::FindRuns(const DocId* docs, size_t count) {
  size_t runs = 0;
  uint32_t block = 0;
  for (size_t i = 0; i < count;) {
    block = list_->FindBlock(docs[i], block);
    ++i;
    if (block + 1 < list_->block_count()) {
      const DocId next = list_->first_doc(block + 1);
      while (i < count && docs[i] < next) ++i;
    } else {
      i = count;
    }
    rows_->run_blocks[runs] = block;
    rows_->run_ends[runs] = static_cast<uint32_t>(i);
    ++runs;
  }
  return runs;
}

bool ListProbe::Enter(uint32_t block) {
  if (block == block_) return true;
  DocId* const docs = rows_->block_docs.data();
  uint32_t count = list_->docs_in_block(block);
  if (all_docs_ != nullptr && !all_docs_->empty()) {
    std::copy_n(all_docs_->begin() + static_cast<ptrdiff_t>(block * kBlockPostings), count, docs);
  } else {
    count = list_->DecodeDocs(block, docs);
    if (count == 0) {
      block_ = kNoBlock;
      context_->Fail(list_->status());
      return false;
    }
    ++context_->counters().blocks_decoded;
  }
  std::fill(docs + count, docs + kBlockPostings, kEndOfDocs);
  block_ = block;
  return true;
}

size_t ListProbe::Take(DocId* docs, uint32_t* first_rank) {
  *first_rank = next_block_ * kBlockPostings;
  const uint32_t end = std::min(list_->block_count(), next_block_ + kBlocksTaken);
  size_t taken = 0;
  for (; next_block_ < end; ++next_block_) {
    if (next_block_ + 1 < end) list_->WillDecode(next_block_ + 1);
    const uint32_t count = list_->DecodeDocs(next_block_, docs + taken);
    if (count == 0) {
      context_->Fail(list_->status());
      return 0;
    }
    ++context_->counters().blocks_decoded;
    taken += count;
  }
  return taken;
}

}  // namespace segue::exec
