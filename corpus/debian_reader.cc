// SPDX-License-Identifier: Apache-2.0
//
// Paragraphs of "Name: value" lines, blank lines between, as in Debian's control files: a line that
// begins with a blank continues the value above, and " ." is an empty line.
#include <charconv>

#include "corpus/readers.h"
#include "corpus/source_reader.h"
#include "engine/base/status.h"
#include "engine/base/strings.h"
#include "engine/base/utf8.h"

namespace segue {
namespace {

struct Paragraph {
  std::vector<std::pair<std::string, std::string>> fields;
  uint64_t line = 0;

  const std::string* Find(std::string_view name) const {
    for (const auto& [field, value] : fields) {
      if (field == name) return &value;
    }
    return nullptr;
  }
};

// Reads the next paragraph. False at the end.
absl::StatusOr<bool> ReadParagraph(TextSource* source, Paragraph* paragraph) {
  paragraph->fields.clear();
  absl::Status mistake;
  size_t bytes = 0;
  bool any = false;
  std::string_view line;
  while (true) {
    SEGUE_ASSIGN_OR_RETURN(bool more, source->NextLine(&line));
    if (!more || (TrimBlanks(line).empty() && !source->line_too_long())) {
      if (any || !more) break;
      continue;
    }
    if (!any) paragraph->line = source->line_number();
    any = true;
    bytes += line.size();
    if (source->line_too_long() || bytes > kMaxRecordBytes) {
      if (mistake.ok()) mistake = source->BadRecord(source->line_number(), "too long");
      continue;
    }
    if (line[0] == '#') continue;
    if (line[0] == ' ' || line[0] == '\t') {
      if (paragraph->fields.empty()) {
        if (mistake.ok()) {
          mistake = source->BadRecord(source->line_number(), "continues a field that is not there");
        }
        continue;
      }
      const std::string_view rest = line.substr(1);
      CatTo(&paragraph->fields.back().second, "\n", rest == "." ? std::string_view() : rest);
      continue;
    }
    const size_t colon = line.find(':');
    if (colon == line.npos || colon == 0) {
      if (mistake.ok()) {
        mistake = source->BadRecord(
            source->line_number(),
            Cat("neither \"Name: value\" nor a continuation: ", Quoted(line, 40)));
      }
      continue;
    }
    paragraph->fields.emplace_back(std::string(line.substr(0, colon)),
                                   ToValidUtf8(TrimBlanks(line.substr(colon + 1))));
  }
  if (!mistake.ok()) return mistake;
  return any;
}

// A description is its synopsis on the first line and the text on the others.
DebianDescription SplitDescription(std::string_view value) {
  const size_t end = value.find('\n');
  if (end == value.npos) return {std::string(value), ""};
  return {std::string(value.substr(0, end)), ToValidUtf8(TrimBlanks(value.substr(end + 1)))};
}

class DebianReader : public SourceReader {
 public:
  DebianReader(std::unique_ptr<TextSource> source, const DebianTranslations* translations)
      : SourceReader(std::move(source)), translations_(translations) {}

  absl::StatusOr<bool> Next(Record* record) override {
    StartRecord(record, /*typed=*/true);
    absl::StatusOr<bool> more = ReadParagraph(source_.get(), &paragraph_);
    record->line = paragraph_.line;
    if (!more.ok() || !*more) return more;
    const std::string* package = paragraph_.Find("Package");
    if (package == nullptr) {
      return source_->BadRecord(paragraph_.line, "a paragraph without \"Package\"");
    }
    record->fields.push_back({"id", *package});
    record->fields.push_back({"name", *package});
    for (const auto& [from, to] : kCopied) {
      if (const std::string* value = paragraph_.Find(from)) {
        record->fields.push_back({std::string(to), *value});
      }
    }
    AddInstalledSize(record);
    AddTags(record);
    AddDescription(record);
    return true;
  }

 private:
  static constexpr std::pair<std::string_view, std::string_view> kCopied[] = {
      {"Version", "version"},           {"Section", "section"},   {"Priority", "priority"},
      {"Architecture", "architecture"}, {"Homepage", "homepage"}, {"Maintainer", "maintainer"}};

  void AddInstalledSize(Record* record) const {
    const std::string* value = paragraph_.Find("Installed-Size");
    if (value == nullptr) return;
    int64_t kibibytes = 0;
    const auto [end, error] =
        std::from_chars(value->data(), value->data() + value->size(), kibibytes);
    if (error == std::errc() && end == value->data() + value->size()) {
      record->fields.push_back({"installed_kib", kibibytes});
    }
  }

  void AddTags(Record* record) const {
    const std::string* value = paragraph_.Find("Tag");
    if (value == nullptr) return;
    std::string_view rest = *value;
    while (!rest.empty()) {
      const size_t comma = std::min(rest.find(','), rest.size());
      const std::string_view tag = TrimBlanks(rest.substr(0, comma));
      if (!tag.empty()) record->fields.push_back({"tag", std::string(tag)});
      rest.remove_prefix(std::min(comma + 1, rest.size()));
    }
  }

  void AddDescription(Record* record) const {
    const std::string* value = paragraph_.Find("Description");
    if (value == nullptr) value = paragraph_.Find("Description-en");
    DebianDescription description;
    if (value != nullptr) description = SplitDescription(*value);
    const std::string* md5 = paragraph_.Find("Description-md5");
    if (description.text.empty() && md5 != nullptr && translations_ != nullptr) {
      const auto found = translations_->find(*md5);
      if (found != translations_->end()) description = found->second;
    }
    if (!description.synopsis.empty()) {
      record->fields.push_back({"synopsis", std::move(description.synopsis)});
    }
    if (!description.text.empty()) {
      record->fields.push_back({"description", std::move(description.text)});
    }
  }

  const DebianTranslations* translations_;
  Paragraph paragraph_;
};

}  // namespace

bool IsDebianTranslation(std::string_view path) {
  const size_t slash = path.rfind('/');
  const std::string_view name = slash == path.npos ? path : path.substr(slash + 1);
  return name.find("Translation-") != name.npos;
}

absl::Status LoadDebianTranslations(TextSource* source, DebianTranslations* translations) {
  Paragraph paragraph;
  while (true) {
    absl::StatusOr<bool> more = ReadParagraph(source, &paragraph);
    if (!more.ok() && IsBadRecord(more.status())) continue;
    if (!more.ok()) return more.status();
    if (!*more) return absl::OkStatus();
    const std::string* md5 = paragraph.Find("Description-md5");
    if (md5 == nullptr) continue;
    for (const auto& [name, value] : paragraph.fields) {
      if (name.starts_with("Description-") && name != "Description-md5") {
        translations->emplace(*md5, SplitDescription(value));
      }
    }
  }
}

std::unique_ptr<RecordReader> NewDebianReader(std::unique_ptr<TextSource> source,
                                              const DebianTranslations* translations) {
  return std::make_unique<DebianReader>(std::move(source), translations);
}

}  // namespace segue
