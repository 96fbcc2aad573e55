// SPDX-License-Identifier: Apache-2.0
//
// What an index holds, taken out of its segments again and put side by side with
// what a naive model makes of the same documents.
#ifndef SEGUE_TESTS_WRITE_INDEX_DUMP_H_
#define SEGUE_TESTS_WRITE_INDEX_DUMP_H_

#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "engine/format/stored_format.h"
#include "segue/document.h"
#include "segue/env.h"
#include "segue/schema.h"
#include "segue/statistics.h"

namespace segue {

// One occurrence list: document, frequency, positions.
struct DumpedPosting {
  uint64_t doc = 0;
  uint32_t freq = 0;
  std::vector<uint32_t> positions;

  friend bool operator==(const DumpedPosting&, const DumpedPosting&) = default;
};

struct DumpedField {
  std::map<std::string, std::vector<DumpedPosting>> terms;
  std::vector<uint8_t> norms;  // of text fields
  FieldStatistics statistics;
  uint64_t sum_doc_freq = 0;
  std::vector<std::vector<int64_t>> column;  // by document

  friend bool operator==(const DumpedField&, const DumpedField&) = default;
};

// Live documents only, numbered from 0 across segments.
struct IndexDump {
  uint64_t doc_count = 0;
  std::map<std::string, DumpedField> fields;
  std::vector<std::string> keys;
  std::vector<std::vector<StoredField>> stored;

  friend bool operator==(const IndexDump&, const IndexDump&) = default;
};

// Reads the newest generation. Statistics are recounted from the postings of
// live documents; where nothing is deleted they are compared with the stored
// ones, and a difference is an error.
absl::StatusOr<IndexDump> DumpIndex(Env* env, const std::string& dir);

// What the index should hold after adding these documents.
absl::StatusOr<IndexDump> ModelIndex(const Schema& schema, std::span<const Document> documents);

// The first difference in words, empty if there is none.
std::string Difference(const IndexDump& found, const IndexDump& wanted);

// Names and contents of all files but the lock.
std::map<std::string, std::string> AllFiles(Env* env, const std::string& dir);

// Bodies of the only segment's files, by kind, without the metadata.
std::map<std::string, std::string> SegmentBodies(Env* env, const std::string& dir);

}  // namespace segue

#endif  // SEGUE_TESTS_WRITE_INDEX_DUMP_H_
