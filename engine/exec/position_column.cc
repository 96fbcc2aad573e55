// SPDX-License-Identifier: Apache-2.0
//
// Documents that lie close together in a block are decoded in one go, as running sums of all their
// codes and of those between: going on costs less than finding the next one. A document's positions
// are then the sums less the one before its first.
#include "engine/exec/position_column.h"

#include <algorithm>

namespace segue::exec {
namespace {

// From this many documents of a block on, all its frequencies are summed up rather than those
// before each.
constexpr size_t kBulkSum = 6;

// So many codes are decoded rather than skipped.
constexpr uint64_t kShortGap = 48;

// Runs to be read are known so far ahead of reading them.
constexpr size_t kRunsAhead = 6;

}  // namespace

void PositionColumn::Locate(const uint32_t* rows, const uint32_t* ranks, size_t count) {
  const uint32_t last_rank = list_->doc_freq() - 1;
  uint32_t last_block = kNoBlock;
  size_t blocks = 0;
  // Where blocks change is not foreseeable, so nothing branches on it.
  for (size_t i = 0; i < count; ++i) {
    const uint32_t rank = std::min(ranks[i], last_rank);
    const uint32_t block = rank / kBlockPostings;
    begins_[blocks] = static_cast<uint32_t>(i);
    blocks += block != last_block;
    last_block = block;
    ranks_[rows[i]] = rank;
  }
  begins_[blocks] = static_cast<uint32_t>(count);
  for (size_t i = 0; i < blocks; ++i) reader_.WillEnter(BlockOf(rows[begins_[i]]));
  for (size_t i = 0; i < blocks; ++i) {
    const uint32_t* const first = rows + begins_[i];
    LocateIn(BlockOf(*first), first, begins_[i + 1] - begins_[i]);
  }
}

void PositionColumn::LocateIn(uint32_t block, const uint32_t* rows, size_t count) {
  bool ok = reader_.EnterFreqs(block);
  const bool all_one = ok && reader_.freqs().all_one();
  if (ok && !all_one && summed_block_ != block && count >= kBulkSum) ok = SumBlock(block);
  for (size_t i = 0; i < count; ++i) {
    const uint32_t row = rows[i];
    const uint32_t index = ranks_[row] % kBlockPostings;
    if (!ok) {
      freqs_[row] = 1;
      firsts_[row] = kNowhere;
    } else if (all_one) {
      freqs_[row] = 1;
      firsts_[row] = index;
    } else if (summed_block_ == block) {
      firsts_[row] = sums_[index];
      freqs_[row] = static_cast<uint32_t>(sums_[index + 1] - sums_[index]);
    } else {
      freqs_[row] = reader_.freqs().At(index);
      firsts_[row] = reader_.freqs().SumBefore(index);
    }
  }
}

bool PositionColumn::SumBlock(uint32_t block) {
  std::array<uint32_t, kBlockPostings> freqs;
  summed_block_ = kNoBlock;
  if (!reader_.DecodeFreqs(freqs.data())) return false;
  const uint32_t count = reader_.freqs().count();
  uint64_t sum = 0;
  for (uint32_t i = 0; i < count; ++i) {
    sums_[i] = sum;
    sum += freqs[i];
  }
  sums_[count] = sum;
  summed_block_ = block;
  return true;
}

void PositionColumn::Read(const uint32_t* rows, size_t count) {
  used_ = 0;
  const size_t runs = FindRuns(rows, count);
  const auto hint = [&](size_t i) {
    const Run run = RunAt(i, rows);
    reader_.WillRead(run.block, run.first, run.first_after - run.first);
  };
  for (size_t i = 0; i < std::min(runs, kRunsAhead); ++i) hint(i);
  for (size_t i = 0; i < runs; ++i) {
    if (i + kRunsAhead < runs) hint(i + kRunsAhead);
    const Run run = RunAt(i, rows);
    if (ReadRun(run, rows)) continue;
    for (uint32_t j = run.begin; j < run.end; ++j) ReadAlone(run.block, rows[j]);
  }
}

size_t PositionColumn::FindRuns(const uint32_t* rows, size_t count) {
  size_t runs = 0;
  uint32_t last_block = kNoBlock;
  uint64_t last_end = 0;
  for (size_t i = 0; i < count; ++i) {
    const uint32_t row = rows[i];
    const uint32_t block = BlockOf(row);
    begins_[runs] = static_cast<uint32_t>(i);
    runs += static_cast<size_t>(block != last_block) |
            static_cast<size_t>(firsts_[row] - last_end > kShortGap);
    last_block = block;
    last_end = firsts_[row] + freqs_[row];
  }
  begins_[runs] = static_cast<uint32_t>(count);
  return runs;
}

PositionColumn::Run PositionColumn::RunAt(size_t run, const uint32_t* rows) const {
  const uint32_t begin = begins_[run], end = begins_[run + 1];
  const uint32_t first = rows[begin], last = rows[end - 1];
  return {BlockOf(first), begin, end, firsts_[first], firsts_[last] + freqs_[last]};
}

// False if something is damaged, or may be: then each document is read by itself, and tells.
bool PositionColumn::ReadRun(const Run& run, const uint32_t* rows) {
  if (!reader_.EnterPositions(run.block)) return false;
  if (run.first >= run.first_after || run.first_after > reader_.positions().capacity() ||
      run.first_after - run.first > UINT32_MAX) {
    return false;
  }
  const auto codes = static_cast<uint32_t>(run.first_after - run.first);
  uint32_t* const sums = Reserve(codes);
  if (!reader_.ReadSums(run.first, codes, sums) || sums[codes - 1] >= limit_) return false;
  const uint32_t step = reader_.positions().step();
  for (uint32_t i = run.begin; i < run.end; ++i) {
    const uint64_t at = firsts_[rows[i]] - run.first;
    // The code of a first position has no step, but its sum has.
    places_[rows[i]] = {used_ + at, freqs_[rows[i]], (at == 0 ? 0 : sums[at - 1]) + step};
  }
  used_ += codes;
  return true;
}

void PositionColumn::ReadAlone(uint32_t block, uint32_t row) {
  places_[row] = {used_, 0, 0};
  if (firsts_[row] == kNowhere || !reader_.EnterPositions(block)) return;
  const uint32_t count = reader_.ReadCodes(firsts_[row], freqs_[row], &alone_);
  std::copy_n(alone_.begin(), count, Reserve(count));
  places_[row].count = count;
  used_ += count;
}

uint32_t* PositionColumn::Reserve(uint64_t count) {
  const size_t wanted = used_ + count + kPositionSlack;
  if (values_.size() < wanted) values_.resize(std::max(wanted, 2 * values_.size()));
  return values_.data() + used_;
}

}  // namespace segue::exec
