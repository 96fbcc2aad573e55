// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <bit>

#include "engine/format/column_reader.h"
#include "engine/format/dictionary_reader.h"
#include "engine/format/file_kind.h"
#include "engine/format/manifest_io.h"
#include "engine/format/postings_format.h"
#include "engine/io/framed_file.h"
#include "tools/segments.h"

namespace segue {
namespace {

double Ratio(double a, uint64_t b) { return b == 0 ? 0 : a / static_cast<double>(b); }

size_t BandOf(uint32_t doc_freq) {
  const int bits = doc_freq == 0 ? 0 : std::bit_width(doc_freq - 1);
  return std::min((static_cast<size_t>(bits) + 2) / 3, kFrequencyBands - 1);
}

absl::Status AddDictionary(const SegmentField& field, uint32_t doc_count, FieldSpace* space) {
  const DictionaryFieldMeta& meta = field.dictionary()->field_meta();
  space->terms += meta.term_count;
  space->dictionary_bytes += meta.blocks_bytes + meta.index_bytes;
  Dictionary::Iterator it(*field.dictionary());
  for (it.SeekToFirst(); it.valid(); it.Next()) {
    const TermMeta& term = it.meta();
    space->postings += term.doc_freq;
    space->postings_bytes += term.post_bytes;
    space->positions_bytes += term.pos_bytes;
    space->bounds_bytes += term.bound_bytes;
    const uint64_t blocks = (uint64_t{term.doc_freq} + kBlockPostings - 1) / kBlockPostings;
    space->blocks += blocks;
    if (IsDenseList(term.doc_freq, doc_count)) space->dense_blocks += blocks;
    FrequencyBand& band = space->bands[BandOf(term.doc_freq)];
    ++band.terms;
    band.postings += term.doc_freq;
    band.tokens += term.total_freq;
    band.postings_bytes += term.post_bytes;
    band.positions_bytes += term.pos_bytes;
    band.bounds_bytes += term.bound_bytes;
  }
  return it.status();
}

}  // namespace

double FieldSpace::DenseShare() const { return Ratio(static_cast<double>(dense_blocks), blocks); }

double FieldSpace::BitsPerPosting() const {
  return Ratio(8.0 * static_cast<double>(postings_bytes), postings);
}

double FieldSpace::BitsPerPosition() const {
  return Ratio(8.0 * static_cast<double>(positions_bytes), positions_bytes == 0 ? 0 : tokens);
}

absl::StatusOr<OpenedSegments> OpenSegments(const std::string& path) {
  OpenedSegments opened;
  absl::StatusOr<Manifest> manifest = ReadNewestManifest(PosixEnv(), path);
  if (!manifest.ok()) return manifest.status();
  opened.manifest = *std::move(manifest);
  for (const ManifestSegment& entry : opened.manifest.segments) {
    auto segment = Segment::Open(PosixEnv(), path, entry, OpenOptions());
    if (!segment.ok()) return segment.status();
    opened.segments.push_back(*std::move(segment));
  }
  return opened;
}

absl::StatusOr<std::vector<FieldSpace>> MeasureFields(const OpenedSegments& opened) {
  std::vector<FieldSpace> spaces;
  for (const ManifestField& known : opened.manifest.fields) {
    FieldSpace space;
    space.name = known.name;
    bool found = false;
    for (const auto& segment : opened.segments) {
      const SegmentField* field = segment->field(known.name);
      if (field == nullptr) continue;
      found = true;
      space.type = field->type();
      space.documents += field->statistics().doc_count;
      space.tokens += field->statistics().sum_total_freq;
      if (field->meta().norms) space.norms_bytes += field->meta().norms->bytes;
      if (field->meta().column) {
        space.documents += field->meta().column->docs_with_value;
        space.column_bytes += field->meta().column->blocks_bytes +
                              field->meta().column->directory_bytes +
                              field->column()->order().bytes();
      }
      if (field->dictionary() == nullptr) continue;
      absl::Status status = AddDictionary(*field, segment->doc_count(), &space);
      if (!status.ok()) return status;
    }
    if (found) spaces.push_back(std::move(space));
  }
  return spaces;
}

std::map<std::string, uint64_t> BytesByKind(const OpenedSegments& opened) {
  std::map<std::string, uint64_t> bytes;
  for (const ManifestSegment& segment : opened.manifest.segments) {
    for (const ManifestFile& file : segment.files) {
      std::string kind = file.kind.ToString();
      for (const SegmentFileKind& known : kSegmentFileKinds) {
        if (known.kind == file.kind) kind = known.extension;
      }
      bytes[kind] += file.info.length;
    }
  }
  return bytes;
}

}  // namespace segue
