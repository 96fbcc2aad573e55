// SPDX-License-Identifier: Apache-2.0
//
// A schema from looking at records.
//
//   text       strings, and whatever has values of several types
//   int64      integers               float64   numbers that are not all integers
//   bool       truth values           keyword   the key
//
// Names that no field can have (empty, too long, one too many) are passed over. Every field is
// stored. Types only ever widen: int64 to float64, anything else to text. The key
// is the first of `id`, `_id` and `key` that has one string or integer in each record looked at.
#ifndef SEGUE_CORPUS_SCHEMA_INFERENCE_H_
#define SEGUE_CORPUS_SCHEMA_INFERENCE_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "absl/status/statusor.h"
#include "corpus/record.h"
#include "segue/schema.h"

namespace segue {

class SchemaInference {
 public:
  // What a record changed about the schema.
  struct Change {
    std::vector<std::string> new_fields;      // never seen before: can be added to an index
    std::vector<std::string> widened_fields;  // of a wider type, or with several values from now on
    bool any() const { return !new_fields.empty() || !widened_fields.empty(); }
  };

  // `key`: the key field; empty: found out, from the records before the first ToSchema().
  explicit SchemaInference(std::string key) : given_key_(std::move(key)) {}

  Change Observe(const Record& record);

  // The schema of all records so far. After the first call the key is settled.
  // Errors (kInvalidArgument): no record had a value, or the given key never occurred.
  absl::StatusOr<Schema> ToSchema();
  // The options of one field. REQUIRES: it was seen.
  FieldOptions OptionsOf(std::string_view field) const;

 private:
  enum class Kind : uint8_t { kBool, kInt64, kFloat64, kText };
  struct Seen {
    std::string name;
    Kind kind = Kind::kText;
    bool multi = false;
    bool only_texts_and_integers = true;  // fit for a key
    uint64_t records = 0;
    uint64_t last_record = 0;  // number of the last record that had it
  };

  static Kind KindOf(const Value& value, bool typed);
  static Kind Wider(Kind a, Kind b);
  void SettleKey();

  const std::string given_key_;
  std::string key_;
  bool key_settled_ = false;
  uint64_t records_ = 0;
  std::vector<Seen> fields_;  // in order of appearance
  std::unordered_map<std::string, size_t> by_name_;
};

// What a cell of an untyped format looks like: integers and decimals in their usual form count as
// numbers ("007" and "1e5" do not), "true" and "false" as truth values.
enum class CellKind : uint8_t { kText, kInt64, kFloat64, kBool };
CellKind KindOfCell(std::string_view cell);

}  // namespace segue

#endif  // SEGUE_CORPUS_SCHEMA_INFERENCE_H_
