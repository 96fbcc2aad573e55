// SPDX-License-Identifier: Apache-2.0
//
// QueryScanner's part for words near each other: NEAR(a b, 5), ORDERED(a (b c) d*), PHRASE(a b~1,
// 2).
#include <charconv>
#include <string>
#include <utility>
#include <vector>

#include "engine/base/limits.h"
#include "engine/query/query_scanner.h"

namespace segue {
namespace {

// Words that may stand between, if the text does not say how many.
constexpr uint32_t kOrdinarySlop = 10;

struct Name {
  std::string_view text;
  NearOrder order;
};
constexpr Name kNames[] = {
    {"NEAR(", NearOrder::kAny}, {"ORDERED(", NearOrder::kOrdered}, {"PHRASE(", NearOrder::kPhrase}};

}  // namespace

// Behind a word of NEAR: ~ and a number of edits, or none.
bool QueryScanner::ScanNearEdits(size_t* at, std::optional<uint32_t>* edits) const {
  if (At(*at) != '~') return false;
  size_t end = *at + 1;
  uint32_t number = 0;
  while (At(end) >= '0' && At(end) <= '9' && end < *at + 4)
    number = number * 10 + (At(end++) - '0');
  if (!IsNearEnd(end) || number > kMaxFuzzyEdits) return false;
  if (end > *at + 1) *edits = number;
  *at = end;
  return true;
}

bool QueryScanner::IsNearEnd(size_t at) const {
  return at >= text_.size() || IsSpace(at) || At(at) == ',' || At(at) == '(' || At(at) == ')';
}

// A word, pattern or text in quotes. False: none of these.
bool QueryScanner::ScanNearWord(size_t* at, std::vector<Query>* parts) {
  const size_t begin = *at;
  std::string text;
  if (At(begin) == '"') {
    if (!HasClosingQuote(begin) || !ScanText({}, at, &text)) return false;
    parts->push_back(Query::Match({}, text).WithSource(begin, *at));
    return IsNearEnd(*at);
  }
  std::optional<uint32_t> edits;
  bool is_fuzzy = false;
  size_t end = begin;
  for (; !IsNearEnd(end); ++end) {
    size_t behind = end;
    if (end > begin && ScanNearEdits(&behind, &edits)) {
      is_fuzzy = true;
      *at = behind;
      break;
    }
    if (At(end) == '\\' && end + 1 < text_.size()) ++end;
    text += At(end);
  }
  if (end == begin) return false;
  if (!is_fuzzy) *at = end;
  QueryToken word{.kind = Kind::kWord, .begin = begin, .end = end, .text = text};
  ReadPattern(&word);
  Query query = Query::Match({}, text);
  if (word.kind == Kind::kPrefix) query = Query::Prefix({}, word.text);
  if (word.kind == Kind::kWildcard) query = Query::Wildcard({}, word.text);
  if (word.kind == Kind::kWord && is_fuzzy && edits != 0u && TakePattern(word)) {
    query = Query::Fuzzy({}, text, {.edits = edits});
  }
  parts->push_back(std::move(query).WithSource(begin, *at));
  return true;
}

// What stands between the parentheses, up to the comma or the closing one.
bool QueryScanner::ScanNearParts(size_t* at, bool is_group, std::vector<Query>* parts) {
  for (*at = SkipSpace(*at); At(*at) != ')' && (is_group || At(*at) != ','); *at = SkipSpace(*at)) {
    if (*at >= text_.size()) return false;
    const size_t begin = *at;
    if (At(begin) != '(') {
      if (!ScanNearWord(at, parts)) return false;
      continue;
    }
    std::vector<Query> alternatives;
    ++*at;
    if (is_group || !ScanNearParts(at, true, &alternatives) || alternatives.empty()) return false;
    ++*at;
    parts->push_back(alternatives.size() == 1
                         ? std::move(alternatives[0])
                         : Query::Or(std::move(alternatives)).WithSource(begin, *at));
  }
  return true;
}

// A text that is none after all is read as words, and so are all behind it: no text is run through
// twice.
bool QueryScanner::ScanNear(QueryToken* token) {
  if (no_more_near_) return false;
  for (const Name& name : kNames) {
    if (text_.substr(next_, name.text.size()) != name.text) continue;
    no_more_near_ = true;
    near_parts_.clear();
    near_options_ = {.order = name.order,
                     .slop = name.order == NearOrder::kPhrase ? 0 : kOrdinarySlop};
    size_t at = next_ + name.text.size();
    if (!ScanNearParts(&at, false, &near_parts_) || near_parts_.empty()) return false;
    if (At(at) == ',') {
      at = SkipSpace(at + 1);
      const char* const end = text_.data() + text_.size();
      const auto [behind, error] = std::from_chars(text_.data() + at, end, near_options_.slop);
      if (error != std::errc()) return false;
      at = SkipSpace(static_cast<size_t>(behind - text_.data()));
      if (At(at) != ')') return false;
    }
    if (!IsBoundary(at + 1) && !IsSuffix(at + 1, '^')) return false;
    no_more_near_ = false;
    *token = Make(Kind::kNear, at + 1);
    return true;
  }
  return false;
}

}  // namespace segue
