// SPDX-License-Identifier: Apache-2.0
//
// The schema of an index: which fields its documents have and what is kept of each.
//
//   segue::Schema schema;
//   schema.AddField("id", {.type = segue::FieldType::kKeyword, .stored = true});
//   schema.AddField("text", {.type = segue::FieldType::kText});
//   schema.SetKey("id");
//   schema.SetDefaultFields({"text"});
//
// JSON form (the grammar the tools read and print):
//   {"key":F,"default":[F...],"stored_compression":"snappy" or "zstd",
//    "analyzers":{NAME:{"char_filters":[...],"tokenizer":...,"filters":[...]}},
//    "fields":{F:{"type":...,"analyzer":NAME,"search_analyzer":NAME,"positions":bool,
//                 "stored":bool,"indexed":bool,"multi":bool,"updatable":bool,"from":[F...],"join":S,
//                 "similarity":S,"k1":x,"b":x,"delta":x,"mu":x,"boost":x}}}
// Unknown members are errors that name the nearest known member.
#ifndef SEGUE_SCHEMA_H_
#define SEGUE_SCHEMA_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "segue/export.h"
#include "segue/similarity.h"

namespace segue {

enum class FieldType : uint8_t {
  kText = 1,       // analysed into tokens, scored by a similarity
  kKeyword = 2,    // one term, byte for byte
  kInt64 = 3,      // a column of 64-bit integers
  kFloat64 = 4,    // a column of doubles
  kBool = 5,       // a column of true and false
  kTimestamp = 6,  // a column of microseconds since 1970-01-01 UTC
  kBytes = 7,      // stored only
  kGeoPoint = 8,   // a column of points on the earth
};

// "text", "keyword", "int64", "float64", "bool", "timestamp", "bytes", "geo_point".
SEGUE_EXPORT std::string_view FieldTypeName(FieldType type);

// How stored values are compressed. Each segment stands for itself, so that an index may have
// segments of both.
enum class StoredCompression : uint8_t {
  kSnappy = 0,  // fast
  // Smaller, and slower to read and to write: with a dictionary that is trained for each segment of
  // more than a few MiB.
  kZstd = 1,
};

// "snappy", "zstd".
SEGUE_EXPORT std::string_view StoredCompressionName(StoredCompression compression);
// kInvalidArgument for any other name; names the nearest.
SEGUE_EXPORT absl::StatusOr<StoredCompression> ParseStoredCompression(std::string_view name);

struct FieldOptions {
  FieldType type = FieldType::kText;
  std::string analyzer = "standard";  // text fields: how documents become tokens
  std::string search_analyzer = {};   // text fields: how queries do; empty: as `analyzer`
  bool positions = true;  // text fields: keep word positions, so that phrases can be searched
  bool stored = false;    // keep the value, to be shown with a hit
  bool indexed = true;    // make the field searchable (numbers: write the column)
  bool multi = false;     // a document may have several values (100 positions apart)
  // Numbers, timestamps and booleans of one value: Writer::SetValue may change it in a document
  // that is there. `stored` then shows the value that the document has now, behind its other ones.
  bool updatable = false;
  std::vector<std::string> from = {};         // fill this field from these fields of the document
  std::string join = " ";                     // what stands between values joined by `from`
  Similarity similarity = Similarity::kBm25;  // text and keyword fields: what their terms score
  float k1 = 1.2f;                            // BM25 and BM25+: term-frequency saturation, >= 0
  float b = 0.75f;                            // BM25 and BM25+: length normalisation, 0..1
  float delta = 1.0f;                         // BM25+: for each word that is there, >= 0
  float mu = 2000.0f;  // kLmDirichlet: how much the collection counts, in tokens, > 0
  float boost = 1.0f;  // multiplies the field's scores at query time, > 0

  friend bool operator==(const FieldOptions&, const FieldOptions&) = default;
};

struct Field {
  std::string name;
  FieldOptions options;

  friend bool operator==(const Field&, const Field&) = default;
};

// A value: copy freely. Not safe to change while another thread reads it.
class SEGUE_EXPORT Schema {
 public:
  // Adds a field. Errors: the name is taken, empty or too long; an option out of its range.
  absl::Status AddField(std::string_view name, FieldOptions options);

  // Makes a declared single-valued keyword field the unique external id of documents.
  absl::Status SetKey(std::string_view field);

  // The fields that a word without `field:` searches. Empty: all indexed text fields.
  absl::Status SetDefaultFields(std::vector<std::string> fields);

  // Declares an analyzer by its JSON definition (see segue/analysis.h). The definition itself
  // is checked when an index is created or opened with it.
  absl::Status AddAnalyzer(std::string_view name, std::string_view definition_json);

  // Of segments that are written from then on (Writer::SetStoredCompression for an index that is
  // there).
  void SetStoredCompression(StoredCompression compression) { stored_compression_ = compression; }

  // Errors: not JSON, an unknown member, a value of the wrong type or out of its range.
  static absl::StatusOr<Schema> FromJson(std::string_view json);
  // Canonical: members in a fixed order, members equal to their default left out.
  std::string ToJson() const;

  const std::vector<Field>& fields() const { return fields_; }
  // nullptr if there is no such field. Cost: linear in the number of fields for < 16, else hashed
  // by nobody: callers on hot paths keep the pointer.
  const Field* Find(std::string_view name) const;
  const std::string& key() const { return key_; }  // empty: no key
  // As set; see EffectiveDefaultFields for what a search uses.
  const std::vector<std::string>& default_fields() const { return default_fields_; }
  std::vector<std::string> EffectiveDefaultFields() const;
  const std::vector<std::pair<std::string, std::string>>& analyzers() const { return analyzers_; }

  StoredCompression stored_compression() const { return stored_compression_; }

  // Checks what involves several fields: `from` names exist or are plain source names, the key is
  // a keyword, defaults are indexed.
  absl::Status Validate() const;

  friend bool operator==(const Schema&, const Schema&) = default;

 private:
  std::vector<Field> fields_;
  std::string key_;
  std::vector<std::string> default_fields_;
  std::vector<std::pair<std::string, std::string>> analyzers_;
  StoredCompression stored_compression_ = StoredCompression::kSnappy;
};

}  // namespace segue

#endif  // SEGUE_SCHEMA_H_
