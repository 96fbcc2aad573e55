// SPDX-License-Identifier: Apache-2.0
//
// simdjson parses each line where it lies, in the source's padded buffer, and checks all of it,
// UTF-8 included. Its DOM interface is used because that one picks the processor's instructions at
// run time; the On-Demand one would be compiled for the oldest processor.
#include <simdjson.h>

#include "corpus/readers.h"
#include "corpus/source_reader.h"
#include "engine/base/status.h"
#include "engine/base/strings.h"

namespace segue {
namespace {

namespace dom = simdjson::dom;

static_assert(TextSource::kPaddingBytes >= simdjson::SIMDJSON_PADDING);

// Deeper objects are refused: their dotted names would serve nobody.
constexpr int kMaxDepth = 64;

class JsonlReader : public SourceReader {
 public:
  using SourceReader::SourceReader;

  absl::StatusOr<bool> Next(Record* record) override {
    StartRecord(record, /*typed=*/true);
    std::string_view line;
    do {
      SEGUE_ASSIGN_OR_RETURN(bool more, source_->NextLine(&line));
      if (!more) return false;
      record->line = source_->line_number();
      if (source_->line_too_long()) return TooLong(record->line);
    } while (TrimBlanks(line).empty());
    const simdjson::error_code error = Parse(line, record);
    if (error == simdjson::SUCCESS) return true;
    record->fields.clear();
    return source_->BadRecord(record->line, Describe(error, line));
  }

 private:
  simdjson::error_code Parse(std::string_view line, Record* record) {
    dom::element root;
    dom::object object;
    // The padding is there already, so nothing is copied.
    auto error = parser_.parse(line.data(), line.size(), /*realloc_if_needed=*/false).get(root);
    if (error == simdjson::SUCCESS) error = root.get_object().get(object);
    if (error != simdjson::SUCCESS) return error;
    name_.clear();
    return AddObject(object, 1, record);
  }

  simdjson::error_code AddObject(const dom::object& object, int depth, Record* record) {
    const size_t parent_bytes = name_.size();
    for (const dom::key_value_pair member : object) {
      name_.resize(parent_bytes);
      if (parent_bytes > 0) name_ += '.';
      name_ += member.key;
      if (auto error = AddValue(member.value, depth, record)) return error;
    }
    name_.resize(parent_bytes);
    return simdjson::SUCCESS;
  }

  simdjson::error_code AddValue(const dom::element& value, int depth, Record* record) {
    if (depth > kMaxDepth) return simdjson::DEPTH_ERROR;
    const auto add = [this, record](Value v) { record->fields.push_back({name_, std::move(v)}); };
    switch (value.type()) {
      case dom::element_type::STRING:
        add(std::string(std::string_view(value)));
        break;
      case dom::element_type::INT64:
        add(int64_t(value));
        break;
      case dom::element_type::UINT64:  // beyond int64: as a double, as JSON itself has it
        add(static_cast<double>(uint64_t(value)));
        break;
      case dom::element_type::DOUBLE:
        add(double(value));
        break;
      case dom::element_type::BOOL:
        add(bool(value));
        break;
      case dom::element_type::NULL_VALUE:
        break;
      case dom::element_type::ARRAY:
        for (const dom::element element : dom::array(value)) {
          if (auto error = AddValue(element, depth + 1, record)) return error;
        }
        break;
      case dom::element_type::OBJECT:
        return AddObject(dom::object(value), depth + 1, record);
    }
    return simdjson::SUCCESS;
  }

  static std::string Describe(simdjson::error_code error, std::string_view line) {
    switch (error) {
      case simdjson::INCORRECT_TYPE:
        return Cat("not a JSON object (one a line is wanted): ", Quoted(line, 40));
      case simdjson::UTF8_ERROR:
        return "not valid UTF-8";
      case simdjson::DEPTH_ERROR:
        return Cat("objects and arrays nested more than ", kMaxDepth, " deep");
      default:
        return Cat("not JSON: ", simdjson::error_message(error), " Line: ", Quoted(line, 40));
    }
  }

  dom::parser parser_{kMaxRecordBytes};
  std::string name_;  // of the value being read, dotted
};

}  // namespace

std::unique_ptr<RecordReader> NewJsonlReader(std::unique_ptr<TextSource> source) {
  return std::make_unique<JsonlReader>(std::move(source));
}

}  // namespace segue
