// SPDX-License-Identifier: Apache-2.0
//
// Prefixes and ranges are intervals of the dictionary; all else is a matcher that the dictionary is
// walked with.
#include "engine/query/term_pattern.h"

#include <utility>

#include "engine/automata/dictionary_walk.h"
#include "engine/automata/fuzzy_matcher.h"
#include "engine/automata/pattern_matcher.h"
#include "engine/base/status.h"
#include "engine/base/utf8.h"
#include "engine/format/dictionary_metas.h"
#include "engine/pattern/regexp.h"
#include "engine/pattern/wildcard.h"

namespace segue {
namespace {

// A longer word counts less than the very word that was typed, and more than that word with an
// error in each fifth character.
constexpr float kLongerCloseness = 0.8f;

size_t CharacterCount(std::string_view text) {
  const auto* at = reinterpret_cast<const uint8_t*>(text.data());
  const uint8_t* end = at + text.size();
  size_t count = 0;
  char32_t character = 0;
  for (; at < end; ++count) at += DecodeUtf8(at, end, &character);
  return count;
}

}  // namespace

uint32_t EditsOf(std::string_view word, const FuzzyOptions& options) {
  if (options.edits.has_value()) return *options.edits;
  const size_t characters = CharacterCount(word);
  return characters < 3 ? 0 : characters < 6 ? 1 : 2;
}

TermInterval IntervalOf(const TermBounds& bounds) {
  TermInterval interval;
  // The least string above a string is that with a zero behind it.
  if (bounds.from.has_value()) {
    interval.from = *bounds.from;
    if (!bounds.include_from) interval.from += '\0';
  }
  if (bounds.to.has_value()) {
    interval.to = *bounds.to;
    if (bounds.include_to) interval.to += '\0';
    // An empty `to` would mean the last term: nothing is below the empty string.
    if (interval.to.empty() || interval.to < interval.from) interval.to = interval.from;
    if (interval.to.empty()) interval = {.from = std::string(1, '\0'), .to = std::string(1, '\0')};
  }
  return interval;
}

absl::StatusOr<TermPattern> TermPattern::Of(const Query& leaf, uint64_t share,
                                            const QueryLimits& limits) {
  TermPattern pattern(leaf, share, limits);
  switch (leaf.kind()) {
    case QueryKind::kPrefix:
      pattern.interval_ = {leaf.text(), PrefixEnd(leaf.text())};
      break;
    case QueryKind::kTermRange:
      pattern.interval_ = IntervalOf(leaf.bounds());
      break;
    case QueryKind::kWildcard:
      pattern.program_ = std::make_shared<const PatternProgram>(CompileWildcard(leaf.text()));
      break;
    case QueryKind::kRegexp: {
      SEGUE_ASSIGN_OR_RETURN(PatternProgram program,
                             CompileRegexp(leaf.text(), limits.pattern_states));
      pattern.program_ = std::make_shared<const PatternProgram>(std::move(program));
      break;
    }
    case QueryKind::kFuzzy:
      break;
    default:
      return Error(ErrorCode::kInternal, "a query that stands for one term, taken as a pattern");
  }
  return pattern;
}

std::unique_ptr<TermMatcher> TermPattern::NewMatcher() const {
  if (program_ != nullptr)
    return std::make_unique<PatternMatcher>(program_, max_work_, max_states_);
  if (is_interval()) return nullptr;
  const FuzzyOptions& fuzzy = leaf_.fuzzy();
  return std::make_unique<FuzzyMatcher>(leaf_.text(), EditsOf(leaf_.text(), fuzzy),
                                        fuzzy.prefix_length);
}

float TermPattern::ClosenessInInterval(std::string_view term) const {
  if (leaf_.kind() != QueryKind::kPrefix) return 1;
  return term.size() == leaf_.text().size() ? 1 : kLongerCloseness;
}

absl::Status TermPattern::VisitInterval(const Dictionary& dictionary,
                                        const std::function<absl::Status()>& check,
                                        const Visitor& visit) const {
  Dictionary::Iterator it(dictionary);
  uint32_t until_check = DictionaryWalk::kTermsPerStep;
  for (it.Seek(interval_.from); it.valid(); it.Next()) {
    if (!interval_.to.empty() && it.term() >= interval_.to) break;
    if (--until_check == 0) {
      SEGUE_RETURN_IF_ERROR(check());
      until_check = DictionaryWalk::kTermsPerStep;
    }
    visit(it.term(), it.meta(), ClosenessInInterval(it.term()));
  }
  return it.status();
}

absl::Status TermPattern::Visit(const Dictionary& dictionary,
                                const std::function<absl::Status()>& check,
                                const Visitor& visit) const {
  const std::unique_ptr<TermMatcher> matcher = NewMatcher();
  if (matcher == nullptr) return VisitInterval(dictionary, check, visit);
  DictionaryWalk walk(dictionary, matcher.get());
  uint32_t until_check = DictionaryWalk::kTermsPerStep;
  while (true) {
    const DictionaryWalk::Outcome outcome = walk.Next();
    if (outcome == DictionaryWalk::Outcome::kEnd) return walk.status();
    const bool found = outcome == DictionaryWalk::Outcome::kFound;
    if (!found || --until_check == 0) {
      SEGUE_RETURN_IF_ERROR(check());
      until_check = DictionaryWalk::kTermsPerStep;
    }
    if (found) visit(walk.term(), walk.meta(), walk.closeness());
  }
}

absl::Status TermPattern::VisitMetas(const Dictionary& dictionary,
                                     const std::function<absl::Status()>& check,
                                     const std::function<void(const TermMeta& meta)>& visit) const {
  if (!is_interval()) {
    return Visit(dictionary, check,
                 [&](std::string_view, const TermMeta& meta, float) { visit(meta); });
  }
  SEGUE_ASSIGN_OR_RETURN(const Dictionary::OrdinalRange range,
                         dictionary.Range(interval_.from, interval_.to));
  DictionaryMetas metas(dictionary, range);
  uint32_t until_check = DictionaryWalk::kTermsPerStep;
  while (const TermMeta* meta = metas.Next()) {
    if (--until_check == 0) {
      SEGUE_RETURN_IF_ERROR(check());
      until_check = DictionaryWalk::kTermsPerStep;
    }
    visit(*meta);
  }
  return metas.status();
}

// ---- Terms one by one ----

TermPattern::Test::Test(const TermPattern& pattern)
    : pattern_(pattern), matcher_(pattern.NewMatcher()) {}

std::optional<float> TermPattern::Test::operator()(std::string_view term) {
  if (matcher_ == nullptr) {
    const TermInterval& interval = pattern_.interval_;
    if (term < interval.from || (!interval.to.empty() && term >= interval.to)) return std::nullopt;
    return pattern_.ClosenessInInterval(term);
  }
  matcher_->Cut(0);
  const auto* at = reinterpret_cast<const uint8_t*>(term.data());
  const uint8_t* end = at + term.size();
  while (at < end) {
    char32_t character = 0;
    at += DecodeUtf8(at, end, &character);
    if (!matcher_->Push(character)) return std::nullopt;
  }
  if (!matcher_->Accepts()) return std::nullopt;
  return matcher_->Closeness();
}

absl::Status TermPattern::Test::status() const {
  return matcher_ == nullptr ? absl::OkStatus() : matcher_->status();
}

}  // namespace segue
