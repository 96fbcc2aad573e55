// SPDX-License-Identifier: Apache-2.0
//
// Turns what the user named into a list of files, and reads them one after the other.
#include <errno.h>
#include <glob.h>
#include <sys/stat.h>

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <system_error>

#include "corpus/readers.h"
#include "engine/base/status.h"
#include "engine/base/strings.h"

namespace segue {
namespace {

// Enough to see the first tag, brace or header line.
constexpr size_t kSniffBytes = 4096;

absl::Status AddFolder(const std::string& folder, std::vector<std::string>* files) {
  namespace fs = std::filesystem;
  std::error_code error;
  std::vector<std::string> found;
  fs::recursive_directory_iterator it(folder, error), end;
  while (!error && it != end) {
    std::error_code ignored;
    if (it->is_regular_file(ignored)) found.push_back(it->path().string());
    it.increment(error);
  }
  if (error) return Error(ErrorCode::kIo, Cat(folder, ": ", error.message()));
  if (found.empty()) {
    return Error(ErrorCode::kNotFound, Cat(folder, ": the folder has no files"));
  }
  std::sort(found.begin(), found.end());
  files->insert(files->end(), found.begin(), found.end());
  return absl::OkStatus();
}

absl::Status AddGlob(const std::string& pattern, std::vector<std::string>* inputs) {
  glob_t matches;
  const int result = ::glob(pattern.c_str(), 0, nullptr, &matches);
  if (result != 0) {
    return Error(result == GLOB_NOSPACE ? ErrorCode::kResourceExhausted : ErrorCode::kNotFound,
                 Cat(pattern, ": no file matches this pattern"));
  }
  inputs->insert(inputs->end(), matches.gl_pathv, matches.gl_pathv + matches.gl_pathc);
  ::globfree(&matches);
  return absl::OkStatus();
}

absl::Status AddInput(const std::string& input, std::vector<std::string>* files) {
  struct stat info;
  if (input == "-") {
    files->push_back(input);
  } else if (::stat(input.c_str(), &info) == 0) {
    if (S_ISDIR(info.st_mode)) return AddFolder(input, files);
    files->push_back(input);
  } else if (errno == ENOENT && input.find_first_of("*?[") != input.npos) {
    std::vector<std::string> matches;
    SEGUE_RETURN_IF_ERROR(AddGlob(input, &matches));
    for (const std::string& match : matches) {
      if (::stat(match.c_str(), &info) == 0 && S_ISDIR(info.st_mode)) {
        SEGUE_RETURN_IF_ERROR(AddFolder(match, files));
      } else {
        files->push_back(match);
      }
    }
  } else {
    const int error = errno;
    return Error(error == ENOENT || error == ENOTDIR ? ErrorCode::kNotFound : ErrorCode::kIo,
                 Cat(input, ": ", std::strerror(error)));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::unique_ptr<TextSource>> OpenSource(const std::string& file) {
  SEGUE_ASSIGN_OR_RETURN(std::unique_ptr<ByteStream> stream, OpenByteStream(file));
  return std::make_unique<TextSource>(file == "-" ? "<stdin>" : file, std::move(stream));
}

// The records of a list of files.
class MultiReader : public RecordReader {
 public:
  MultiReader(std::vector<std::string> files, ReaderOptions options)
      : files_(std::move(files)), options_(std::move(options)) {
    for (const std::string& file : files_) {
      struct stat info;
      // One input of unknown size makes the whole unknown.
      if (::stat(file.c_str(), &info) != 0 || !S_ISREG(info.st_mode)) size_known_ = false;
      total_bytes_ += size_known_ ? static_cast<uint64_t>(info.st_size) : 0;
    }
  }

  absl::StatusOr<bool> Next(Record* record) override {
    while (true) {
      if (current_ == nullptr) {
        if (next_file_ == files_.size()) return false;
        SEGUE_RETURN_IF_ERROR(OpenNext());
        if (current_ == nullptr) continue;
      }
      absl::StatusOr<bool> more = current_->Next(record);
      if (!more.ok() || *more) return more;
      finished_text_bytes_ += current_->text_bytes();
      finished_input_bytes_ += current_->input_bytes();
      current_.reset();
    }
  }

  uint64_t text_bytes() const override {
    return finished_text_bytes_ + (current_ ? current_->text_bytes() : 0);
  }
  uint64_t input_bytes() const override {
    return finished_input_bytes_ + (current_ ? current_->input_bytes() : 0);
  }
  std::optional<Format> format() const override { return format_; }
  uint64_t input_bytes_total() const override { return size_known_ ? total_bytes_ : 0; }

 private:
  absl::StatusOr<Format> FormatOf(const std::string& file, TextSource* source) const {
    if (options_.format) return *options_.format;
    if (std::optional<Format> format = FormatOfName(file)) return *format;
    SEGUE_ASSIGN_OR_RETURN(std::string_view head, source->Peek(kSniffBytes));
    if (std::optional<Format> format = FormatOfContent(head)) return *format;
    if (file != "-") return Format::kText;
    return Error(ErrorCode::kFailedPrecondition,
                 "cannot tell the format of standard input; name it with --format");
  }

  absl::Status OpenNext() {
    const std::string& file = files_[next_file_++];
    SEGUE_ASSIGN_OR_RETURN(std::unique_ptr<TextSource> source, OpenSource(file));
    if (IsDebianTranslation(file) && options_.format.value_or(Format::kDebian) == Format::kDebian) {
      SEGUE_RETURN_IF_ERROR(LoadDebianTranslations(source.get(), &translations_));
      finished_input_bytes_ += source->input_bytes();
      return absl::OkStatus();
    }
    SEGUE_ASSIGN_OR_RETURN(const Format format, FormatOf(file, source.get()));
    format_ = format;
    switch (format) {
      case Format::kJsonl:
        current_ = NewJsonlReader(std::move(source));
        break;
      case Format::kCsv:
        current_ = NewCsvReader(std::move(source), ',', options_.columns);
        break;
      case Format::kTsv:
        current_ = NewCsvReader(std::move(source), '\t', options_.columns);
        break;
      case Format::kTrec:
        current_ = NewTrecReader(std::move(source));
        break;
      case Format::kText:
        current_ = NewTextReader(std::move(source));
        break;
      case Format::kDebian:
        current_ = NewDebianReader(std::move(source), &translations_);
        break;
    }
    return absl::OkStatus();
  }

  const std::vector<std::string> files_;
  const ReaderOptions options_;
  size_t next_file_ = 0;
  std::unique_ptr<RecordReader> current_;
  std::optional<Format> format_;
  DebianTranslations translations_;
  uint64_t finished_text_bytes_ = 0;
  uint64_t finished_input_bytes_ = 0;
  uint64_t total_bytes_ = 0;
  bool size_known_ = true;
};

}  // namespace

absl::StatusOr<std::vector<std::string>> ExpandInputs(const std::vector<std::string>& inputs) {
  std::vector<std::string> files;
  for (const std::string& input : inputs) SEGUE_RETURN_IF_ERROR(AddInput(input, &files));
  if (files.empty()) return Error(ErrorCode::kInvalidArgument, "no input files");
  return files;
}

absl::StatusOr<std::unique_ptr<RecordReader>> OpenRecords(const std::vector<std::string>& inputs,
                                                          const ReaderOptions& options) {
  SEGUE_ASSIGN_OR_RETURN(std::vector<std::string> files, ExpandInputs(inputs));
  // Long descriptions must be known before the packages that they belong to.
  std::stable_partition(files.begin(), files.end(),
                        [](const std::string& file) { return IsDebianTranslation(file); });
  return std::unique_ptr<RecordReader>(std::make_unique<MultiReader>(std::move(files), options));
}

std::optional<Schema> SchemaOfFormat(Format format) {
  if (format != Format::kDebian) return std::nullopt;
  Schema schema;
  const FieldOptions keyword = {.type = FieldType::kKeyword, .stored = true};
  const FieldOptions text = {.type = FieldType::kText, .stored = true};
  FieldOptions tags = keyword;
  tags.multi = true;
  bool ok = schema.AddField("id", keyword).ok();
  for (const char* name : {"name", "synopsis", "description", "maintainer"}) {
    ok = ok && schema.AddField(name, text).ok();
  }
  for (const char* name : {"version", "section", "priority", "architecture", "homepage"}) {
    ok = ok && schema.AddField(name, keyword).ok();
  }
  ok = ok && schema.AddField("tag", tags).ok() &&
       schema.AddField("installed_kib", {.type = FieldType::kInt64, .stored = true}).ok() &&
       schema.SetKey("id").ok() &&
       schema.SetDefaultFields({"name", "synopsis", "description"}).ok();
  if (!ok) return std::nullopt;
  return schema;
}

}  // namespace segue
