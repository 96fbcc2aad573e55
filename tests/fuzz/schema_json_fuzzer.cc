// SPDX-License-Identifier: Apache-2.0
//
// Any bytes as the JSON of a schema, of a document and of a query.
//
// Promises: what is accepted prints as JSON that reads back to the same value; a
// schema that was read is valid; errors are the caller's or a limit's.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "segue/document.h"
#include "segue/query.h"
#include "segue/schema.h"
#include "segue/status.h"
#include "tests/fuzz/require.h"

namespace {

using namespace segue;

void RequireOrdinaryError(const absl::Status& status) {
  ErrorCode code = CodeOf(status);
  Require(code == ErrorCode::kInvalidArgument || code == ErrorCode::kResourceExhausted,
          "errors are the caller's or a limit's");
  Require(!status.message().empty(), "errors say something");
}

void CheckSchema(std::string_view json) {
  absl::StatusOr<Schema> schema = Schema::FromJson(json);
  if (!schema.ok()) return RequireOrdinaryError(schema.status());
  Require(schema->Validate().ok(), "a schema that was read is valid");
  std::string printed = schema->ToJson();
  absl::StatusOr<Schema> back = Schema::FromJson(printed);
  Require(back.ok() && *back == *schema, "JSON gives the schema back");
  Require(back->ToJson() == printed, "one canonical form");
}

void CheckDocument(std::string_view json) {
  static const Schema& schema = *new Schema(*Schema::FromJson(
      R"({"key":"id","fields":{"id":{"type":"keyword"},
          "t":{"type":"text","multi":true},"n":{"type":"int64","multi":true},
          "f":{"type":"float64"},"b":{"type":"bool"},
          "at":{"type":"timestamp"},"raw":{"type":"bytes"},
          "g":{"type":"geo_point","multi":true}}})"));
  absl::StatusOr<Document> document = Document::FromJson(json, schema);
  if (!document.ok()) return RequireOrdinaryError(document.status());
  std::string printed = document->ToJson(schema);
  absl::StatusOr<Document> back = Document::FromJson(printed, schema);
  Require(back.ok(), "a printed document reads back");
  Require(back->ToJson(schema) == printed, "one form");
}

void CheckQuery(std::string_view json) {
  absl::StatusOr<Query> query = Query::FromJson(json);
  if (!query.ok()) return RequireOrdinaryError(query.status());
  Require(query->Validate().ok(), "a query that was read is valid");
  absl::StatusOr<Query> back = Query::FromJson(query->ToJson());
  Require(back.ok() && *back == *query, "JSON gives the query back");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  std::string_view json(reinterpret_cast<const char*>(data), size);
  CheckSchema(json);
  CheckDocument(json);
  CheckQuery(json);
  return 0;
}
