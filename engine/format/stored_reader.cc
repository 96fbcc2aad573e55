// SPDX-License-Identifier: Apache-2.0
//
// The block index stays pinned. A block is decompressed only after its declared size passed two
// checks: the limit for one document, and what its codec can make of so many compressed bytes at
// all.
#include "engine/format/stored_reader.h"

#include <snappy.h>

#include <algorithm>
#include <cstring>

#include "engine/base/status.h"
#include "engine/base/strings.h"
#include "engine/format/zstd_blocks.h"

namespace segue {
namespace {

constexpr uint64_t kBlockHeaderBytes = 5;

// A block holds documents up to kStoredBlockBytes, or one document and its length.
constexpr uint64_t kMaxRawBytes = kMaxStoredDocumentBytes + 16;

// A block has so many documents at most, unless it was made to fill memory: those behind are found
// from the last one remembered.
constexpr size_t kMaxStarts = kStoredBlockBytes;

// A Snappy copy element makes at most 64 bytes from 3.
constexpr uint64_t kMaxSnappyRatio = 32;

}  // namespace

struct StoredReader::Index {
  Section stored;
  StoredMeta meta;
  PinnedBytes bytes;
  ZstdUnpacker zstd;

  uint32_t FirstDoc(uint64_t block) const {
    uint32_t doc;
    std::memcpy(&doc, bytes.data() + 4 * block, sizeof(doc));
    return doc;
  }
  uint64_t Offset(uint64_t block) const {
    uint64_t offset;
    std::memcpy(&offset, bytes.data() + 4 * meta.block_count + 8 * block, sizeof(offset));
    return offset;
  }
  uint64_t BlockOf(DocId doc) const;
  absl::Status Check() const;
  absl::Status ReadDictionary();
  absl::Status ReadBlock(uint64_t block, std::string* raw) const;
  absl::Status UnpackSnappy(std::string_view payload, uint64_t offset, uint32_t raw_bytes,
                            std::string* raw) const;
  absl::Status UnpackZstd(std::string_view payload, uint64_t offset, uint32_t raw_bytes,
                          std::string* raw) const;
  absl::StatusOr<std::string_view> FindDoc(DocId doc, StoredCache* cache) const;
};

absl::Status StoredReader::Index::Check() const {
  const auto bad = [&](std::string_view what) { return stored.Corrupt(meta.index_offset, what); };
  if (meta.block_count == 0 ? meta.doc_count != 0 : FirstDoc(0) != 0) {
    return bad("the first block of stored fields does not start with document 0");
  }
  if (Offset(0) != 0 || Offset(meta.block_count) != meta.blocks_bytes) {
    return bad(Cat("found blocks of stored fields from ", Offset(0), " to ",
                   Offset(meta.block_count), ", wanted 0 to ", meta.blocks_bytes));
  }
  for (uint64_t block = 0; block < meta.block_count; ++block) {
    const uint32_t next_doc =
        block + 1 < meta.block_count ? FirstDoc(block + 1) : uint32_t{meta.doc_count};
    if (FirstDoc(block) >= next_doc || Offset(block) > Offset(block + 1) ||
        Offset(block + 1) - Offset(block) < kBlockHeaderBytes) {
      return bad(Cat("block ", block, " of stored fields is out of order"));
    }
  }
  return absl::OkStatus();
}

uint64_t StoredReader::Index::BlockOf(DocId doc) const {
  uint64_t begin = 0, end = meta.block_count;
  while (end - begin > 1) {
    const uint64_t middle = begin + (end - begin) / 2;
    (FirstDoc(middle) <= doc ? begin : end) = middle;
  }
  return begin;
}

absl::Status StoredReader::Index::ReadDictionary() {
  if (meta.dictionary_bytes == 0) return absl::OkStatus();
  if (meta.dictionary_bytes > kMaxStoredDictionaryBytes) {
    return stored.Corrupt(meta.dictionary_offset,
                          Cat("found a dictionary of ", meta.dictionary_bytes, " bytes, more than ",
                              kMaxStoredDictionaryBytes));
  }
  SEGUE_ASSIGN_OR_RETURN(const PinnedBytes dictionary,
                         stored.Pin(meta.dictionary_offset, meta.dictionary_bytes));
  if (zstd.SetDictionary(dictionary.view())) return absl::OkStatus();
  return stored.Corrupt(meta.dictionary_offset, "a dictionary that zstd does not take");
}

absl::Status StoredReader::Index::ReadBlock(uint64_t block, std::string* raw) const {
  const uint64_t offset = meta.blocks_offset + Offset(block);
  SEGUE_ASSIGN_OR_RETURN(const PinnedBytes pinned,
                         stored.Pin(offset, Offset(block + 1) - Offset(block)));
  ByteReader header(pinned.span());
  uint8_t codec = 0;
  uint32_t raw_bytes = 0;
  header.ReadU8(&codec);
  header.ReadU32(&raw_bytes);
  const std::string_view payload = pinned.view().substr(kBlockHeaderBytes);
  if (raw_bytes > kMaxRawBytes) {
    return Error(ErrorCode::kResourceExhausted,
                 Cat(stored.name(), ": block ", block, " of stored fields declares ", raw_bytes,
                     " bytes, more than ", kMaxRawBytes));
  }
  if (codec == static_cast<uint8_t>(StoredCodec::kNone)) {
    if (payload.size() != raw_bytes) {
      return stored.Corrupt(offset, Cat("found ", payload.size(), " raw bytes of stored fields, ",
                                        "wanted ", raw_bytes));
    }
    raw->assign(payload);
    return absl::OkStatus();
  }
  if (codec == static_cast<uint8_t>(StoredCodec::kSnappy)) {
    return UnpackSnappy(payload, offset, raw_bytes, raw);
  }
  if (codec == static_cast<uint8_t>(StoredCodec::kZstd) && meta.codec == StoredCodec::kZstd) {
    return UnpackZstd(payload, offset, raw_bytes, raw);
  }
  return stored.Corrupt(offset, Cat("found stored fields of codec ", codec, ", the segment's is ",
                                    static_cast<int>(meta.codec)));
}

absl::Status StoredReader::Index::UnpackSnappy(std::string_view payload, uint64_t offset,
                                               uint32_t raw_bytes, std::string* raw) const {
  size_t declared = 0;
  if (!snappy::GetUncompressedLength(payload.data(), payload.size(), &declared) ||
      declared != raw_bytes || raw_bytes / kMaxSnappyRatio > payload.size()) {
    return stored.Corrupt(offset, Cat("found ", declared, " bytes in ", payload.size(),
                                      " compressed ones, wanted ", raw_bytes));
  }
  raw->resize(raw_bytes);
  if (!snappy::RawUncompress(payload.data(), payload.size(), raw->data())) {
    return stored.Corrupt(offset, "stored fields that do not decompress");
  }
  return absl::OkStatus();
}

absl::Status StoredReader::Index::UnpackZstd(std::string_view payload, uint64_t offset,
                                             uint32_t raw_bytes, std::string* raw) const {
  if (!ZstdUnpacker::Declares(payload, raw_bytes)) {
    return stored.Corrupt(offset,
                          Cat("found ", payload.size(), " bytes that are no frame of ", raw_bytes));
  }
  raw->resize(raw_bytes);
  if (!zstd.Unpack(payload, *raw)) {
    return stored.Corrupt(offset, "stored fields that do not decompress");
  }
  return absl::OkStatus();
}

absl::StatusOr<std::string_view> StoredReader::Index::FindDoc(DocId doc, StoredCache* cache) const {
  const std::string_view raw = cache->raw_;
  std::vector<uint32_t>& starts = cache->starts_;
  const size_t wanted = doc - FirstDoc(cache->block_);
  size_t current = std::min(wanted, starts.size() - 1);
  const size_t begin = starts[current];
  ByteReader reader(raw.substr(begin));
  std::string_view encoded;
  for (;; ++current) {
    if (!reader.ReadLengthPrefixed(&encoded)) {
      return stored.Corrupt(
          meta.blocks_offset + Offset(cache->block_),
          Cat("block ", cache->block_, " of stored fields ends before document ", doc, " (at byte ",
              begin + reader.position(), " of ", raw.size(), ")"));
    }
    if (current == wanted) return encoded;
    if (starts.size() < kMaxStarts) {
      starts.push_back(static_cast<uint32_t>(begin + reader.position()));
    }
  }
}

absl::StatusOr<StoredReader> StoredReader::Open(const Section& stored, const StoredMeta& meta) {
  if (meta.block_count > meta.doc_count || meta.doc_count > kEndOfDocs ||
      meta.index_bytes != 12 * meta.block_count + 8) {
    return stored.Corrupt(meta.index_offset, Cat("found an index of stored fields of ",
                                                 meta.index_bytes, " bytes for ", meta.block_count,
                                                 " blocks and ", meta.doc_count, " documents"));
  }
  auto index = std::make_shared<Index>();
  index->stored = stored;
  index->meta = meta;
  SEGUE_RETURN_IF_ERROR(stored.Sub(meta.blocks_offset, meta.blocks_bytes).status());
  SEGUE_ASSIGN_OR_RETURN(index->bytes, stored.Pin(meta.index_offset, meta.index_bytes));
  SEGUE_RETURN_IF_ERROR(index->Check());
  SEGUE_RETURN_IF_ERROR(index->ReadDictionary());
  return StoredReader(std::move(index));
}

DocId StoredReader::doc_count() const { return index_->meta.doc_count; }
uint64_t StoredReader::BlockOf(DocId doc) const { return index_->BlockOf(doc); }

absl::StatusOr<std::string_view> StoredReader::GetEncoded(DocId doc, StoredCache* cache) const {
  if (doc >= doc_count()) {
    return Error(ErrorCode::kInvalidArgument,
                 Cat("document ", doc, " of ", doc_count(), " stored documents"));
  }
  const uint64_t block = index_->BlockOf(doc);
  if (cache->index_ != index_ || cache->block_ != block) {
    cache->index_ = nullptr;  // until the block is whole
    SEGUE_RETURN_IF_ERROR(index_->ReadBlock(block, &cache->raw_));
    cache->index_ = index_;
    cache->block_ = block;
    cache->starts_.assign(1, 0);
  }
  return index_->FindDoc(doc, cache);
}

absl::StatusOr<std::vector<StoredField>> StoredReader::Get(DocId doc, StoredCache* cache) const {
  StoredCache own;
  SEGUE_ASSIGN_OR_RETURN(const std::string_view encoded,
                         GetEncoded(doc, cache != nullptr ? cache : &own));
  absl::StatusOr<std::vector<StoredField>> fields = DecodeStoredDocument(encoded);
  if (!fields.ok()) {
    return Annotate(fields.status(), Cat(index_->stored.name(), ": document ", doc));
  }
  return fields;
}

}  // namespace segue
