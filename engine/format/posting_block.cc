// SPDX-License-Identifier: Apache-2.0
//
// Writing and bounding the header of a posting block. What the header says is
// checked here once; the codecs then rely on it.

#include "engine/format/posting_block.h"

namespace segue {
namespace {

constexpr uint8_t kHasCount = 1 << 6;
constexpr uint8_t kHasWide = 1 << 7;

}  // namespace

bool PostingBlock::Open(const uint8_t* data, const uint8_t* block_end, uint32_t block_count) {
  if (data >= block_end) return false;
  // The longest header is shorter than the readable slack, so that it can be
  // read without a check per field; the parts are checked against the end.
  const uint8_t* next = data;
  const uint32_t codecs = *next++;
  if ((codecs & 7) >= kDocCodecs) return false;
  doc_shape = {};
  doc_shape.codec = static_cast<DocCodec>(codecs & 7);
  if (HasPfor(doc_shape.codec)) {
    const uint32_t pfor = next[0] | uint32_t{next[1]} << 8;
    next += 2;
    doc_shape.code_bits = pfor & 31;
    doc_shape.exception_bits = pfor >> 5 & 31;
    doc_shape.exception_count = static_cast<uint8_t>(pfor >> 10);
  }
  if ((codecs & kHasCount) != 0 && *next++ != block_count) return false;
  freq_shape = {};
  freq_shape.codec = static_cast<FreqCodec>(codecs >> 3 & 7);
  if (freq_shape.codec != FreqCodec::kAllOne) {
    RaisedCounts counts;
    if (!ReadCounts(&next, &counts)) return false;
    freq_shape.increment_count = counts.increments;
    freq_shape.exception_count = counts.exceptions;
  }
  if ((codecs & kHasWide) != 0) freq_shape.wide_count = *next++;
  count = block_count;
  freqs = next;
  end = block_end;
  const uint32_t freq_bytes = FreqBytes(freq_shape, count);
  docs = next + freq_bytes;
  if (next > block_end || freq_bytes > static_cast<size_t>(block_end - next)) return false;
  return doc_shape.codec != DocCodec::kBitmap || docs == end;
}

void AppendPostingBlock(const DocShape& docs, std::string_view doc_bytes, const FreqShape& freqs,
                        std::string_view freq_bytes, uint32_t count, std::string* out) {
  const auto put = [out](uint32_t byte) { out->push_back(static_cast<char>(byte)); };
  put(static_cast<uint32_t>(docs.codec) | static_cast<uint32_t>(freqs.codec) << 3 |
      (count != 0 ? kHasCount : 0) | (freqs.wide_count != 0 ? kHasWide : 0));
  if (HasPfor(docs.codec)) {
    const uint32_t pfor =
        docs.code_bits | uint32_t{docs.exception_bits} << 5 | uint32_t{docs.exception_count} << 10;
    put(pfor & 0xff);
    put(pfor >> 8);
  }
  if (count != 0) put(count);
  if (freqs.codec != FreqCodec::kAllOne) {
    if (freqs.increment_count <= kMaxCountedIncrements &&
        freqs.exception_count <= kMaxCountedExceptions) {
      put(freqs.increment_count | uint32_t{freqs.exception_count} << 4);
    } else {
      put(kCountsFollow);
      put(freqs.increment_count);
      put(freqs.exception_count);
    }
  }
  if (freqs.wide_count != 0) put(freqs.wide_count);
  out->append(freq_bytes).append(doc_bytes);
}

}  // namespace segue
