// SPDX-License-Identifier: Apache-2.0
//
// A row is a line, and goes on to the next line while a quote is open. The row is split into cells
// in one pass over its bytes.
#include <algorithm>

#include "corpus/readers.h"
#include "corpus/source_reader.h"
#include "engine/base/status.h"
#include "engine/base/strings.h"
#include "engine/base/utf8.h"

namespace segue {
namespace {

class CsvReader : public SourceReader {
 public:
  CsvReader(std::unique_ptr<TextSource> source, char separator, std::vector<std::string> columns)
      : SourceReader(std::move(source)), separator_(separator), columns_(std::move(columns)) {}

  absl::StatusOr<bool> Next(Record* record) override {
    StartRecord(record, /*typed=*/false);
    if (columns_.empty()) {
      SEGUE_ASSIGN_OR_RETURN(bool any, ReadHeader());
      if (!any) return false;
    }
    SEGUE_ASSIGN_OR_RETURN(bool more, ReadRow());
    if (!more) return false;
    record->line = row_line_;
    if (cells_.size() != columns_.size()) {
      return source_->BadRecord(
          row_line_, Cat(cells_.size(), " cells where the header has ", columns_.size()));
    }
    for (size_t i = 0; i < cells_.size(); ++i) {
      if (!cells_[i].empty()) record->fields.push_back({columns_[i], ToValidUtf8(cells_[i])});
    }
    return true;
  }

 private:
  absl::StatusOr<bool> ReadHeader() {
    SEGUE_ASSIGN_OR_RETURN(bool more, ReadRow());
    if (!more) return false;
    for (const std::string& cell : cells_) {
      std::string name(TrimBlanks(ToValidUtf8(cell)));
      if (name.empty() || std::find(columns_.begin(), columns_.end(), name) != columns_.end()) {
        columns_.clear();
        return Error(
            ErrorCode::kFailedPrecondition,
            Cat(source_->name(), ":", row_line_, ": the header line has ",
                name.empty() ? "a column without a name" : Cat("two columns named ", Quoted(name)),
                "; --columns names them for a file that has no header"));
      }
      columns_.push_back(std::move(name));
    }
    return true;
  }

  // Reads the next row that is not blank into cells_.
  absl::StatusOr<bool> ReadRow() {
    std::string_view line;
    do {
      SEGUE_ASSIGN_OR_RETURN(bool more, source_->NextLine(&line));
      if (!more) return false;
      row_line_ = source_->line_number();
      if (source_->line_too_long()) return TooLong(row_line_);
    } while (line.empty());
    if (line.find('"') == line.npos) {
      SplitPlain(line);
      return true;
    }
    row_.assign(line);
    while (!SplitQuoted()) {
      SEGUE_ASSIGN_OR_RETURN(bool more, source_->NextLine(&line));
      if (!more) return source_->BadRecord(row_line_, "a quote is opened here and never closed");
      if (source_->line_too_long() || row_.size() + line.size() > kMaxRecordBytes) {
        return TooLong(row_line_);
      }
      row_ += '\n';
      row_ += line;
    }
    return true;
  }

  void SplitPlain(std::string_view line) {
    cells_.clear();
    while (true) {
      const size_t end = line.find(separator_);
      cells_.emplace_back(line.substr(0, end));
      if (end == line.npos) return;
      line.remove_prefix(end + 1);
    }
  }

  // Splits row_ into cells_. False if a quote is still open at its end.
  bool SplitQuoted() {
    // An open quote makes this run again for each line of the cell; skip what cannot have changed.
    if (open_quote_at_ > 0) {
      if (row_.find('"', open_quote_at_) == row_.npos) {
        open_quote_at_ = row_.size();
        return false;
      }
      open_quote_at_ = 0;
    }
    cells_.clear();
    size_t at = 0;
    while (true) {
      std::string cell;
      size_t after = at;
      if (at < row_.size() && row_[at] == '"') {
        const bool closed = ReadQuoted(at, &cell, &after);
        const bool ends_cell = after >= row_.size() || row_[after] == separator_;
        if (separator_ == '\t' && (!closed || !ends_cell)) {
          after = std::min(row_.find(separator_, at), row_.size());
          cell = row_.substr(at, after - at);
        } else if (!closed) {
          open_quote_at_ = row_.size();
          return false;
        }
      }
      // What follows a closing quote, or the whole of an unquoted cell, is taken as it is.
      const size_t end = std::min(row_.find(separator_, after), row_.size());
      cell.append(row_, after, end - after);
      cells_.push_back(std::move(cell));
      if (end == row_.size()) return true;
      at = end + 1;
    }
  }

  bool ReadQuoted(size_t at, std::string* cell, size_t* after) const {
    for (size_t i = at + 1; i < row_.size(); ++i) {
      if (row_[i] != '"') {
        *cell += row_[i];
      } else if (i + 1 < row_.size() && row_[i + 1] == '"') {
        *cell += '"';
        ++i;
      } else {
        *after = i + 1;
        return true;
      }
    }
    *after = row_.size();
    return false;
  }

  const char separator_;
  std::vector<std::string> columns_;
  std::string row_;
  uint64_t row_line_ = 0;
  size_t open_quote_at_ = 0;
  std::vector<std::string> cells_;
};

}  // namespace

std::unique_ptr<RecordReader> NewCsvReader(std::unique_ptr<TextSource> source, char separator,
                                           std::vector<std::string> columns) {
  return std::make_unique<CsvReader>(std::move(source), separator, std::move(columns));
}

}  // namespace segue
