// SPDX-License-Identifier: Apache-2.0
//
// Everything is rounded up, and everything is derived from the postings
// themselves in the order of documents: a superblock is closed when the first
// document behind it comes. tf-norm rises with freq * scale, so windows keep the
// greatest product and divide once at the end.

#include "engine/format/bounds_writer.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

#include "engine/base/byte_writer.h"
#include "engine/base/check.h"

namespace segue {
namespace {

void AppendFrontier(std::span<const Impact> frontier, std::string* out) {
  uint32_t freq = 0;
  int norm = -1;
  for (const Impact& impact : frontier) {
    AppendVarint(impact.freq - freq - 1, out);
    out->push_back(static_cast<char>(impact.norm - norm - 1));
    freq = impact.freq;
    norm = impact.norm;
  }
}

double TfNorm(double product) { return product / (1.0 + product); }

double TfNorm(const TfNormTable& table, uint32_t freq, uint8_t norm) {
  return TfNorm(static_cast<double>(freq) * static_cast<double>(table.scale(norm)));
}

// The least shift with enough postings in a window on average.
uint32_t ChooseWindowShift(uint32_t doc_freq, uint32_t doc_count) {
  uint32_t shift = kMinWindowShift;
  while (shift < kMaxWindowShift &&
         (uint64_t{doc_freq} << shift) < uint64_t{kPostingsPerWindow} * doc_count) {
    ++shift;
  }
  return shift;
}

// Twice one step up: covers the rounding of the divisions that led here. Down likewise.
float RoundUp(double value) {
  float up = static_cast<float>(value);
  if (static_cast<double>(up) < value) up = std::nextafter(up, 2.0f);
  return std::nextafter(up, 2.0f);
}

float RoundDown(double value) {
  float down = static_cast<float>(value);
  if (static_cast<double>(down) > value) down = std::nextafter(down, 0.0f);
  return std::nextafter(down, 0.0f);
}

void AppendFloat(float value, std::string* out) {
  char raw[sizeof(value)];
  std::memcpy(raw, &value, sizeof(raw));
  out->append(raw, sizeof(raw));
}

}  // namespace

// The least and greatest norm apart: they take vectors.
void ImpactCollector::Add(std::span<const uint32_t> freqs, std::span<const uint8_t> norms) {
  for (size_t i = 0; i < norms.size(); ++i) {
    uint32_t& max_freq = max_freq_[norms[i]];
    max_freq = std::max(max_freq, freqs[i]);
  }
  uint8_t first = 255, last = 0;
  for (const uint8_t norm : norms) {
    first = std::min(first, norm);
    last = std::max(last, norm);
  }
  if (norms.empty()) return;
  first_ = std::min<uint32_t>(first_, first);
  last_ = std::max<uint32_t>(last_, last);
}

std::vector<Impact> ImpactCollector::TakeFrontier() {
  std::vector<Impact> frontier;
  uint32_t best = 0;
  for (uint32_t norm = first_; norm <= last_ && norm < 256; ++norm) {
    if (max_freq_[norm] > best) {
      best = max_freq_[norm];
      frontier.push_back({best, static_cast<uint8_t>(norm)});
    }
    max_freq_[norm] = 0;
  }
  first_ = 256;
  last_ = 0;
  return frontier;
}

void ShrinkFrontier(const TfNormTable& table, size_t limit, std::vector<Impact>* frontier) {
  while (frontier->size() > limit) {
    size_t best = 0;
    double least_loss = std::numeric_limits<double>::infinity();
    for (size_t i = 0; i + 1 < frontier->size(); ++i) {
      const Impact& low = (*frontier)[i];
      const Impact& high = (*frontier)[i + 1];
      const double merged = TfNorm(table, high.freq, low.norm);
      const double kept =
          std::max(TfNorm(table, low.freq, low.norm), TfNorm(table, high.freq, high.norm));
      if (merged - kept < least_loss) {
        least_loss = merged - kept;
        best = i;
      }
    }
    (*frontier)[best + 1].norm = (*frontier)[best].norm;
    frontier->erase(frontier->begin() + static_cast<ptrdiff_t>(best));
  }
}

BoundsBuilder::BoundsBuilder(uint32_t doc_count, const uint8_t* norms, const TfNormTable& table)
    : doc_count_(doc_count), norms_(norms), table_(table) {}

void BoundsBuilder::StartList(uint32_t doc_freq) {
  window_shift_ = 0;
  next_superblock_ = 0;
  superblock_bytes_.clear();
  superblock_ends_.clear();
  if (doc_freq < kWindowMinDocFreq) return;
  window_shift_ = ChooseWindowShift(doc_freq, doc_count_);
  windows_.assign(((doc_count_ - 1) >> window_shift_) + 1, 0.0);
}

void BoundsBuilder::Add(std::span<const DocId> docs, std::span<const uint32_t> freqs) {
  SEGUE_DCHECK_LE(docs.size(), size_t{kBlockPostings});
  // All norms first: they come from far, and branches that nobody can predict would hold up each.
  std::array<uint8_t, kBlockPostings> norms;
  for (size_t i = 0; i < docs.size(); ++i) {
    norms[i] = norms_ != nullptr ? norms_[docs[i]] : uint8_t{1};
  }
  const std::span<const uint8_t> all_norms(norms.data(), docs.size());
  if (!has_superblocks()) {
    list_.Add(freqs, all_norms);
  } else {
    for (size_t begin = 0, end; begin < docs.size(); begin = end) {
      const uint32_t superblock = docs[begin] >> kSuperblockShift;
      while (next_superblock_ != superblock) FinishSuperblock();
      const auto behind = std::upper_bound(
          docs.begin() + static_cast<ptrdiff_t>(begin), docs.end(), superblock,
          [](uint32_t wanted, DocId doc) { return wanted < doc >> kSuperblockShift; });
      end = static_cast<size_t>(behind - docs.begin());
      superblock_.Add(freqs.subspan(begin, end - begin), all_norms.subspan(begin, end - begin));
    }
  }
  if (window_shift_ == 0) return;
  // The window's greatest so far waits in a register, not in memory.
  size_t window = docs.empty() ? 0 : docs[0] >> window_shift_;
  double greatest = windows_[window];
  for (size_t i = 0; i < docs.size(); ++i) {
    const DocId doc = docs[i];
    const double product =
        static_cast<double>(freqs[i]) * static_cast<double>(table_.scale(norms[i]));
    greatest = doc >> window_shift_ == window && greatest > product ? greatest : product;
    window = doc >> window_shift_;
    windows_[window] = greatest;
  }
}

void BoundsBuilder::FinishSuperblock() {
  std::vector<Impact> frontier = superblock_.TakeFrontier();
  list_.AddAll(frontier);
  ++next_superblock_;
  ShrinkFrontier(table_, kMaxSuperblockFrontier, &frontier);
  AppendFrontier(frontier, &superblock_bytes_);
  superblock_ends_.push_back(static_cast<uint32_t>(superblock_bytes_.size()));
}

size_t BoundsBuilder::FinishList(std::string* out) {
  if (has_superblocks()) {
    const uint32_t superblocks = ((doc_count_ - 1) >> kSuperblockShift) + 1;
    while (next_superblock_ < superblocks) FinishSuperblock();
  }
  const std::vector<Impact> frontier = list_.TakeFrontier();
  const bool wide = superblock_bytes_.size() > UINT16_MAX;
  out->push_back(static_cast<char>(window_shift_ | (wide ? 1u << 4 : 0u)));
  AppendVarint(static_cast<uint32_t>(frontier.size()), out);
  AppendFrontier(frontier, out);
  if (window_shift_ == 0) return out->size();
  for (const uint32_t end : superblock_ends_) AppendLittleEndian(end, wide ? 4 : 2, out);
  out->append(superblock_bytes_);
  return AppendWindows(out);
}

size_t BoundsBuilder::AppendWindows(std::string* out) const {
  double least_product = std::numeric_limits<double>::infinity(), max_product = 0;
  for (const double product : windows_) {
    max_product = std::max(max_product, product);
    if (product > 0) least_product = std::min(least_product, product);
  }
  const float max_tf_norm = RoundUp(TfNorm(max_product));
  const float least_tf_norm = RoundDown(TfNorm(least_product));
  AppendFloat(max_tf_norm, out);
  AppendFloat(least_tf_norm, out);
  const size_t windows_at = out->size();
  const double least = least_tf_norm, range = static_cast<double>(max_tf_norm) - least;
  for (const double product : windows_) {
    uint32_t value = 0;
    if (product > 0) {
      const double share = 255.0 * (TfNorm(product) - least) / range;
      // The margin covers the rounding of this division.
      value = static_cast<uint32_t>(std::ceil(share * (1 + 1e-9)));
      value = std::clamp(value, 1u, 255u);
      SEGUE_DCHECK(least + value / 255.0 * range >= TfNorm(product));
    }
    out->push_back(static_cast<char>(value));
  }
  out->append(PaddingBytes(windows_.size(), kWindowPadding), '\0');
  return windows_at;
}

}  // namespace segue
