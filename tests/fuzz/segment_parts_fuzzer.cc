// SPDX-License-Identifier: Apache-2.0
//
// The small parts of a segment from any bytes. The first byte chooses:
//   0  segment metadata: what decodes must keep the promises, that is encode again
//   1  column: u8 meta_bytes, encoded ColumnMeta, body
//   2  keys: u8 meta_bytes, encoded KeyColumnMeta, body
//   3  norms: u8 meta_bytes, encoded NormsMeta, body
//   4  live documents: u16 doc_count, body
#include <algorithm>
#include <cstdlib>
#include <string>
#include <vector>

#include "engine/format/column_reader.h"
#include "engine/format/key_column.h"
#include "engine/format/live_docs.h"
#include "engine/format/norms_reader.h"
#include "engine/format/segment_meta.h"

namespace segue {
namespace {

void Require(bool condition) {
  if (!condition) std::abort();
}

void RequireRefusal(const absl::Status& status) {
  const ErrorCode code = CodeOf(status);
  Require(code == ErrorCode::kOk || code == ErrorCode::kDataLoss || code == ErrorCode::kVersion);
}

// Takes a length-prefixed Meta off `in`.
template <typename Meta>
absl::StatusOr<Meta> TakeMeta(ByteReader* in) {
  uint8_t meta_bytes = 0;
  std::string_view encoded;
  in->ReadU8(&meta_bytes);
  in->ReadBytes(meta_bytes, &encoded);
  ByteReader reader(encoded);
  absl::StatusOr<Meta> meta = Meta::Decode(&reader);
  RequireRefusal(meta.status());
  return meta;
}

Section Rest(ByteReader* in) {
  std::string_view body;
  in->ReadBytes(in->remaining(), &body);
  return Section::FromBytes(body);
}

void ReadSegmentMeta(ByteReader in) {
  std::string_view body;
  in.ReadBytes(in.remaining(), &body);
  const auto meta = SegmentMeta::Decode(
      std::span<const uint8_t>(reinterpret_cast<const uint8_t*>(body.data()), body.size()));
  RequireRefusal(meta.status());
  Require(!meta.ok() || meta->Encode().ok());
}

void ReadColumn(ByteReader in) {
  const auto meta = TakeMeta<ColumnMeta>(&in);
  if (!meta.ok()) return;
  const auto column = Column::Open(Rest(&in), *meta);
  RequireRefusal(column.status());
  if (!column.ok()) return;
  std::vector<int64_t> values;
  ColumnBlock block;
  for (uint32_t b = 0; b < std::min(4u, column->block_count()); ++b) {
    RequireRefusal(column->DecodeBlock(b, &block));
    for (const ValueRanges& wanted : {ValueRanges(0, 1000), ValueRanges::Of({0, 3, 1 << 20})}) {
      for (const uint64_t asked : {~uint64_t{0}, uint64_t{1}}) {
        ColumnBlockMask docs;
        docs.fill(asked);
        RequireRefusal(column->Select(b, wanted, &docs));
      }
    }
  }
  std::vector<DocId> docs;
  for (const ValueRange& range : {ValueRange{0, 1000}, ValueRange{INT64_MIN, INT64_MAX}}) {
    if (column->order().empty()) break;
    const auto run = column->FindRun(range);
    RequireRefusal(run.status());
    if (run.ok() && run->all.size() < 10000) RequireRefusal(column->AddDocs(*run, range, &docs));
  }
  Require(
      std::all_of(docs.begin(), docs.end(), [&](DocId doc) { return doc < column->doc_count(); }));
  for (DocId doc = 0; doc < std::min<DocId>(1100, column->doc_count()); doc += 11) {
    RequireRefusal(column->Get(doc).status());
    RequireRefusal(column->GetAll(doc, &values));
  }
}

void ReadKeys(ByteReader in) {
  const auto meta = TakeMeta<KeyColumnMeta>(&in);
  if (!meta.ok()) return;
  const auto keys = KeyColumn::Open(Rest(&in), *meta);
  RequireRefusal(keys.status());
  if (!keys.ok()) return;
  for (DocId doc = 0; doc < std::min<DocId>(100, keys->doc_count()); ++doc) {
    RequireRefusal(keys->Get(doc).status());
  }
}

void ReadNorms(ByteReader in) {
  const auto meta = TakeMeta<NormsMeta>(&in);
  if (!meta.ok()) return;
  const auto norms = Norms::Open(Rest(&in), *meta);
  RequireRefusal(norms.status());
  if (!norms.ok()) return;
  uint32_t sum = 0;
  for (uint64_t i = 0; i < PaddedNormBytes(norms->doc_count()); ++i) sum += norms->data()[i];
  Require(sum <= 255 * PaddedNormBytes(norms->doc_count()));
}

void ReadLive(ByteReader in) {
  uint16_t doc_count = 0;
  in.ReadU16(&doc_count);
  const auto live = ReadLiveDocs(Rest(&in), doc_count);
  RequireRefusal(live.status());
  Require(!live.ok() || live->bits.Count() == live->live_count);
}

}  // namespace
}  // namespace segue

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  segue::ByteReader in(std::span<const uint8_t>(data, size));
  uint8_t part = 0;
  if (!in.ReadU8(&part)) return 0;
  switch (part % 5) {
    case 0:
      segue::ReadSegmentMeta(in);
      break;
    case 1:
      segue::ReadColumn(in);
      break;
    case 2:
      segue::ReadKeys(in);
      break;
    case 3:
      segue::ReadNorms(in);
      break;
    default:
      segue::ReadLive(in);
  }
  return 0;
}
