// SPDX-License-Identifier: Apache-2.0
//
// Stored fields from any bytes: u8 meta_bytes, encoded StoredMeta, body of a stored file. All of it
// is also decoded as one document; what decodes must encode to the same values.
#include <algorithm>
#include <cstdlib>
#include <string>
#include <variant>

#include "engine/format/stored_reader.h"

namespace segue {
namespace {

void Require(bool condition) {
  if (!condition) std::abort();
}

void RequireRefusal(const absl::Status& status) {
  const ErrorCode code = CodeOf(status);
  Require(code == ErrorCode::kOk || code == ErrorCode::kDataLoss || code == ErrorCode::kVersion ||
          code == ErrorCode::kResourceExhausted);
}

void DecodeDocument(std::string_view encoded) {
  const auto fields = DecodeStoredDocument(encoded);
  RequireRefusal(fields.status());
  if (!fields.ok()) return;
  std::string again;
  Require(EncodeStoredDocument(*fields, &again).ok());
  const auto second = DecodeStoredDocument(again);
  // NaN is not equal to itself; the bytes are.
  std::string third;
  Require(second.ok() && EncodeStoredDocument(*second, &third).ok() && third == again);
}

void ReadFile(ByteReader in) {
  uint8_t meta_bytes = 0;
  std::string_view encoded_meta, body;
  in.ReadU8(&meta_bytes);
  in.ReadBytes(meta_bytes, &encoded_meta);
  if (!in.ok()) return;
  in.ReadBytes(in.remaining(), &body);
  ByteReader meta_reader(encoded_meta);
  const auto meta = StoredMeta::Decode(&meta_reader);
  RequireRefusal(meta.status());
  if (!meta.ok()) return;
  const auto reader = StoredReader::Open(Section::FromBytes(body), *meta);
  RequireRefusal(reader.status());
  if (!reader.ok()) return;
  StoredCache cache;
  for (DocId doc = 0; doc < std::min<DocId>(64, reader->doc_count()); ++doc) {
    RequireRefusal(reader->Get(doc, &cache).status());
  }
}

}  // namespace
}  // namespace segue

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  segue::ReadFile(segue::ByteReader(std::span<const uint8_t>(data, size)));
  segue::DecodeDocument(std::string_view(reinterpret_cast<const char*>(data), size));
  return 0;
}
