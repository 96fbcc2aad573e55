// SPDX-License-Identifier: Apache-2.0
#include "corpus/passages.h"

#include <algorithm>
#include <string>

#include "corpus/source_reader.h"
#include "engine/base/strings.h"
#include "engine/base/utf8.h"

namespace segue {
namespace {

bool IsBlank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\f' || c == '\v'; }

// Cuts a paragraph behind every max_words-th word.
void CutParagraph(std::string_view paragraph, size_t max_words,
                  std::vector<std::string_view>* passages) {
  size_t begin = 0, words = 0, at = 0;
  while (at < paragraph.size()) {
    while (at < paragraph.size() && IsBlank(paragraph[at])) ++at;
    if (words == max_words) {
      passages->push_back(TrimBlanks(paragraph.substr(begin, at - begin)));
      begin = at;
      words = 0;
    }
    if (at < paragraph.size()) ++words;
    while (at < paragraph.size() && !IsBlank(paragraph[at])) ++at;
  }
  if (words > 0) passages->push_back(TrimBlanks(paragraph.substr(begin)));
}

}  // namespace

std::vector<std::string_view> SplitPassages(std::string_view text, const PassageOptions& options) {
  std::vector<std::string_view> passages;
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size());
    const std::string_view paragraph = TrimBlanks(text.substr(0, end));
    if (!paragraph.empty() && CountCharacters(paragraph) >= options.min_characters) {
      CutParagraph(paragraph, std::max<size_t>(options.max_words, 1), &passages);
    }
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return passages;
}

std::vector<Record> PassagesOf(const Record& article, const PassageOptions& options) {
  std::string_view id, text;
  std::string number;
  for (const RecordField& field : article.fields) {
    const bool is_id = field.name == "id" || field.name == "_id";
    if (const auto* integer = std::get_if<int64_t>(&field.value); is_id && integer != nullptr) {
      number = Cat(*integer);
      id = number;
    } else if (const auto* value = std::get_if<std::string>(&field.value)) {
      if (is_id) id = *value;
      if (field.name == "text" || field.name == "contents") text = *value;
    }
  }
  std::vector<Record> records;
  for (const std::string_view passage : SplitPassages(text, options)) {
    Record record;
    record.file = article.file;
    record.line = article.line;
    record.fields.push_back({"id", Cat(id, "#", records.size() + 1)});
    if (const std::string_view title = article.Text("title"); !title.empty()) {
      record.fields.push_back({"title", std::string(title)});
    }
    record.fields.push_back({"text", std::string(passage)});
    records.push_back(std::move(record));
  }
  return records;
}

}  // namespace segue
