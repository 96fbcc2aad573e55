// SPDX-License-Identifier: Apache-2.0
//
// TREC's SGML was never checked against a grammar, so this reader asks for little: <DOC> begins a
// document and </DOC> ends it, DOCNO names it, everything else in angle brackets that looks like a
// tag is dropped.
#include <array>
#include <charconv>

#include "corpus/readers.h"
#include "corpus/source_reader.h"
#include "engine/base/status.h"
#include "engine/base/strings.h"
#include "engine/base/utf8.h"

namespace segue {
namespace {

char LowerAscii(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

bool EqualsIgnoreCase(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  for (size_t i = 0; i < a.size(); ++i) {
    if (LowerAscii(a[i]) != LowerAscii(b[i])) return false;
  }
  return true;
}

bool IsNameStart(char c) { return (LowerAscii(c) >= 'a' && LowerAscii(c) <= 'z'); }

// A tag at text[at] == '<'; `end` is behind its '>'. Comments and declarations count as tags.
struct Tag {
  std::string_view name;
  bool closing = false;
  size_t end = 0;
};

bool ReadTag(std::string_view text, size_t at, Tag* tag) {
  size_t i = at + 1;
  if (text.substr(i, 3) == "!--") {
    const size_t end = text.find("-->", i + 3);
    if (end == text.npos) return false;
    *tag = {text.substr(i, 3), false, end + 3};
    return true;
  }
  tag->closing = i < text.size() && text[i] == '/';
  if (tag->closing) ++i;
  if (i >= text.size() || !(IsNameStart(text[i]) || text[i] == '!' || text[i] == '?')) return false;
  const size_t name = i;
  const size_t end = text.find_first_of("<>", i);
  if (end == text.npos || text[end] == '<') return false;  // "a <b and c" is text
  const size_t name_end = std::min(text.find_first_of(" \t\r\n/>", name), end);
  tag->name = text.substr(name, name_end - name);
  tag->end = end + 1;
  return true;
}

// Appends the character that the reference at text[at] == '&' stands for; returns its length, or 0
// if it is no reference that we know.
size_t AppendReference(std::string_view text, size_t at, std::string* out) {
  struct Entity {
    std::string_view name;
    char32_t code_point;
  };
  static constexpr std::array<Entity, 12> kEntities = {{{"amp", '&'},
                                                        {"lt", '<'},
                                                        {"gt", '>'},
                                                        {"quot", '"'},
                                                        {"apos", '\''},
                                                        {"nbsp", 0xa0},
                                                        {"hyph", '-'},
                                                        {"blank", ' '},
                                                        {"sect", 0xa7},
                                                        {"para", 0xb6},
                                                        {"cir", 0x25cb},
                                                        {"bull", 0x2022}}};
  const size_t end = text.substr(at, 12).find(';');
  if (end == text.npos || end < 2) return 0;
  const std::string_view name = text.substr(at + 1, end - 1);
  for (const Entity& entity : kEntities) {
    if (entity.name == name) {
      AppendUtf8(entity.code_point, out);
      return end + 1;
    }
  }
  if (name[0] != '#') return 0;
  const bool hex = name.size() > 1 && LowerAscii(name[1]) == 'x';
  const std::string_view digits = name.substr(hex ? 2 : 1);
  uint32_t code_point = 0;
  const auto [stop, error] =
      std::from_chars(digits.data(), digits.data() + digits.size(), code_point, hex ? 16 : 10);
  const bool valid = error == std::errc() && stop == digits.data() + digits.size() &&
                     code_point != 0 && code_point < 0x110000 &&
                     !(code_point >= 0xd800 && code_point < 0xe000);
  if (!valid) return 0;
  AppendUtf8(code_point, out);
  return end + 1;
}

class TrecReader : public SourceReader {
 public:
  using SourceReader::SourceReader;

  absl::StatusOr<bool> Next(Record* record) override {
    StartRecord(record, /*typed=*/false);
    SEGUE_ASSIGN_OR_RETURN(bool more, ReadDocument(&record->line));
    if (!more) return false;
    if (!Split(record)) {
      record->fields.clear();
      return source_->BadRecord(record->line, "a document without <DOCNO>");
    }
    return true;
  }

 private:
  // Collects the lines between <DOC> and </DOC> in document_.
  absl::StatusOr<bool> ReadDocument(uint64_t* line_number) {
    document_.clear();
    bool inside = pending_start_ > 0;
    *line_number = pending_start_;
    pending_start_ = 0;
    bool too_long = false;
    std::string_view line;
    while (true) {
      SEGUE_ASSIGN_OR_RETURN(bool more, source_->NextLine(&line));
      if (!more) break;
      const std::string_view trimmed = TrimBlanks(line);
      const bool starts = trimmed.size() >= 5 && EqualsIgnoreCase(trimmed.substr(0, 5), "<doc>");
      if (starts && inside) {
        pending_start_ = source_->line_number();
        return source_->BadRecord(*line_number, "a document without </DOC>");
      }
      if (starts) {
        inside = true;
        *line_number = source_->line_number();
        line = trimmed.substr(5);
      }
      if (!inside) continue;
      const size_t tail = trimmed.size() >= 6 ? trimmed.size() - 6 : 0;
      const bool ends = EqualsIgnoreCase(trimmed.substr(tail), "</doc>");
      if (ends) line.remove_suffix(line.size() - line.rfind('<'));
      too_long |= source_->line_too_long() || document_.size() + line.size() > kMaxRecordBytes;
      if (!too_long) {
        document_ += line;
        document_ += '\n';
      }
      if (ends && too_long) return TooLong(*line_number);
      if (ends) return true;
    }
    if (inside) return source_->BadRecord(*line_number, "a document without </DOC>");
    return false;
  }

  // Takes the document apart. False if it has no name.
  bool Split(Record* record) {
    static constexpr std::string_view kTitles[] = {"title", "headline", "hl", "head", "ttl"};
    const std::string text = ToValidUtf8(document_);
    std::string id, title, body;
    bool has_title = false;
    std::string* target = &body;
    std::string_view target_tag;
    for (size_t at = 0; at < text.size();) {
      Tag tag;
      if (text[at] == '<' && ReadTag(text, at, &tag)) {
        at = tag.end;
        if (target != &body && tag.closing && EqualsIgnoreCase(tag.name, target_tag)) {
          has_title |= target == &title;
          target = &body;
        } else if (target == &body && !tag.closing) {
          bool is_title = false;
          for (std::string_view name : kTitles) is_title |= EqualsIgnoreCase(tag.name, name);
          if (EqualsIgnoreCase(tag.name, "docno") && id.empty()) target = &id;
          if (is_title && !has_title) target = &title;
          target_tag = tag.name;
        }
        target->push_back(' ');
        continue;
      }
      const size_t reference = text[at] == '&' ? AppendReference(text, at, target) : 0;
      if (reference == 0) target->push_back(text[at]);
      at += reference == 0 ? 1 : reference;
    }
    if (TrimBlanks(id).empty()) return false;
    record->fields.push_back({"id", std::string(TrimBlanks(id))});
    if (has_title) record->fields.push_back({"title", std::string(TrimBlanks(title))});
    record->fields.push_back({"text", std::string(TrimBlanks(body))});
    return true;
  }

  std::string document_;
  uint64_t pending_start_ = 0;  // line of a <DOC> already read, or 0
};

}  // namespace

std::unique_ptr<RecordReader> NewTrecReader(std::unique_ptr<TextSource> source) {
  return std::make_unique<TrecReader>(std::move(source));
}

}  // namespace segue
