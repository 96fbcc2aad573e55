// SPDX-License-Identifier: Apache-2.0
//
// Records become documents of a schema.
#ifndef SEGUE_CORPUS_DOCUMENT_MAKER_H_
#define SEGUE_CORPUS_DOCUMENT_MAKER_H_

#include <cstdint>
#include <map>
#include <string>
#include <unordered_map>

#include "absl/status/status.h"
#include "corpus/record.h"
#include "segue/document.h"
#include "segue/schema.h"

namespace segue {

// Not thread-safe. The schema must outlive it and not change.
class DocumentMaker {
 public:
  explicit DocumentMaker(const Schema& schema);

  // Moves the record's values into *document (whose old content is lost), by the types of the
  // schema: numbers and truth values become text where text is wanted, cells of untyped formats
  // become numbers and truth values, times and bytes are read by the schema's rules.
  // kInvalidArgument ("file:line: …") if a value does not fit. Names that the schema does not know
  // are dropped and counted.
  absl::Status Make(Record* record, Document* document);

  // Names that were dropped so far, with the number of values.
  const std::map<std::string, uint64_t>& dropped() const { return dropped_; }

 private:
  absl::Status Convert(const Field& field, bool typed, Value* value) const;

  const Schema& schema_;
  std::unordered_map<std::string, const Field*> fields_;  // nullptr: a source of a `from` only
  std::map<std::string, uint64_t> dropped_;
};

}  // namespace segue

#endif  // SEGUE_CORPUS_DOCUMENT_MAKER_H_
