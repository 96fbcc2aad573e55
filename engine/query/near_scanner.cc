// SPDX-License-Identifier: Apache-2.0
//
// QueryScanner's part for words near each other: NEAR(a b, 5), ORDERED(a (b c) d*), PHRASE(a b~1,
// 2), ATLEAST(2, a b c, 10), CONTAINING(NEAR(a b, 5), "c d").
#include <charconv>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/base/check.h"
#include "engine/base/nearest_name.h"
#include "engine/base/strings.h"
#include "engine/query/query_scanner.h"

namespace segue {
namespace {

// Words that may stand between, if the text does not say how many.
constexpr uint32_t kOrdinarySlop = 10;

struct NearName {
  std::string_view text;
  std::string_view example;
  NearOrder order;
  bool has_count = false;
};
constexpr NearName kNearNames[] = {{"NEAR(", "NEAR(a b, 5)", NearOrder::kAny},
                                   {"ORDERED(", "ORDERED(a b, 5)", NearOrder::kOrdered},
                                   {"PHRASE(", "PHRASE(a b, 1)", NearOrder::kPhrase},
                                   {"ATLEAST(", "ATLEAST(2, a b c, 5)", NearOrder::kAny, true}};

struct RelationName {
  std::string_view text;
  std::string_view example;
  NearRelation relation;
};
constexpr RelationName kRelationNames[] = {
    {"CONTAINING(", "CONTAINING(NEAR(a b, 5), c)", NearRelation::kContaining},
    {"NOT_CONTAINING(", "NOT_CONTAINING(NEAR(a b, 5), c)", NearRelation::kNotContaining},
    {"WITHIN(", "WITHIN(a, NEAR(b c, 5))", NearRelation::kWithin},
    {"NOT_WITHIN(", "NOT_WITHIN(a, NEAR(b c, 5))", NearRelation::kNotWithin}};

// The one of these names that stands there; nullptr: none does.
template <typename Name, size_t N>
const Name* NameAt(const Name (&names)[N], std::string_view text, size_t at) {
  for (const Name& name : names) {
    if (text.substr(at, name.text.size()) == name.text) return &name;
  }
  return nullptr;
}

}  // namespace

// Behind a word of NEAR: ~ and a number of edits, or none.
bool QueryScanner::ScanNearEdits(std::string_view word, size_t* at,
                                 std::optional<uint32_t>* edits) const {
  if (At(*at) != '~') return false;
  const size_t end = EndOfNumber(*at + 1);
  if (!IsNearEnd(end)) return false;
  *edits = ReadEdits(word, *at, end);
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
    if (!HasClosingQuote(begin)) return false;
    ScanText({}, at, &text);
    parts->push_back(Query::Match({}, text).WithSource(begin, *at));
    return IsNearEnd(*at);
  }
  std::optional<uint32_t> edits;
  bool is_fuzzy = false;
  size_t end = begin;
  while (!IsNearEnd(end)) {
    size_t behind = end;
    if (end > begin && ScanNearEdits(text, &behind, &edits)) {
      is_fuzzy = true;
      *at = behind;
      break;
    }
    if (At(end) == '\\' && end + 1 < text_.size()) {
      end += AppendEscaped(text_, end, &text);
    } else {
      text += At(end++);
    }
  }
  if (end == begin) return false;
  if (!is_fuzzy) *at = end;
  QueryToken word{.kind = Kind::kWord, .begin = begin, .end = end, .text = text};
  ReadPattern(&word);
  Query query = Query::Match({}, text);
  if (word.kind == Kind::kPrefix) query = Query::Prefix({}, word.text);
  if (word.kind == Kind::kWildcard) query = Query::Wildcard({}, word.text);
  if (is_fuzzy && word.kind != Kind::kWord) {
    diagnostics_->Add(end, *at, std::string(kFuzzyPattern));
  } else if (is_fuzzy && edits != 0u && TakePattern(word)) {
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

// A number, and the white space behind it.
bool QueryScanner::ScanNearNumber(size_t* at, uint32_t* number) const {
  const char* const end = text_.data() + text_.size();
  *at = SkipSpace(*at);
  const auto [behind, error] = std::from_chars(text_.data() + *at, end, *number);
  *at = SkipSpace(static_cast<size_t>(behind - text_.data()));
  return error == std::errc();
}

// From one of the names up to behind the closing parenthesis.
// REQUIRES: one stands there.
bool QueryScanner::ScanNearCall(size_t* at, Query* near) {
  const size_t begin = *at;
  const NearName* const name = NameAt(kNearNames, text_, begin);
  SEGUE_DCHECK(name != nullptr);
  NearOptions options{.order = name->order,
                      .slop = name->order == NearOrder::kPhrase ? 0 : kOrdinarySlop};
  *at += name->text.size();
  if (name->has_count) {
    if (!ScanNearNumber(at, &options.at_least) || options.at_least == 0 || At(*at) != ',') {
      return false;
    }
    ++*at;
  }
  std::vector<Query> parts;
  if (!ScanNearParts(at, false, &parts) || parts.empty()) return false;
  if (At(*at) == ',') {
    ++*at;
    if (!ScanNearNumber(at, &options.slop) || At(*at) != ')') return false;
  }
  ++*at;
  *near = Query::Near({}, std::move(parts), options).WithSource(begin, *at);
  return true;
}

// What is related: one of the calls, a word, a pattern, text in quotes, or alternatives.
bool QueryScanner::ScanNearOperand(size_t* at, Query* operand) {
  *at = SkipSpace(*at);
  if (NameAt(kNearNames, text_, *at) != nullptr) {
    if (!ScanNearCall(at, operand)) return false;
  } else {
    std::vector<Query> parts;
    const bool is_group = At(*at) == '(';
    const size_t begin = *at;
    if (is_group) {
      ++*at;
      if (!ScanNearParts(at, true, &parts) || parts.empty()) return false;
      ++*at;
    } else if (!ScanNearWord(at, &parts)) {
      return false;
    }
    *operand = parts.size() == 1 ? std::move(parts[0])
                                 : Query::Or(std::move(parts)).WithSource(begin, *at);
  }
  *at = SkipSpace(*at);
  return true;
}

// The same for relations.
bool QueryScanner::ScanRelatedCall(size_t* at, Query* related) {
  const RelationName* const name = NameAt(kRelationNames, text_, *at);
  SEGUE_DCHECK(name != nullptr);
  *at += name->text.size();
  Query near, other;
  if (!ScanNearOperand(at, &near) || At(*at) != ',') return false;
  ++*at;
  if (!ScanNearOperand(at, &other) || At(*at) != ')') return false;
  ++*at;
  *related = Query::NearRelated({}, std::move(near), name->relation, std::move(other));
  return true;
}

// A name in capitals before a parenthesis that is nearly one of the longer ones; shorter ones are
// near to words.
void QueryScanner::WarnOfCall() {
  constexpr size_t kShortest = 6, kLongest = 16;
  size_t end = next_;
  while (end < next_ + kLongest && ((At(end) >= 'A' && At(end) <= 'Z') || At(end) == '_')) ++end;
  if (end < next_ + kShortest - 1 || At(end) != '(') return;
  const std::string_view name = text_.substr(next_, end + 1 - next_);
  std::vector<std::string_view> names;
  for (const NearName& known : kNearNames) names.push_back(known.text);
  for (const RelationName& known : kRelationNames) names.push_back(known.text);
  std::erase_if(names, [](std::string_view known) { return known.size() <= kShortest; });
  const std::string nearest = NearestName(name, names);
  if (EditDistance(name, nearest) > nearest.size() / 4) return;
  diagnostics_->Add(next_, end + 1, Cat("did you mean ", nearest, "? Read as text"));
}

// A text that is none after all is read as words, and so are all behind it: no text is run through
// twice.
bool QueryScanner::ScanNear(QueryToken* token) {
  if (no_more_near_ || At(next_) < 'A' || At(next_) > 'Z') return false;
  const NearName* const near = NameAt(kNearNames, text_, next_);
  const RelationName* const relation =
      near == nullptr ? NameAt(kRelationNames, text_, next_) : nullptr;
  if (near == nullptr && relation == nullptr) {
    WarnOfCall();
    return false;
  }
  no_more_near_ = true;
  size_t at = next_;
  const bool is_whole = near != nullptr ? ScanNearCall(&at, &near_) : ScanRelatedCall(&at, &near_);
  if (!is_whole || (!IsBoundary(at) && !IsSuffix(at, '^'))) {
    diagnostics_->Add(next_, next_ + (near != nullptr ? near->text : relation->text).size(),
                      Cat("read as text; it is written like ",
                          near != nullptr ? near->example : relation->example));
    return false;
  }
  no_more_near_ = false;
  *token = Make(Kind::kNear, at);
  return true;
}

}  // namespace segue
