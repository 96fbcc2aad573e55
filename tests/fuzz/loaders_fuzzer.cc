// SPDX-License-Identifier: Apache-2.0
//
// Any bytes as an input file. The first byte chooses the reader, the second how many bytes come at
// once; the rest is the file. What is read goes the way of `segue index`: a schema is inferred, and
// documents are made by it.
//
// Promises: reading ends; a bad record is told and passed over; whatever the pieces in which the
// bytes come, the records are the same; a record that fits the inferred schema becomes a document.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "corpus/document_maker.h"
#include "corpus/readers.h"
#include "corpus/schema_inference.h"
#include "segue/status.h"
#include "tests/fuzz/require.h"

namespace {

using namespace segue;

class BytesInPieces final : public ByteStream {
 public:
  BytesInPieces(std::string_view bytes, size_t piece) : bytes_(bytes), piece_(piece) {}

  absl::StatusOr<size_t> Read(char* out, size_t capacity) override {
    const size_t count = std::min({capacity, piece_, bytes_.size() - taken_});
    std::memcpy(out, bytes_.data() + taken_, count);
    taken_ += count;
    return count;
  }
  uint64_t input_bytes() const override { return taken_; }

 private:
  const std::string_view bytes_;
  const size_t piece_;
  size_t taken_ = 0;
};

std::unique_ptr<RecordReader> ReaderOf(uint8_t kind, std::string_view bytes, size_t piece,
                                       DebianTranslations* translations) {
  const auto source = [&] {
    return std::make_unique<TextSource>("input", std::make_unique<BytesInPieces>(bytes, piece));
  };
  switch (kind % 8) {
    case 0:
      return NewJsonlReader(source());
    case 1:
      return NewCsvReader(source(), ',', {});
    case 2:
      return NewCsvReader(source(), '\t', {});
    case 3:
      return NewCsvReader(source(), ',', {"id", "text"});
    case 4:
      return NewTrecReader(source());
    case 5:
      return NewTextReader(source());
    default: {
      // A file of translations may be anything, too.
      const auto names = source();
      (void)LoadDebianTranslations(names.get(), translations);
      return NewDebianReader(source(), translations);
    }
  }
}

struct Read {
  std::vector<Record> records;
  std::vector<std::string> messages;
};

Read ReadAll(RecordReader* reader, size_t most) {
  Read read;
  Record record;
  while (true) {
    const absl::StatusOr<bool> more = reader->Next(&record);
    if (more.ok() && !*more) return read;
    if (!more.ok()) {
      Require(!more.status().message().empty(), "errors say something");
      read.messages.emplace_back(MessageOf(more.status()));
      if (!IsBadRecord(more.status())) return read;
    } else {
      read.records.push_back(record);
    }
    Require(read.records.size() + read.messages.size() <= most, "reading ends");
  }
}

void MakeDocuments(std::vector<Record> records) {
  SchemaInference inference("");
  for (const Record& record : records) inference.Observe(record);
  const absl::StatusOr<Schema> schema = inference.ToSchema();
  if (!schema.ok()) return;
  Require(schema->Validate().ok(), "an inferred schema is valid");
  DocumentMaker maker(*schema);
  Document document;
  for (Record& record : records) {
    const absl::Status status = maker.Make(&record, &document);
    Require(status.ok() || CodeOf(status) == ErrorCode::kInvalidArgument,
            "a record fits, or is the caller's mistake");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size < 2) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 2, size - 2);
  DebianTranslations translations;
  Read whole = ReadAll(ReaderOf(data[0], bytes, SIZE_MAX, &translations).get(), bytes.size() + 2);
  DebianTranslations again;
  const Read pieces =
      ReadAll(ReaderOf(data[0], bytes, data[1] % 7 + 1, &again).get(), bytes.size() + 2);
  Require(whole.messages == pieces.messages, "messages do not depend on the pieces");
  Require(whole.records.size() == pieces.records.size(), "nor do records");
  for (size_t i = 0; i < whole.records.size(); ++i) {
    Require(whole.records[i].ToJson() == pieces.records[i].ToJson(), "nor what is in them");
  }
  MakeDocuments(std::move(whole.records));
  return 0;
}
