// SPDX-License-Identifier: Apache-2.0
//
// VerifyIndex: reads everything in an index and derives again whatever can be derived.
//
//   manifest    names, numbers and schema fit together; every file has its length and checksums
//   dictionary  terms ascend, look-up and walk agree, counts and maxima hold
//   postings    documents ascend, skip data lead to them, bitmaps and ranks agree, frequencies and
//               documents add up to what dictionary, field and metadata say
//   positions   as many as the frequency says, in order, the same by random access
//   norms       the length of every document, from its postings
//   bounds      dominate every posting; frontiers are attained, window bytes are the least ones
//   columns     values, presence, counts, minima and maxima of blocks
//   stored      every document decodes, its values have the types of their fields
//   keys        one for each document, a term of the key field, no two live ones alike
//   live        as many as the manifest says
//   text        stored text, keywords and numbers, analysed again, give just these postings,
//               positions and columns (where the field stores its values and is fed by itself)
//
// A valid checksum proves nothing here: damage that was sealed again is found by these rules.
#ifndef SEGUE_VERIFY_VERIFY_H_
#define SEGUE_VERIFY_VERIFY_H_

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "segue/analysis.h"
#include "segue/env.h"

namespace segue {

struct VerifyOptions {
  // Compare the index with the stored values. Off for an index whose documents came with tokens
  // of the host program, which nothing can derive again.
  bool compare_stored = true;
  // Problems listed; further ones are only counted. After so many of one segment the rest of it is
  // given up.
  size_t max_problems = 100;
  ReadMode read_mode = ReadMode::kAuto;
  // Tokenizers and filters beyond the built-in ones; fields whose analyzer is unknown, or not the
  // one that made the index, are not compared with their text.
  const AnalyzerRegistry* analyzers = nullptr;
  // Called now and then with what is being done.
  std::function<void(const std::string& phase)> progress;
  const std::atomic<bool>* cancel = nullptr;
};

struct VerifyReport {
  uint64_t generation = 0;
  uint64_t segments = 0;
  uint64_t documents = 0;  // deleted ones included
  uint64_t deleted = 0;
  uint64_t bytes = 0;
  uint64_t terms = 0;
  uint64_t postings = 0;
  uint64_t positions = 0;
  uint64_t stored_values = 0;
  uint64_t fields_compared = 0;       // with their stored values, counted in each segment
  std::vector<std::string> problems;  // each with segment, field and place
  uint64_t problem_count = 0;
  std::vector<uint64_t> damaged_segments;  // numbers of those with problems, in document order

  bool ok() const { return problem_count == 0; }
};

// Damage goes into the report. An error means that the check itself could not be made: kNotFound
// (no index), kVersion, kIo, kResourceExhausted, kCancelled.
// Memory: about 20 bytes for each document of the largest segment and 16 for each key.
absl::StatusOr<VerifyReport> VerifyIndex(Env* env, const std::string& dir,
                                         const VerifyOptions& options = {});

}  // namespace segue

#endif  // SEGUE_VERIFY_VERIFY_H_
