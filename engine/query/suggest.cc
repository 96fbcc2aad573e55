// SPDX-License-Identifier: Apache-2.0
//
// Each word of the query's text is rewritten as if it were asked for alone: that gives the terms
// that it is looked up as. Where no segment has one of them, an automaton of one edit walks the
// dictionaries of these fields, and one of two edits if that finds nothing. The walks over the
// segments of a field go side by side in the order of terms, so that the frequency of each is whole
// when it is seen, and only the best need be kept.
#include "engine/query/suggest.h"

#include <algorithm>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "engine/automata/dictionary_walk.h"
#include "engine/automata/fuzzy_matcher.h"
#include "engine/base/limits.h"
#include "engine/base/status.h"
#include "engine/base/strings.h"
#include "engine/exec/search_context.h"
#include "engine/query/planner.h"
#include "engine/query/query_scanner.h"
#include "engine/query/term_pattern.h"

namespace segue {
namespace {

struct FieldTerm {
  std::string field;
  std::string term;

  friend auto operator<=>(const FieldTerm&, const FieldTerm&) = default;
};

// A word that is asked for, and how others would be asked for in its place.
struct AskedWord {
  std::string_view word;
  const Query& leaf;
  const std::string& field;

  Query For(std::string_view other) const {
    if (leaf.kind() == QueryKind::kCombined) return Query::Combined(leaf.weighted_fields(), other);
    return Query::Match(field, other);
  }
};

// Whether text is one term there, with its spaces.
bool IsKeyword(const RewriteContext& context, const std::string& field) {
  const auto is_keyword = [](const Field* one) {
    return one != nullptr && one->options.type == FieldType::kKeyword;
  };
  if (!field.empty()) return is_keyword(context.schema->Find(field));
  const auto& fields = *context.default_fields;
  return std::all_of(fields.begin(), fields.end(), is_keyword);
}

using VisitWord = std::function<absl::Status(const AskedWord&)>;

// Calls `visit` for each word of a text that may match. `near`: the field of words near each other,
// whatever theirs are; nullptr: the query's own.
absl::Status VisitWords(const Query& query, const std::string* near, const RewriteContext& context,
                        const VisitWord& visit) {
  const std::string& field = near != nullptr ? *near : query.field();
  switch (query.kind()) {
    case QueryKind::kMatch:
    case QueryKind::kMatchPhrase:
      if (IsKeyword(context, field)) {
        return visit({.word = query.text(), .leaf = query, .field = field});
      }
      [[fallthrough]];
    case QueryKind::kCombined:
      for (const std::string_view word : SplitWords(query.text())) {
        SEGUE_RETURN_IF_ERROR(visit({.word = word, .leaf = query, .field = field}));
      }
      return absl::OkStatus();
    case QueryKind::kDemote:
      return VisitWords(query.children()[0], near, context, visit);
    case QueryKind::kNear:
    case QueryKind::kNearRelated:
      near = &field;
      break;
    default:
      break;
  }
  for (const Query& child : query.children()) {
    SEGUE_RETURN_IF_ERROR(VisitWords(child, near, context, visit));
  }
  for (const QueryClause& clause : query.clauses()) {
    if (clause.occur == Occur::kMustNot) continue;
    SEGUE_RETURN_IF_ERROR(VisitWords(clause.query, near, context, visit));
  }
  return absl::OkStatus();
}

// The terms nearest to a word so far, the best of them.
class NearestTerms {
 public:
  // `finds`: whether a term would be found if it were asked for; looked at only for what is kept.
  NearestTerms(size_t limit, std::function<absl::StatusOr<bool>(const FieldTerm&)> finds)
      : limit_(limit), finds_(std::move(finds)) {}

  absl::Status Offer(const std::string& field, SuggestedTerm term) {
    const auto known = std::find_if(terms_.begin(), terms_.end(),
                                    [&](const SuggestedTerm& t) { return t.term == term.term; });
    if (known != terms_.end()) {
      if (known->doc_freq >= term.doc_freq) return absl::OkStatus();
    } else if (terms_.size() == limit_ && !RanksBefore(term, terms_.back())) {
      return absl::OkStatus();
    }
    SEGUE_ASSIGN_OR_RETURN(const bool is_found, finds_({field, term.term}));
    if (!is_found) return absl::OkStatus();
    if (known != terms_.end()) {
      terms_.erase(known);
    } else if (terms_.size() == limit_) {
      terms_.pop_back();
    }
    const auto place = std::upper_bound(terms_.begin(), terms_.end(), term, RanksBefore);
    terms_.insert(place, std::move(term));
    return absl::OkStatus();
  }

  bool empty() const { return terms_.empty(); }
  std::vector<SuggestedTerm> Take() { return std::move(terms_); }

 private:
  static bool RanksBefore(const SuggestedTerm& a, const SuggestedTerm& b) {
    return a.doc_freq != b.doc_freq ? a.doc_freq > b.doc_freq : a.term < b.term;
  }

  size_t limit_;
  std::function<absl::StatusOr<bool>(const FieldTerm&)> finds_;
  std::vector<SuggestedTerm> terms_;  // best first
};

// The terms of one segment within some edits of a word, in ascending order.
class NearWalk {
 public:
  NearWalk(const Dictionary& dictionary, std::string_view word, uint32_t edits)
      : matcher_(word, edits, 0), walk_(dictionary, &matcher_) {}

  // To the next term; `check` is asked as the walk goes on.
  absl::Status Advance(const std::function<absl::Status()>& check) {
    while (true) {
      SEGUE_RETURN_IF_ERROR(check());
      const DictionaryWalk::Outcome outcome = walk_.Next();
      if (outcome == DictionaryWalk::Outcome::kPaused) continue;
      is_valid_ = outcome == DictionaryWalk::Outcome::kFound;
      return walk_.status();
    }
  }

  bool is_valid() const { return is_valid_; }
  std::string_view term() const { return walk_.term(); }
  uint64_t doc_freq() const { return walk_.meta().doc_freq; }

 private:
  FuzzyMatcher matcher_;
  DictionaryWalk walk_;
  bool is_valid_ = false;
};

class Suggester {
 public:
  Suggester(size_t terms_per_word, const RewriteContext& context, Segments segments,
            const SearchOptions& options)
      : terms_per_word_(terms_per_word),
        context_(context),
        segments_(segments),
        check_([&options] { return exec::StopReason(options, 0); }) {}

  absl::Status Add(const AskedWord& asked) {
    if (suggestions_.size() == kMaxSuggestions) return absl::OkStatus();
    SEGUE_ASSIGN_OR_RETURN(std::vector<FieldTerm> terms, TermsOf(asked.For(asked.word)));
    if (terms.empty() || !seen_.insert(terms).second) return absl::OkStatus();
    for (const FieldTerm& term : terms) {
      SEGUE_ASSIGN_OR_RETURN(const uint64_t doc_freq, DocFreqOf(segments_, term.field, term.term));
      if (doc_freq > 0) return absl::OkStatus();
    }
    NearestTerms nearest(terms_per_word_, [&](const FieldTerm& near) -> absl::StatusOr<bool> {
      SEGUE_ASSIGN_OR_RETURN(const std::vector<FieldTerm> found, TermsOf(asked.For(near.term)));
      return std::find(found.begin(), found.end(), near) != found.end();
    });
    const size_t most = terms_per_word_ == 0 ? 0 : kMaxFuzzyEdits;
    for (uint32_t edits = 1; edits <= most && nearest.empty(); ++edits) {
      for (const FieldTerm& term : terms) {
        if (edits > EditsOf(term.term, {})) continue;
        SEGUE_RETURN_IF_ERROR(OfferNear(term, edits, &nearest));
      }
    }
    suggestions_.push_back({.begin_byte = asked.leaf.source_begin(),
                            .end_byte = asked.leaf.source_end(),
                            .word = std::string(asked.word),
                            .terms = nearest.Take()});
    return absl::OkStatus();
  }

  std::vector<Suggestion> Take() { return std::move(suggestions_); }

 private:
  // What a query is looked up as.
  absl::StatusOr<std::vector<FieldTerm>> TermsOf(const Query& query) const {
    std::vector<Diagnostic> ignored;
    SEGUE_ASSIGN_OR_RETURN(const Query rewritten, Rewrite(query, context_, &ignored));
    std::vector<FieldTerm> terms;
    rewritten.VisitTerms([&](std::string_view field, std::string_view term) {
      terms.push_back({std::string(field), std::string(term)});
    });
    return terms;
  }

  absl::Status OfferNear(const FieldTerm& term, uint32_t edits, NearestTerms* nearest) const {
    std::vector<std::unique_ptr<NearWalk>> walks;
    for (const std::shared_ptr<const Segment>& segment : segments_) {
      const SegmentField* const in_segment = segment->field(term.field);
      if (in_segment == nullptr || in_segment->dictionary() == nullptr) continue;
      walks.push_back(std::make_unique<NearWalk>(*in_segment->dictionary(), term.term, edits));
      SEGUE_RETURN_IF_ERROR(walks.back()->Advance(check_));
    }
    while (true) {
      const NearWalk* first = nullptr;
      for (const std::unique_ptr<NearWalk>& walk : walks) {
        if (!walk->is_valid()) continue;
        if (first == nullptr || walk->term() < first->term()) first = walk.get();
      }
      if (first == nullptr) return absl::OkStatus();
      SuggestedTerm found{.term = std::string(first->term()), .edits = edits, .doc_freq = 0};
      for (const std::unique_ptr<NearWalk>& walk : walks) {
        if (!walk->is_valid() || walk->term() != found.term) continue;
        found.doc_freq += walk->doc_freq();
        SEGUE_RETURN_IF_ERROR(walk->Advance(check_));
      }
      SEGUE_RETURN_IF_ERROR(nearest->Offer(term.field, std::move(found)));
    }
  }

  size_t terms_per_word_;
  const RewriteContext& context_;
  Segments segments_;
  std::function<absl::Status()> check_;
  std::set<std::vector<FieldTerm>> seen_;
  std::vector<Suggestion> suggestions_;
};

}  // namespace

absl::StatusOr<std::vector<Suggestion>> SuggestTerms(const Query& query, size_t terms_per_word,
                                                     const RewriteContext& context,
                                                     Segments segments,
                                                     const SearchOptions& options) {
  if (terms_per_word > kMaxSuggestedTerms) {
    return Error(ErrorCode::kResourceExhausted,
                 Cat(terms_per_word, " suggestions for a word are asked for, the limit is ",
                     kMaxSuggestedTerms));
  }
  // What no search would take is refused here, too: that bounds the words.
  std::vector<Diagnostic> ignored;
  SEGUE_RETURN_IF_ERROR(Rewrite(query, context, &ignored, options.limits).status());
  Suggester suggester(terms_per_word, context, segments, options);
  SEGUE_RETURN_IF_ERROR(VisitWords(query, nullptr, context,
                                   [&](const AskedWord& asked) { return suggester.Add(asked); }));
  return suggester.Take();
}

}  // namespace segue
