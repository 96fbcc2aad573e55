// SPDX-License-Identifier: Apache-2.0
// No parser: comments and literals are blanked first, then braces are matched, and what stands
// before an opening brace says what it opens. That is enough for code in this project's format; it
// does not understand macros that hide braces.
#include "tests/tidy/cpp_scan.h"

#include <algorithm>
#include <cctype>

namespace segue {
namespace {

bool IsWord(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

// Blanks literals and comments. One method per kind; each is entered at its first character and
// leaves `at_` behind its last.
class Blanker {
 public:
  explicit Blanker(std::string_view text) : text_(text) {}

  std::string Run() {
    while (at_ < text_.size()) {
      if (text_[at_] == '#' && OnlySpaceBefore()) {
        Directive();
      } else if (StartsWith("//")) {
        BlankTo(text_.find('\n', at_));
      } else if (StartsWith("/*")) {
        BlankThrough("*/");
      } else if (StartsWith("R\"") && !AfterWord()) {
        RawString();
      } else if (text_[at_] == '"' || (text_[at_] == '\'' && !AfterWord())) {
        Quoted(text_[at_]);
      } else {
        out_ += text_[at_++];
      }
    }
    return std::move(out_);
  }

 private:
  bool StartsWith(std::string_view prefix) const {
    return text_.substr(at_, prefix.size()) == prefix;
  }
  // True inside a number (1'000) or behind a prefix that is part of a name.
  bool AfterWord() const { return at_ > 0 && IsWord(text_[at_ - 1]); }
  bool OnlySpaceBefore() const {
    const size_t line = out_.rfind('\n');
    return out_.find_first_not_of(" \t", line == std::string::npos ? 0 : line + 1) ==
           std::string::npos;
  }
  void BlankTo(size_t end) {
    for (end = std::min(end, text_.size()); at_ < end; ++at_) {
      out_ += text_[at_] == '\n' ? '\n' : ' ';
    }
  }
  void BlankThrough(std::string_view mark) {
    const size_t end = text_.find(mark, at_ + 2);
    BlankTo(end == std::string_view::npos ? end : end + mark.size());
  }
  void RawString() {
    const size_t open = text_.find('(', at_);
    if (open == std::string_view::npos) return BlankTo(open);
    const std::string mark = ")" + std::string(text_.substr(at_ + 2, open - at_ - 2)) + "\"";
    BlankThrough(mark);
  }
  void Quoted(char quote) {
    size_t end = at_ + 1;
    while (end < text_.size() && text_[end] != quote && text_[end] != '\n') {
      end += text_[end] == '\\' ? 2 : 1;
    }
    BlankTo(end + 1);
  }
  void Directive() {
    size_t end = text_.find('\n', at_);
    while (end != std::string_view::npos && end > 0 && text_[end - 1] == '\\') {
      end = text_.find('\n', end + 1);
    }
    BlankTo(end);
  }

  std::string_view text_;
  size_t at_ = 0;
  std::string out_;
};

std::string_view Trim(std::string_view text) {
  while (!text.empty() && std::isspace(static_cast<unsigned char>(text.front()))) {
    text.remove_prefix(1);
  }
  while (!text.empty() && std::isspace(static_cast<unsigned char>(text.back()))) {
    text.remove_suffix(1);
  }
  return text;
}

bool HasWord(std::string_view text, std::string_view word) {
  for (size_t at = text.find(word); at != std::string_view::npos; at = text.find(word, at + 1)) {
    const bool starts = at == 0 || !IsWord(text[at - 1]);
    const bool ends = at + word.size() == text.size() || !IsWord(text[at + word.size()]);
    if (starts && ends) return true;
  }
  return false;
}

enum class Opens { kScope, kFunction, kOther };

// What a brace opens whose preceding text, back to the last ; { or }, is `head`.
Opens Classify(std::string_view head) {
  if (HasWord(head, "namespace") || HasWord(head, "extern")) return Opens::kScope;
  const size_t paren = head.find('(');
  for (const std::string_view word : {"class", "struct", "union", "enum"}) {
    // `struct A f() {` is a function, `class alignas(64) A {` is not.
    if (HasWord(head.substr(0, paren), word) && !HasWord(head.substr(0, paren), "template")) {
      return Opens::kScope;
    }
    if (HasWord(head, word) && (paren == std::string_view::npos || HasWord(head, "alignas"))) {
      return Opens::kScope;
    }
  }
  if (paren == std::string_view::npos) return Opens::kOther;
  const size_t assign = head.find('=');
  if (assign != std::string_view::npos && assign < paren) {
    if (!HasWord(head.substr(0, paren), "operator")) return Opens::kOther;
  }
  return Opens::kFunction;
}

std::string NameOf(std::string_view head) {
  size_t paren = head.find('(');
  if (head.substr(0, paren).ends_with("operator")) paren = head.find('(', paren + 1);
  const std::string_view before = Trim(head.substr(0, paren));
  size_t start = before.size();
  while (start > 0 && (IsWord(before[start - 1]) || before[start - 1] == ':' ||
                       before[start - 1] == '~' || before[start - 1] == '=')) {
    --start;
  }
  std::string name(before.substr(start));
  // TEST(Suite, Case) is known by its arguments.
  if (name.starts_with("TEST") && paren != std::string_view::npos) {
    name = std::string(head.substr(paren + 1, head.find(')', paren) - paren - 1));
    name.erase(std::remove_if(name.begin(), name.end(), [](char c) { return c == ' '; }),
               name.end());
    std::replace(name.begin(), name.end(), ',', '.');
  }
  return name;
}

}  // namespace

std::string BlankNonCode(std::string_view text) { return Blanker(text).Run(); }

std::vector<Include> FindIncludes(std::string_view text) {
  std::vector<Include> includes;
  size_t number = 0;
  while (!text.empty()) {
    ++number;
    const size_t end = text.find('\n');
    std::string_view line = Trim(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (!line.starts_with("#")) continue;
    line = Trim(line.substr(1));
    if (!line.starts_with("include")) continue;
    line = Trim(line.substr(7));
    if (line.empty() || (line[0] != '"' && line[0] != '<')) continue;
    const char close = line[0] == '<' ? '>' : '"';
    includes.push_back(
        {std::string(line.substr(1, line.find(close, 1) - 1)), close == '>', number});
  }
  return includes;
}

std::vector<Function> FindFunctions(std::string_view text) {
  const std::string code = BlankNonCode(text);
  std::vector<Function> functions;
  std::vector<Opens> open;
  size_t head = 0;    // where the text before the next brace starts
  size_t inside = 0;  // open braces that are no scopes
  for (size_t at = 0; at < code.size(); ++at) {
    const char c = code[at];
    if (c == '{') {
      const Opens kind =
          inside > 0 ? Opens::kOther : Classify(std::string_view(code).substr(head, at - head));
      if (kind == Opens::kFunction) {
        const size_t start = code.find_first_not_of(" \t\r\n", head);
        const auto line = std::count(code.begin(), code.begin() + static_cast<long>(start), '\n');
        functions.push_back({NameOf(std::string_view(code).substr(start, at - start)),
                             static_cast<size_t>(line) + 1, 0});
      }
      if (kind != Opens::kScope) ++inside;
      open.push_back(kind);
    } else if (c == '}' && !open.empty()) {
      if (open.back() == Opens::kFunction) {
        const auto line = std::count(code.begin(), code.begin() + static_cast<long>(at), '\n');
        functions.back().lines = static_cast<size_t>(line) + 2 - functions.back().first_line;
      }
      if (open.back() != Opens::kScope) --inside;
      open.pop_back();
    }
    // `public:` ends what stands before it; `A::B` and `: member_(x)` do not.
    const std::string_view before = std::string_view(code).substr(0, at);
    const bool access =
        before.ends_with("public") || before.ends_with("private") || before.ends_with("protected");
    const bool label = c == ':' && inside == 0 && access && code.compare(at, 2, "::") != 0;
    if (c == ';' || c == '{' || c == '}' || label) head = at + 1;
  }
  return functions;
}

}  // namespace segue
