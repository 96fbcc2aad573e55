// SPDX-License-Identifier: Apache-2.0
//
// QueryScanner's part for what stands for many terms or values at once: j?zz*, jazz~1, /ja(z|s)/,
// [a TO b], IN [a b].
#include <algorithm>
#include <charconv>
#include <utility>

#include "engine/base/limits.h"
#include "engine/base/strings.h"
#include "engine/base/utf8.h"
#include "engine/pattern/regexp.h"
#include "engine/query/query_scanner.h"
#include "engine/query/query_text.h"

namespace segue {
namespace {

bool IsLetterOrDigit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

}  // namespace

// Whether one more is allowed.
bool QueryScanner::TakePattern(const QueryToken& word) {
  if (patterns_ < limits_.patterns) {
    ++patterns_;
    return true;
  }
  diagnostics_->Add(
      word.begin, word.end,
      Cat("the query has more than ", limits_.patterns,
          " prefixes, patterns, fuzzy words and sets; further ones are read as text"));
  return false;
}

// Makes a word with wildcards what it is. One star or question mark alone, and question marks at
// the end of a word, are no wildcards.
void QueryScanner::ReadPattern(QueryToken* word) {
  const std::string_view raw = text_.substr(word->begin, word->end - word->begin);
  if (raw.find_first_of("*?") == raw.npos) return;
  const size_t last = raw.find_last_not_of("?!.");
  size_t stars = 0, questions = 0;
  bool has_literal = false;
  std::string pattern;
  for (size_t i = 0; i < raw.size(); ++i) {
    const char c = raw[i];
    if (c == '*') {
      ++stars;
    } else if (c == '?' && (stars > 0 || (last != raw.npos && i < last))) {
      ++questions;
    } else {
      has_literal = true;
      std::string meant(1, c);
      if (c == '\\' && i + 1 < raw.size()) {
        meant.clear();
        i += AppendEscaped(raw, i, &meant) - 1;
      }
      if (meant == "*" || meant == "?" || meant == "\\") pattern += '\\';
      pattern += meant;
      continue;
    }
    pattern += c;
  }
  const bool is_pattern = questions > 0 ? raw.size() > 1 : stars > 0 && has_literal;
  if (!is_pattern || !TakePattern(*word)) return;
  if (questions == 0 && stars == 1 && raw.back() == '*') {
    word->kind = Kind::kPrefix;
    word->text.remove_suffix(1);
    return;
  }
  if (pattern.size() > limits_.pattern_bytes) {
    diagnostics_->Add(word->begin, word->end,
                      Cat("a pattern may have ", limits_.pattern_bytes, " bytes, this one has ",
                          pattern.size(), "; it is read as text"));
    return;
  }
  word->kind = Kind::kWildcard;
  word->text = pattern_texts_.emplace_back(std::move(pattern));
}

// What [tilde, end) asks for behind a word: ~, ~1, ~2, or the similarity from 0 to 1 of older
// queries. None: as the word's length asks.
std::optional<uint32_t> QueryScanner::ReadEdits(std::string_view word, size_t tilde,
                                                size_t end) const {
  if (end == tilde + 1) return std::nullopt;
  double number = 0;
  std::from_chars(text_.data() + tilde + 1, text_.data() + end, number);
  if (number > 0 && number < 1) {
    const auto characters = static_cast<double>(CountCharacters(word));
    number = std::min((1 - number) * characters, double{kMaxFuzzyEdits});
  }
  if (number >= kMaxFuzzyEdits + 1) {
    diagnostics_->Add(
        tilde, end,
        Cat("at most ", kMaxFuzzyEdits, " edits are possible; ~", kMaxFuzzyEdits, " is searched"));
    number = kMaxFuzzyEdits;
  }
  return static_cast<uint32_t>(number);
}

void QueryScanner::ScanEdits(QueryToken* word) {
  const size_t end = EndOfNumber(next_ + 1);
  const std::optional<uint32_t> edits = ReadEdits(word->text, next_, end);
  next_ = end;
  if (edits == 0u || !TakePattern(*word)) return;
  word->kind = Kind::kFuzzy;
  word->edits = edits;
  word->end = end;
}

// The backslash there and what it stands for, as the expression has it: slashes, white space and
// bytes by their numbers are themselves; the rest is the expression's own. Returns its bytes.
size_t QueryScanner::ScanRegexpEscape(size_t at, std::string* pattern) const {
  if (const size_t space = QuerySpaceBytes(text_, at + 1); space != 0) {
    pattern->append(text_, at + 1, space);
    return 1 + space;
  }
  std::string meant;
  const size_t bytes = AppendEscaped(text_, at, &meant);
  const auto byte = static_cast<uint8_t>(meant[0]);
  const bool is_ascii = byte > ' ' && byte < 0x7f && byte != '/';
  if (is_ascii && (bytes == 2 || !IsLetterOrDigit(meant[0]))) *pattern += '\\';
  *pattern += meant;
  return bytes;
}

// From a slash at the start of a word to one at its end.
bool QueryScanner::ScanRegexp(QueryToken* token) {
  std::string pattern;
  size_t at = next_ + 1;
  while (at < text_.size() && text_[at] != '/') {
    if (IsSpace(at)) return false;
    if (text_[at] == '\\' && at + 1 < text_.size()) {
      at += ScanRegexpEscape(at, &pattern);
    } else {
      pattern += text_[at++];
    }
  }
  const size_t end = at + 1;
  const bool is_regexp =
      at < text_.size() && !pattern.empty() && (IsBoundary(end) || IsSuffix(end, '^'));
  if (!is_regexp) return false;
  const QueryToken word{.kind = Kind::kWord, .begin = next_, .end = end};
  if (!TakePattern(word)) return false;
  std::string problem;
  if (pattern.size() > limits_.pattern_bytes) {
    problem = Cat("a regular expression may have ", limits_.pattern_bytes, " bytes, this one has ",
                  pattern.size());
  } else if (const absl::Status status = CompileRegexp(pattern).status(); !status.ok()) {
    problem = std::string(status.message());
  }
  if (!problem.empty()) {
    diagnostics_->Add(next_, end, Cat(problem, "; it is read as text"));
    return false;
  }
  *token = Make(Kind::kRegexp, end);
  token->text = pattern_texts_.emplace_back(std::move(pattern));
  return true;
}

// ---- Ranges ----

size_t QueryScanner::SkipSpace(size_t at) const {
  while (const size_t bytes = QuerySpaceBytes(text_, at)) at += bytes;
  return at;
}

// A word up to white space or one of `ends`, or text in quotes. False if nothing of these is at
// *at; else *at is behind it.
bool QueryScanner::ScanText(std::string_view ends, size_t* at, std::string* text) {
  const size_t begin = *at;
  const bool is_quoted = At(begin) == '"' && HasClosingQuote(begin);
  size_t end = begin + (is_quoted ? 1 : 0);
  while (end < text_.size()) {
    const char c = text_[end];
    if (is_quoted ? c == '"' : IsSpace(end) || ends.find(c) != ends.npos) break;
    if (c == '\\' && end + 1 < text_.size()) {
      end += AppendEscaped(text_, end, text);
    } else {
      *text += text_[end++];
    }
  }
  if (is_quoted) ++end;
  if (end == begin) return false;
  *at = end;
  return true;
}

// The same, or a star: no bound.
bool QueryScanner::ScanBound(size_t* at, std::optional<std::string>* bound) {
  const size_t begin = *at;
  std::string text;
  if (!ScanText("]}", at, &text)) return false;
  if (text_.substr(begin, *at - begin) != "*") *bound = std::move(text);
  return true;
}

// [a TO b], {a TO b}, with either bracket on either side.
bool QueryScanner::ScanRange(QueryToken* token) {
  const char open = text_[next_];
  if (open != '[' && open != '{') return false;
  TermBounds bounds;
  size_t at = SkipSpace(next_ + 1);
  if (!ScanBound(&at, &bounds.from) || !IsSpace(at)) return false;
  at = SkipSpace(at);
  if (text_.substr(at, 2) != "TO" || !IsSpace(at + 2)) return false;
  at = SkipSpace(at + 2);
  if (!ScanBound(&at, &bounds.to)) return false;
  at = SkipSpace(at);
  const char close = At(at);
  if ((close != ']' && close != '}') || !(IsBoundary(at + 1) || IsSuffix(at + 1, '^'))) {
    return false;
  }
  bounds.include_from = open == '[';
  bounds.include_to = close == ']';
  const QueryToken word{.kind = Kind::kWord, .begin = next_, .end = at + 1};
  if (!TakePattern(word)) return false;
  bounds_ = std::move(bounds);
  *token = Make(Kind::kRange, at + 1);
  return true;
}

// >=a >a <=a <a
bool QueryScanner::ScanComparison(QueryToken* token) {
  const size_t begin = next_;
  const char sign = text_[begin];
  if (sign != '<' && sign != '>') return false;
  const bool include = At(begin + 1) == '=';
  const size_t value = begin + (include ? 2 : 1);
  std::optional<std::string> bound;
  size_t end = value;
  if (At(value) == '"' && HasClosingQuote(value)) {
    ScanBound(&end, &bound);
    if (!IsBoundary(end) && !IsSuffix(end, '^')) return false;
  } else {
    std::string_view word;
    bool has_escape = false, is_field = false;
    next_ = value;
    end = ScanWordText(&word, &has_escape, &is_field);
    next_ = begin;
    if (word.empty()) return false;
    bound = std::string(word);
  }
  if (!TakePattern({.kind = Kind::kWord, .begin = begin, .end = end})) return false;
  bounds_ = TermBounds();
  (sign == '>' ? bounds_.from : bounds_.to) = std::move(bound);
  (sign == '>' ? bounds_.include_from : bounds_.include_to) = include;
  *token = Make(Kind::kRange, end);
  return true;
}

// IN [a b "c d"]
bool QueryScanner::ScanSet(QueryToken* token) {
  if (no_more_sets_ || text_.substr(next_, 2) != "IN") return false;
  size_t at = SkipSpace(next_ + 2);
  if (At(at) != '[') return false;
  no_more_sets_ = true;
  values_.clear();
  for (at = SkipSpace(at + 1); At(at) != ']'; at = SkipSpace(at)) {
    std::string text;
    if (!ScanText("]", &at, &text)) return false;
    values_.emplace_back(std::move(text));
  }
  if (!IsBoundary(at + 1) && !IsSuffix(at + 1, '^')) return false;
  if (!TakePattern({.kind = Kind::kWord, .begin = next_, .end = at + 1})) return false;
  no_more_sets_ = false;
  *token = Make(Kind::kIn, at + 1);
  return true;
}

}  // namespace segue
