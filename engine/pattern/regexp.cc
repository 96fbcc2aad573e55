// SPDX-License-Identifier: Apache-2.0
//
// One pass from left to right with a stack of open groups. A group keeps the code of the
// alternatives that are closed, of the sequence that is being read, and of its last piece, to which
// a repetition may still be said.
#include "engine/pattern/regexp.h"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "engine/base/check.h"
#include "engine/base/limits.h"
#include "engine/base/status.h"
#include "engine/base/strings.h"
#include "engine/base/utf8.h"

namespace segue {
namespace {

using Kind = PatternInstruction::Kind;
// Of a repetition; what needs more is no pattern for words.
constexpr uint32_t kMaxCount = 1000;

PatternInstruction Split(size_t other) {
  return {.kind = Kind::kSplit, .jumps = {1, static_cast<int32_t>(other)}};
}

PatternInstruction Back(Kind kind, size_t by) {
  return {.kind = kind, .jumps = {-static_cast<int32_t>(by), 1}};
}

void Append(const PatternCode& piece, PatternCode* code) {
  code->insert(code->end(), piece.begin(), piece.end());
}

PatternCode Alternatives(const PatternCode& first, const PatternCode& second) {
  PatternCode code;
  code.reserve(first.size() + second.size() + 2);
  code.push_back(Split(first.size() + 2));
  Append(first, &code);
  code.push_back({.kind = Kind::kJump, .jumps = {static_cast<int32_t>(second.size() + 1), 0}});
  Append(second, &code);
  return code;
}

struct Count {
  uint32_t least = 0;
  uint32_t most = 0;
  bool unlimited = false;
};

PatternCode Repeat(const PatternCode& piece, const Count& count) {
  PatternCode code;
  for (uint32_t i = 0; i < count.least; ++i) Append(piece, &code);
  if (count.unlimited) {
    code.push_back(Split(piece.size() + 2));
    Append(piece, &code);
    code.push_back(Back(Kind::kJump, piece.size() + 1));
    return code;
  }
  for (uint32_t left = count.most - count.least; left > 0; --left) {
    code.push_back(Split(left * (piece.size() + 1)));
    Append(piece, &code);
  }
  return code;
}

class RegexpCompiler {
 public:
  RegexpCompiler(std::string_view pattern, uint64_t max_states, RegexpUse use)
      : pattern_(pattern), max_states_(max_states), use_(use) {}

  absl::StatusOr<PatternProgram> Compile() {
    groups_.emplace_back();
    while (at_ < pattern_.size()) {
      SEGUE_RETURN_IF_ERROR(TakeOne());
    }
    if (groups_.size() > 1) return Wrong(groups_.back().begin, "no ')' closes this '('");
    PatternCode code = CloseGroup();
    SEGUE_RETURN_IF_ERROR(CheckSize(code.size()));
    return PatternProgram(std::move(code), std::move(sets_));
  }

 private:
  struct Group {
    size_t begin = 0;
    bool has_alternatives = false;
    PatternCode alternatives;
    PatternCode sequence;
    bool has_last = false;
    PatternCode last;
  };

  static absl::Status Wrong(size_t at, std::string_view what) {
    return Error(ErrorCode::kInvalidArgument, Cat("regular expression, byte ", at, ": ", what));
  }

  char32_t TakeCharacter() {
    const auto* bytes = reinterpret_cast<const uint8_t*>(pattern_.data());
    char32_t character = 0;
    at_ += DecodeUtf8(bytes + at_, bytes + pattern_.size(), &character);
    return character;
  }

  absl::Status TakeOne() {
    const size_t begin = at_;
    const char32_t character = TakeCharacter();
    switch (character) {
      case '(':
        groups_.emplace_back().begin = begin;
        return absl::OkStatus();
      case ')': {
        if (groups_.size() == 1) return Wrong(begin, "no '(' stands before this ')'");
        PatternCode code = CloseGroup();
        groups_.pop_back();
        return AddPiece(std::move(code));
      }
      case '|':
        CloseAlternative();
        return CheckSize(0);
      case '*':
        return RepeatLast(begin, {.least = 0, .most = 0, .unlimited = true});
      case '+':
        return RepeatLast(begin, {.least = 1, .most = 1, .unlimited = true});
      case '?':
        return RepeatLast(begin, {.least = 0, .most = 1, .unlimited = false});
      case '{': {
        Count count;
        SEGUE_RETURN_IF_ERROR(TakeCount(begin, &count));
        return RepeatLast(begin, count);
      }
      case '^':
        return TakeAnchor(begin, begin == 0);
      case '$':
        return TakeAnchor(begin, at_ == pattern_.size());
      case '}':
      case ']':
        return Wrong(begin, "nothing is open that this could close; write a backslash before it");
      case '.':
        return AddSet(CharacterSet::Any());
      case '[': {
        CharacterSet set;
        SEGUE_RETURN_IF_ERROR(TakeClass(begin, &set));
        return AddSet(std::move(set));
      }
      case '\\': {
        CharacterSet set;
        SEGUE_RETURN_IF_ERROR(TakeEscape(begin, &set));
        return AddSet(std::move(set));
      }
      default:
        return AddSet(CharacterSet::Of(character));
    }
  }

  // ^ or $; `at_end`: of the expression where it belongs.
  absl::Status TakeAnchor(size_t begin, bool at_end) const {
    const bool whole = use_ == RegexpUse::kWholeTerms;
    if (whole && at_end) return absl::OkStatus();
    const char anchor = pattern_[begin];
    return Wrong(begin, Cat(whole ? "the whole term is matched" : "pieces of a text are found",
                            ", '", anchor, "' means nothing here; write \\", anchor));
  }

  // ---- Pieces ----

  void CloseLast() {
    Group& group = groups_.back();
    Append(group.last, &group.sequence);
    group.last.clear();
    group.has_last = false;
  }

  void CloseAlternative() {
    CloseLast();
    Group& group = groups_.back();
    group.alternatives = group.has_alternatives ? Alternatives(group.alternatives, group.sequence)
                                                : std::move(group.sequence);
    group.has_alternatives = true;
    group.sequence.clear();
  }

  PatternCode CloseGroup() {
    CloseAlternative();
    return std::move(groups_.back().alternatives);
  }

  absl::Status AddPiece(PatternCode piece) {
    CloseLast();
    groups_.back().last = std::move(piece);
    groups_.back().has_last = true;
    return CheckSize(0);
  }

  absl::Status AddSet(CharacterSet set) {
    const PatternInstruction instruction = {.kind = Kind::kSet,
                                            .set = static_cast<uint32_t>(sets_.size())};
    sets_.push_back(std::move(set));
    return AddPiece({instruction});
  }

  absl::Status RepeatLast(size_t begin, const Count& count) {
    Group& group = groups_.back();
    if (!group.has_last) return Wrong(begin, "there is nothing before this that could repeat");
    const uint64_t copies = count.unlimited ? count.least + uint64_t{1} : count.most;
    SEGUE_RETURN_IF_ERROR(CheckSize(copies * (group.last.size() + 2)));
    group.last = Repeat(group.last, count);
    return absl::OkStatus();
  }

  // That all code held, and `more` instructions, are within the limit.
  absl::Status CheckSize(uint64_t more) const {
    for (const Group& group : groups_) {
      more += group.alternatives.size() + group.sequence.size() + group.last.size();
    }
    if (more <= max_states_) return absl::OkStatus();
    return Error(ErrorCode::kResourceExhausted,
                 Cat("the regular expression, written out, has more than ", max_states_,
                     " states; repeat less"));
  }

  // ---- Repetitions ----

  bool TakeNumber(uint32_t* number) {
    const size_t begin = at_;
    *number = 0;
    while (at_ < pattern_.size() && pattern_[at_] >= '0' && pattern_[at_] <= '9') {
      *number = *number * 10 + static_cast<uint32_t>(pattern_[at_++] - '0');
      if (*number > kMaxCount) return false;
    }
    return at_ > begin;
  }

  // Behind the brace: n}, n,} or n,m}.
  absl::Status TakeCount(size_t begin, Count* count) {
    const std::string wrong = Cat("a repetition is {n}, {n,} or {n,m} with numbers up to ",
                                  kMaxCount, "; write \\{ for the character");
    if (!TakeNumber(&count->least)) return Wrong(begin, wrong);
    count->most = count->least;
    if (at_ < pattern_.size() && pattern_[at_] == ',') {
      ++at_;
      count->unlimited = at_ < pattern_.size() && pattern_[at_] == '}';
      if (!count->unlimited && !TakeNumber(&count->most)) return Wrong(begin, wrong);
    }
    if (at_ == pattern_.size() || pattern_[at_] != '}') return Wrong(begin, wrong);
    ++at_;
    if (count->most < count->least) return Wrong(begin, "the first number is above the second");
    return absl::OkStatus();
  }

  // ---- Sets ----

  // Behind a backslash.
  absl::Status TakeEscape(size_t begin, CharacterSet* set) {
    if (at_ == pattern_.size()) return Wrong(begin, "nothing follows this backslash");
    const char32_t character = TakeCharacter();
    CharacterSet named;
    switch (character | 0x20) {
      case 'd':
        named.Add('0', '9');
        break;
      case 'w':
        named.Add('0', '9');
        named.Add('A', 'Z');
        named.Add('_', '_');
        named.Add('a', 'z');
        break;
      case 's':
        named.Add('\t', '\r');
        named.Add(' ', ' ');
        break;
      default:
        break;
    }
    const bool is_letter = (character | 0x20) >= 'a' && (character | 0x20) <= 'z';
    const bool is_digit = character >= '0' && character <= '9';
    if (is_letter && !named.empty()) {
      *set = character < 'a' ? named.Complement() : named;
    } else if (is_letter || is_digit) {
      return Wrong(begin,
                   "this escape has no meaning; \\d \\w \\s \\D \\W \\S have one, and a "
                   "backslash before a character that is no letter or digit");
    } else {
      *set = CharacterSet::Of(character);
    }
    return absl::OkStatus();
  }

  // Behind an opening bracket, up to behind the closing one.
  absl::Status TakeClass(size_t begin, CharacterSet* set) {
    const bool negated = at_ < pattern_.size() && pattern_[at_] == '^';
    if (negated) ++at_;
    while (true) {
      if (at_ == pattern_.size()) return Wrong(begin, "no ']' closes this '['");
      const size_t item = at_;
      const char32_t first = TakeCharacter();
      if (first == ']') break;
      CharacterSet one = CharacterSet::Of(first);
      if (first == '\\') SEGUE_RETURN_IF_ERROR(TakeEscape(item, &one));
      const bool is_range = at_ + 1 < pattern_.size() && pattern_[at_] == '-' &&
                            pattern_[at_ + 1] != ']' && first != '-';
      if (!is_range) {
        set->Add(one);
        continue;
      }
      ++at_;
      const size_t end = at_;
      const char32_t last = TakeCharacter();
      CharacterSet other = CharacterSet::Of(last);
      if (last == '\\') SEGUE_RETURN_IF_ERROR(TakeEscape(end, &other));
      if (!IsOne(one) || !IsOne(other))
        return Wrong(item, "a range runs from one character to one");
      const char32_t from = one.ranges()[0].first, to = other.ranges()[0].first;
      if (from > to) return Wrong(item, "this range ends before it begins");
      set->Add(from, to);
    }
    if (negated) *set = set->Complement();
    if (set->empty()) return Wrong(begin, "there is nothing between these brackets");
    return absl::OkStatus();
  }

  static bool IsOne(const CharacterSet& set) {
    return set.ranges().size() == 1 && set.ranges()[0].first == set.ranges()[0].last;
  }

  std::string_view pattern_;
  const uint64_t max_states_;
  const RegexpUse use_;
  size_t at_ = 0;
  std::vector<Group> groups_;
  std::vector<CharacterSet> sets_;
};

}  // namespace

absl::StatusOr<PatternProgram> CompileRegexp(std::string_view pattern, uint64_t max_states,
                                             RegexpUse use) {
  SEGUE_DCHECK(pattern.size() <= kMaxPatternBytes);
  return RegexpCompiler(pattern, max_states, use).Compile();
}

}  // namespace segue
