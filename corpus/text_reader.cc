// SPDX-License-Identifier: Apache-2.0
#include "corpus/readers.h"
#include "corpus/source_reader.h"
#include "engine/base/status.h"
#include "engine/base/strings.h"
#include "engine/base/utf8.h"

namespace segue {
namespace {

// A NUL among the first bytes is what tells a binary file from text, for this as for other tools.
constexpr size_t kBinaryCheckBytes = 8192;

class TextReader : public SourceReader {
 public:
  using SourceReader::SourceReader;

  absl::StatusOr<bool> Next(Record* record) override {
    StartRecord(record, /*typed=*/false);
    if (done_) return false;
    done_ = true;
    SEGUE_ASSIGN_OR_RETURN(std::string text, source_->ReadAll());
    if (std::string_view(text).substr(0, kBinaryCheckBytes).find('\0') != std::string_view::npos) {
      return Error(ErrorCode::kInvalidArgument, Cat(source_->name(), ": is a binary file"));
    }
    record->fields.push_back({"id", ToValidUtf8(source_->name())});
    record->fields.push_back({"contents", ToValidUtf8(text)});
    return true;
  }

 private:
  bool done_ = false;
};

}  // namespace

std::unique_ptr<RecordReader> NewTextReader(std::unique_ptr<TextSource> source) {
  return std::make_unique<TextReader>(std::move(source));
}

}  // namespace segue
