// SPDX-License-Identifier: Apache-2.0
//
// Records become documents of a schema.
#ifndef SEGUE_CORPUS_DOCUMENT_MAKER_H_
#define SEGUE_CORPUS_DOCUMENT_MAKER_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>

#include "absl/status/status.h"
#include "corpus/record.h"
#include "segue/document.h"
#include "segue/schema.h"

namespace segue {

// Values of fields that a schema does not have.
struct DroppedValues {
  static constexpr size_t kMaxNames = 20;  // input may have any number of them

  std::map<std::string, uint64_t> by_name;  // of the first names
  uint64_t of_others = 0;

  void Count(const std::string& name);
};

// Not thread-safe. The schema must outlive it and not change.
class DocumentMaker {
 public:
  // `dropped`: what was dropped before, by a maker for an earlier state of the schema.
  explicit DocumentMaker(const Schema& schema, DroppedValues dropped = {});

  // Moves the record's values into *document (whose old content is lost), by the types of the
  // schema: numbers and truth values become text where text is wanted, cells of untyped formats
  // become numbers and truth values, times, bytes and points are read by the schema's rules. What
  // objects like {"lat":48.1,"lon":11.6} have become, the members place.lat and place.lon, is a
  // point of a field `place`, as long as the schema has no fields of these names.
  // kInvalidArgument ("file:line: …") if a value does not fit. Names that the schema does not know
  // are dropped and counted.
  absl::Status Make(Record* record, Document* document);

  const DroppedValues& dropped() const { return dropped_; }

 private:
  // Of a point whose parts come one by one.
  struct PointPart {
    const Field* field = nullptr;
    bool is_latitude = false;
  };
  struct Parts {
    std::optional<double> latitude;
    std::optional<double> longitude;
  };

  absl::Status AddPart(const PointPart& part, bool typed, Value value, Document* document);
  absl::Status Convert(const Field& field, bool typed, Value* value) const;

  const Schema& schema_;
  std::unordered_map<std::string, const Field*> fields_;  // nullptr: a source of a `from` only
  std::unordered_map<std::string, PointPart> point_parts_;
  std::map<std::string, Parts> open_points_;  // of the document being made, by field
  DroppedValues dropped_;
};

}  // namespace segue

#endif  // SEGUE_CORPUS_DOCUMENT_MAKER_H_
