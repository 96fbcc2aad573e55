// SPDX-License-Identifier: Apache-2.0
//
// The bitmap is small (a bit per document) and read once per commit, so the reader copies it into
// an aligned Bitset and checks all of it.
#include "engine/format/live_docs.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <string>
#include <string_view>

#include "engine/base/byte_reader.h"
#include "engine/base/byte_writer.h"
#include "engine/base/check.h"
#include "engine/base/status.h"
#include "engine/base/strings.h"

namespace segue {
namespace {

constexpr uint64_t kCountBytes = 8;

static_assert(std::endian::native == std::endian::little, "words are written as they are");

}  // namespace

absl::Status WriteLiveDocs(FramedWriter* file, const Bitset& live) {
  SEGUE_DCHECK_LE(live.size(), kEndOfDocs);
  ByteWriter header;
  header.PutU32(static_cast<uint32_t>(live.size()));
  header.PutU32(static_cast<uint32_t>(live.Count()));
  SEGUE_RETURN_IF_ERROR(file->Append(header.view()));
  const auto words = live.words();
  return file->Append(
      std::string_view(reinterpret_cast<const char*>(words.data()), words.size_bytes()));
}

absl::StatusOr<LiveDocs> ReadLiveDocs(const Section& live, DocId doc_count) {
  const uint64_t word_count = (uint64_t{doc_count} + 63) / 64;
  // The file's size comes first, so that a wrong doc_count cannot ask for memory.
  if (live.size() != kCountBytes + 8 * word_count) {
    return live.Corrupt(0, Cat("found ", live.size(), " bytes of live documents, wanted ",
                               kCountBytes + 8 * word_count, " for ", doc_count, " documents"));
  }
  SEGUE_ASSIGN_OR_RETURN(const PinnedBytes bytes, live.PinAll());
  ByteReader reader(bytes.span());
  uint32_t found_docs = 0, found_live = 0;
  reader.ReadU32(&found_docs);
  reader.ReadU32(&found_live);
  if (found_docs != doc_count) {
    return live.Corrupt(0, Cat("found live documents of a segment of ", found_docs,
                               " documents, wanted ", doc_count));
  }
  LiveDocs result;
  result.bits = Bitset(doc_count);
  const auto words = result.bits.mutable_words();
  if (word_count > 0) {
    std::memcpy(words.data(), bytes.data() + kCountBytes, 8 * word_count);
    const unsigned bits_in_last = doc_count % 64;
    if (bits_in_last != 0 && words.back() >> bits_in_last != 0) {
      return live.Corrupt(kCountBytes + 8 * (word_count - 1), "live bits past the last document");
    }
  }
  result.live_count = static_cast<DocId>(result.bits.Count());
  if (result.live_count != found_live) {
    return live.Corrupt(4, Cat("found a count of ", found_live, " live documents, wanted ",
                               result.live_count, ", the number of bits"));
  }
  return result;
}

}  // namespace segue
