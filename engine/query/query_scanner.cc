// SPDX-License-Identifier: Apache-2.0
//
// Which character means what depends only on its neighbours and on the token
// before: + - ! are operators in front of a clause, ^ and @ behind one, a colon
// between a name and something, quotes in pairs. Anywhere else they are text, as
// are all characters in the middle of a word (AC/DC, P!nk, wi-fi, AT&T).
#include "engine/query/query_scanner.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <utility>

#include "engine/base/nearest_name.h"
#include "engine/base/strings.h"
#include "engine/query/field_pattern.h"
#include "engine/query/query_text.h"

namespace segue {

namespace {

// Means nothing but itself within a word, whatever stands beside it.
bool IsPlain(char c) {
  return static_cast<uint8_t>((c | 0x20) - 'a') < 26 || static_cast<uint8_t>(c - '0') < 10;
}

bool IsOperatorWord(std::string_view word) {
  return word == "AND" || word == "OR" || word == "NOT";
}

}  // namespace

size_t QuerySpaceBytes(std::string_view text, size_t at) {
  if (at >= text.size()) return 0;
  switch (text[at]) {
    case ' ':
    case '\t':
    case '\n':
    case '\r':
    case '\f':
    case '\v':
      return 1;
    case '\xe3':
      return text.substr(at, 3) == "\xe3\x80\x80" ? 3 : 0;
    default:
      return 0;
  }
}

size_t AppendEscaped(std::string_view text, size_t at, std::string* out) {
  const std::string_view number = text.substr(at, 6);
  uint8_t byte = 0;
  if (number.size() == 6 && number.starts_with("\\x{") && number[5] == '}') {
    const auto [end, error] = std::from_chars(&number[3], &number[5], byte, 16);
    if (error == std::errc() && end == &number[5]) {
      *out += static_cast<char>(byte);
      return number.size();
    }
  }
  *out += text[at + 1];
  return 2;
}

std::vector<std::string_view> SplitWords(std::string_view text) {
  std::vector<std::string_view> words;
  size_t begin = 0;
  for (size_t at = 0; at <= text.size();) {
    size_t space = at == text.size() ? 1 : QuerySpaceBytes(text, at);
    if (space == 0) {
      ++at;
      continue;
    }
    if (at > begin) words.push_back(text.substr(begin, at - begin));
    at += space;
    begin = at;
  }
  return words;
}

size_t PlainWordBytes(std::string_view text, size_t at) {
  size_t end = at;
  while (end < text.size() && IsPlain(text[end])) ++end;
  const bool ends = end == text.size() || text[end] == ' ' || text[end] == '(' ||
                    text[end] == ')' || QuerySpaceBytes(text, end) != 0;
  if (end == at || !ends) return 0;
  const bool has_capital = text[at] >= 'A' && text[at] <= 'Z';
  return has_capital && IsOperatorWord(text.substr(at, end - at)) ? 0 : end - at;
}

// ---- Diagnostics ----

void DiagnosticList::Add(size_t begin_byte, size_t end_byte, std::string message) {
  if (list_.size() == kMax) {
    has_more_ = true;
    return;
  }
  list_.push_back({begin_byte, end_byte, std::move(message)});
}

std::vector<Diagnostic> DiagnosticList::Take() {
  if (list_.empty()) return {};
  std::stable_sort(list_.begin(), list_.end(), [](const Diagnostic& a, const Diagnostic& b) {
    return a.begin_byte < b.begin_byte;
  });
  if (has_more_) {
    size_t end = list_.back().end_byte;
    list_.push_back({end, end, "there is more like this; it is not listed"});
  }
  return std::exchange(list_, {});
}

// ---- Looking ahead ----

bool QueryScanner::IsBoundary(size_t at) const {
  return at >= text_.size() || IsSpace(at) || text_[at] == ')' || text_[at] == '(';
}

bool QueryScanner::HasClosingQuote(size_t quote) {
  if (no_closing_quote_) return false;
  for (size_t at = quote + 1; at < text_.size(); ++at) {
    if (text_[at] == '\\') {
      ++at;
    } else if (text_[at] == '"') {
      return true;
    }
  }
  no_closing_quote_ = true;
  return false;
}

// Digits with at most one dot among them, at least one digit; `at` if there is
// no such number.
size_t QueryScanner::EndOfNumber(size_t at) const {
  size_t end = at;
  bool has_dot = false;
  bool has_digit = false;
  for (; end < text_.size(); ++end) {
    if (text_[end] >= '0' && text_[end] <= '9') {
      has_digit = true;
    } else if (text_[end] == '.' && !has_dot) {
      has_dot = true;
    } else {
      break;
    }
  }
  return has_digit ? end : at;
}

// Whether `mark` and a number (for ~ the number may be missing, for ^ it may be a
// function) stand at `at`, with the end of the clause or another suffix behind.
bool QueryScanner::IsSuffix(size_t at, char mark) {
  if (At(at) != mark) return false;
  if (mark == '^' && IsFunction(at)) return true;
  size_t end = EndOfNumber(at + 1);
  if (end == at + 1 && mark != '~') return false;
  return IsBoundary(end) || text_[end] == '^' || text_[end] == '@';
}

// Whether there is nothing but white space around [begin, end).
bool QueryScanner::IsWholeText(size_t begin, size_t end) const {
  size_t at = 0;
  while (size_t bytes = QuerySpaceBytes(text_, at)) at += bytes;
  if (at != begin) return false;
  at = end;
  while (size_t bytes = QuerySpaceBytes(text_, at)) at += bytes;
  return at == text_.size();
}

// Whether the colon behind `name` makes it a field. In 'a::b' and before white
// space it does not.
bool QueryScanner::IsFieldColon(std::string_view name, size_t colon) {
  if (colon + 1 >= text_.size() || IsSpace(colon + 1) || text_[colon + 1] == ')' ||
      text_[colon + 1] == ':') {
    return false;
  }
  if (schema_ == nullptr || schema_->Find(name) != nullptr) return true;
  const bool is_pattern = name.find('*') != name.npos;
  for (const Field& field : schema_->fields()) {
    if (is_pattern && FieldNameMatches(name, field.name)) return true;
  }
  std::vector<std::string_view> names;
  for (const Field& field : schema_->fields()) names.push_back(field.name);
  std::string nearest = NearestName(name, names);
  std::string hint;
  if (IsNearName(name, nearest)) {
    hint = Cat(" (did you mean ", ShownText(nearest), "?)");
  }
  diagnostics_->Add(colon - std::min(colon, name.size()), colon + 1,
                    Cat("there is no field ", ShownText(name), hint, "; read as text"));
  return false;
}

// ---- Tokens ----

QueryToken QueryScanner::Make(Kind kind, size_t end) {
  QueryToken token{.kind = kind, .begin = next_, .end = end};
  next_ = end;
  is_value_ = kind == Kind::kField || kind == Kind::kFields;
  takes_count_ =
      kind == Kind::kClose ||
      (takes_count_ && (kind == Kind::kBoost || kind == Kind::kFunction || kind == Kind::kAtLeast));
  takes_suffix_ = kind == Kind::kWord || kind == Kind::kPhrase || kind == Kind::kRegexp ||
                  kind == Kind::kNear || kind == Kind::kLike || kind == Kind::kRange ||
                  kind == Kind::kIn || kind == Kind::kArea || kind == Kind::kExists ||
                  kind == Kind::kAll || kind == Kind::kClose || kind == Kind::kBoost ||
                  kind == Kind::kFunction || kind == Kind::kAtLeast;
  return token;
}

QueryToken QueryScanner::Next() {
  QueryToken token;
  if (takes_suffix_ && ScanSuffix(&token)) return token;
  if (!is_value_) {
    do {
      while (size_t bytes = QuerySpaceBytes(text_, next_)) next_ += bytes;
    } while (SkipLoneSign());
  }
  if (next_ >= text_.size()) return Make(Kind::kEnd, text_.size());
  if (is_value_ && (ScanSet(&token) || ScanArea(&token))) return token;
  if (ScanNear(&token) || ScanLike(&token) || ScanQuotedText(&token) || ScanPlainWord(&token)) {
    return token;
  }
  if (text_[next_] == '(') return Make(Kind::kOpen, next_ + 1);
  if (text_[next_] == ')') return Make(Kind::kClose, next_ + 1);
  if (text_[next_] == '"' && HasClosingQuote(next_)) return ScanPhrase();
  if (text_[next_] == '/' && ScanRegexp(&token)) return token;
  if (is_value_ && (ScanRange(&token) || ScanComparison(&token))) return token;
  if (!is_value_ && (ScanPrefix(&token) || ScanFields(&token))) return token;
  return ScanWord();
}

bool QueryScanner::ScanSuffix(QueryToken* token) {
  if (IsFunction(next_)) {
    *token = Make(Kind::kFunction, function_end_);
    return true;
  }
  if (IsSuffix(next_, '^')) {
    size_t end = EndOfNumber(next_ + 1);
    double boost = 0;
    std::from_chars(text_.data() + next_ + 1, text_.data() + end, boost);
    *token = Make(Kind::kBoost, end);
    token->boost = static_cast<float>(std::min(boost, 1e30));
    return true;
  }
  if (takes_count_ && IsSuffix(next_, '@')) {
    size_t end = EndOfNumber(next_ + 1);
    double count = 0;
    std::from_chars(text_.data() + next_ + 1, text_.data() + end, count);
    *token = Make(Kind::kAtLeast, end);
    token->count = static_cast<uint32_t>(std::min(std::ceil(count), 1e9));
    return true;
  }
  return false;
}

// A + - ! with nothing behind it is no operator.
bool QueryScanner::SkipLoneSign() {
  char c = At(next_);
  if (c != '+' && c != '-' && c != '!') return false;
  if (next_ + 1 < text_.size() && !IsSpace(next_ + 1) && text_[next_ + 1] != ')') {
    return false;
  }
  diagnostics_->Add(next_, next_ + 1, Cat("a lone '", c, "' means nothing; left out"));
  ++next_;
  return true;
}

bool QueryScanner::ScanPrefix(QueryToken* token) {
  char c = text_[next_];
  if (c == '+' || c == '-' || c == '!') {
    *token = Make(c == '+' ? Kind::kRequire : Kind::kProhibit, next_ + 1);
    return true;
  }
  if (text_.substr(next_, 3) == "*:*" && (IsBoundary(next_ + 3) || IsSuffix(next_ + 3, '^'))) {
    *token = Make(Kind::kAll, next_ + 3);
    return true;
  }
  if (c == '*' && IsWholeText(next_, next_ + 1)) {
    *token = Make(Kind::kAll, next_ + 1);
    return true;
  }
  return false;
}

QueryToken QueryScanner::ScanPhrase() {
  const size_t begin = next_ + 1;
  size_t at = text_.find_first_of("\"\\", begin);
  std::string_view phrase = text_.substr(begin, at - begin);
  if (text_[at] == '\\') {
    BeginRead();
    const size_t read_begin = read_.size();
    read_ += phrase;
    while (text_[at] != '"') {
      if (text_[at] == '\\') {
        at += AppendEscaped(text_, at, &read_);
      } else {
        read_ += text_[at++];
      }
    }
    phrase = ReadSince(read_begin);
  }
  QueryToken token = Make(Kind::kPhrase, at + 1);
  token.text = phrase;
  if (At(next_) == '*' &&
      (IsBoundary(next_ + 1) || IsSuffix(next_ + 1, '^') || IsSuffix(next_ + 1, '~')) &&
      TakePattern(token)) {
    token.ends_in_prefix = true;
    token.end = ++next_;
  }
  if (IsSuffix(next_, '~')) ScanSlop(&token);
  return token;
}

// text("AC/DC"): a word in which every character is text.
bool QueryScanner::ScanQuotedText(QueryToken* token) {
  constexpr std::string_view kBegin = "text(\"";
  if (text_.substr(next_, kBegin.size()) != kBegin) return false;
  const size_t begin = next_ + kBegin.size();
  size_t quote = begin;
  while (At(quote) != '"' && quote < text_.size()) quote += At(quote) == '\\' ? 2 : 1;
  const size_t end = quote + 2;
  if (At(quote) != '"' || At(quote + 1) != ')' || (!IsBoundary(end) && !IsSuffix(end, '^'))) {
    return false;
  }
  BeginRead();
  const size_t read_begin = read_.size();
  for (size_t at = begin; at < quote;) {
    if (text_[at] == '\\') {
      at += AppendEscaped(text_, at, &read_);
    } else {
      read_ += text_[at++];
    }
  }
  *token = Make(Kind::kWord, end);
  token->text = ReadSince(read_begin);
  return true;
}

// ~5 behind a phrase. Without a number it means nothing.
void QueryScanner::ScanSlop(QueryToken* phrase) {
  const size_t end = EndOfNumber(next_ + 1);
  if (end == next_ + 1) {
    return SkipApproximation("a ~ behind a phrase needs a number of places; left out");
  }
  double slop = 0;
  std::from_chars(text_.data() + next_ + 1, text_.data() + end, slop);
  phrase->slop = static_cast<uint32_t>(std::min(slop, 1e9));
  phrase->end = next_ = end;
}

void QueryScanner::SkipApproximation(std::string_view what) {
  size_t end = EndOfNumber(next_ + 1);
  diagnostics_->Add(next_, end, std::string(what));
  next_ = end;
}

// No byte of the text is read twice: with room for all of them, read_ never moves.
void QueryScanner::BeginRead() {
  if (read_.capacity() < text_.size()) read_.reserve(text_.size());
}

std::string_view QueryScanner::ReadSince(size_t begin) const {
  return std::string_view(read_).substr(begin);
}

// Reads up to the end of the word, or of the field name (*is_field), and
// returns where that is.
size_t QueryScanner::ScanWordText(std::string_view* word, bool* has_escape, bool* is_field) {
  BeginRead();
  const size_t read_begin = read_.size();
  size_t at = next_;
  bool may_be_field = !is_value_;  // up to the first colon
  while (at < text_.size()) {
    size_t plain_end = at;
    while (plain_end < text_.size() && IsPlain(text_[plain_end])) ++plain_end;
    read_.append(text_, at, plain_end - at);
    at = plain_end;
    if (at == text_.size()) break;
    char c = text_[at];
    if (IsSpace(at) || c == '(' || c == ')') break;
    if (c == '"') {
      if (HasClosingQuote(at)) break;
      diagnostics_->Add(at, at + 1, "no second '\"' follows; read as text");
    } else if (c == '\\' && at + 1 < text_.size()) {
      *has_escape = true;
      at += AppendEscaped(text_, at, &read_);
      continue;
    } else if ((c == '^' || c == '~') && at > next_ && IsSuffix(at, c)) {
      break;
    } else if (c == ':' && may_be_field) {
      may_be_field = false;
      if (at > next_ && IsFieldColon(ReadSince(read_begin), at)) {
        *is_field = true;
        break;
      }
    }
    read_ += c;
    ++at;
  }
  *word = ReadSince(read_begin);
  return at;
}

// Nearly all words are such.
bool QueryScanner::ScanPlainWord(QueryToken* token) {
  const std::string_view word = text_.substr(next_, PlainWordBytes(text_, next_));
  if (word.empty()) return false;
  *token = Make(Kind::kWord, next_ + word.size());
  token->text = word;
  return true;
}

QueryToken QueryScanner::ScanWord() {
  std::string_view word;
  bool has_escape = false;
  bool is_field = false;
  const size_t begin = next_;
  const bool is_value = is_value_;  // until Make
  const size_t end = ScanWordText(&word, &has_escape, &is_field);
  if (is_field) {
    QueryToken token = Make(Kind::kField, end + 1);
    token.text = word;
    return token;
  }
  if (is_value && word == "*" && !has_escape) return Make(Kind::kExists, end);
  if (!is_value && !has_escape) {
    QueryToken token;
    if (ScanOperatorWord(word, end, &token)) return token;
  }
  QueryToken token = Make(Kind::kWord, end);
  token.begin = begin;
  token.text = word;
  ReadPattern(&token);
  if (!IsSuffix(next_, '~')) return token;
  if (token.kind == Kind::kWord) {
    ScanEdits(&token);
  } else {
    SkipApproximation(kFuzzyPattern);
  }
  return token;
}

// NOT^0.2 before a clause.
bool QueryScanner::ScanDemotion(size_t caret, QueryToken* token) {
  const size_t end = At(caret) == '^' ? EndOfNumber(caret + 1) : caret;
  if (end <= caret + 1 || end >= text_.size()) return false;
  if (!IsSpace(end) && text_[end] != '(') return false;
  double factor = 0;
  std::from_chars(text_.data() + caret + 1, text_.data() + end, factor);
  if (factor > 1) return false;
  *token = Make(Kind::kDemote, end);
  token->boost = static_cast<float>(factor);
  return true;
}

bool QueryScanner::ScanOperatorWord(std::string_view word, size_t end, QueryToken* token) {
  Kind kind;
  if (word == "AND" || word == "&&") {
    kind = Kind::kAnd;
  } else if (word == "OR" || word == "||") {
    kind = Kind::kOr;
  } else if (word == "NOT") {
    if (ScanDemotion(end, token)) return true;
    kind = Kind::kNot;
  } else {
    return false;
  }
  // AND^2 is a word with a boost.
  if (end < text_.size() && !IsSpace(end) && text_[end] != '(' && text_[end] != ')' &&
      text_[end] != '"') {
    return false;
  }
  *token = Make(kind, end);
  return true;
}

}  // namespace segue
