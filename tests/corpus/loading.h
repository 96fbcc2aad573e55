// SPDX-License-Identifier: Apache-2.0
//
// Loads whole inputs into memory, for assertions.
#ifndef SEGUE_TESTS_CORPUS_LOADING_H_
#define SEGUE_TESTS_CORPUS_LOADING_H_

#include <string>
#include <vector>

#include "corpus/readers.h"

namespace segue {

struct Loaded {
  std::vector<std::string> records;  // as JSON
  std::vector<uint64_t> lines;
  std::vector<std::string> bad;  // messages of bad records
  absl::Status final;            // why reading stopped, if not at the end
  uint64_t text_bytes = 0;
};

inline Loaded Load(const std::vector<std::string>& inputs, const ReaderOptions& options = {}) {
  Loaded loaded;
  absl::StatusOr<std::unique_ptr<RecordReader>> reader = OpenRecords(inputs, options);
  if (!reader.ok()) {
    loaded.final = reader.status();
    return loaded;
  }
  Record record;
  while (true) {
    absl::StatusOr<bool> more = (*reader)->Next(&record);
    if (!more.ok() && IsBadRecord(more.status())) {
      loaded.bad.emplace_back(MessageOf(more.status()));
      continue;
    }
    if (!more.ok()) loaded.final = more.status();
    if (!more.ok() || !*more) break;
    loaded.records.push_back(record.ToJson());
    loaded.lines.push_back(record.line);
  }
  loaded.text_bytes = (*reader)->text_bytes();
  return loaded;
}

}  // namespace segue

#endif  // SEGUE_TESTS_CORPUS_LOADING_H_
