// SPDX-License-Identifier: Apache-2.0
//
// The segments of an index, below the public interface: for inspect only.
#ifndef SEGUE_TOOLS_SEGMENTS_H_
#define SEGUE_TOOLS_SEGMENTS_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "engine/base/json.h"
#include "engine/format/manifest.h"
#include "engine/segment/segment.h"

namespace segue {

struct OpenedSegments {
  Manifest manifest;
  std::vector<std::shared_ptr<const Segment>> segments;  // beside manifest.segments
};
absl::StatusOr<OpenedSegments> OpenSegments(const std::string& path);

// Terms of about as many documents: how many, and where their bytes are.
struct FrequencyBand {
  uint64_t terms = 0, postings = 0, tokens = 0;
  uint64_t postings_bytes = 0, positions_bytes = 0, bounds_bytes = 0;
};
// 1 document, 2 to 8, 9 to 64, and so on.
inline constexpr size_t kFrequencyBands = 12;

// Where the bytes of one field are, over all segments.
struct FieldSpace {
  std::string name;
  FieldType type = FieldType::kText;
  uint64_t documents = 0, tokens = 0, terms = 0, postings = 0;
  uint64_t dictionary_bytes = 0, postings_bytes = 0, positions_bytes = 0, bounds_bytes = 0;
  uint64_t norms_bytes = 0, column_bytes = 0;
  uint64_t blocks = 0, dense_blocks = 0;  // posting blocks of 128 documents
  // By the documents that a term has in a segment.
  std::array<FrequencyBand, kFrequencyBands> bands;

  uint64_t TotalBytes() const {
    return dictionary_bytes + postings_bytes + positions_bytes + bounds_bytes + norms_bytes +
           column_bytes;
  }
  double DenseShare() const;      // of all blocks
  double BitsPerPosting() const;  // documents and frequencies
  double BitsPerPosition() const;
};

// Walks all dictionaries: about a second per ten million terms.
absl::StatusOr<std::vector<FieldSpace>> MeasureFields(const OpenedSegments& opened);

// Bytes by kind of file ("post", …), live documents included.
std::map<std::string, uint64_t> BytesByKind(const OpenedSegments& opened);

// The bands that have terms: a table of all fields, or one field's as an array.
void PrintBands(const std::vector<FieldSpace>& fields);
void PrintBandsAsJson(const FieldSpace& field, JsonWriter* json);

// The documents of a term: a line each, or JSON.
absl::Status PrintPostings(const OpenedSegments& opened, std::string_view field,
                           std::string_view term, bool json, uint64_t limit);

// Statistics of a term in each segment.
absl::Status PrintTerm(const OpenedSegments& opened, std::string_view field, std::string_view term,
                       bool json);

}  // namespace segue

#endif  // SEGUE_TOOLS_SEGMENTS_H_
