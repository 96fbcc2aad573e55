// SPDX-License-Identifier: Apache-2.0
//
// The stored text is analysed again and its tokens are compared with the query's; among windows of
// the wanted width that begin a little before a match, the one with the most different query words
// wins, the earliest of equals.
#include "tools/snippet.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "corpus/base_tools.h"
#include "tools/text_layout.h"

namespace segue {
namespace {

// Longer text is looked through only so far; a snippet need not be the best one of a book.
constexpr size_t kMaxLookedAtBytes = size_t{256} << 10;

// The next position at or behind `at` where a character begins.
size_t CharacterStart(std::string_view text, size_t at) {
  while (at < text.size() && (static_cast<unsigned char>(text[at]) & 0xc0) == 0x80) ++at;
  return std::min(at, text.size());
}

// Moves `at` forward behind the next blank, if one is near, so that words stay whole.
size_t WordStart(std::string_view text, size_t at) {
  if (at == 0) return 0;
  at = CharacterStart(text, at);
  const size_t blank = text.substr(at, 24).find_first_of(" \n\t");
  return blank == text.npos ? at : at + blank + 1;
}

}  // namespace

std::string TitleField(const Schema& schema) {
  for (const char* name : {"title", "name", "headline", "subject", "label"}) {
    const Field* field = schema.Find(name);
    if (field != nullptr && field->options.stored) return name;
  }
  for (const Field& field : schema.fields()) {
    if (field.options.stored && field.options.type == FieldType::kText) return field.name;
  }
  return {};
}

SnippetMaker::SnippetMaker(const Schema& schema, const Query& query)
    : schema_(schema), registry_(AnalyzerRegistry::BuiltIn()) {
  for (const auto& [name, definition] : schema.analyzers()) {
    // The index was opened with it, so this cannot fail for a good reason; without it the field
    // simply shows no matches.
    registry_.RegisterAnalyzer(name, definition).IgnoreError();
  }
  Collect(query);
}

const Analyzer* SnippetMaker::AnalyzerOf(const std::string& name) {
  const auto [found, is_new] = analyzers_.emplace(name, nullptr);
  if (is_new) {
    absl::StatusOr<std::shared_ptr<const Analyzer>> analyzer = registry_.Get(name);
    if (analyzer.ok()) found->second = *std::move(analyzer);
  }
  return found->second.get();
}

void SnippetMaker::AddTerm(const Field& field, std::string_view term) {
  terms_[field.name].emplace(term);
  // A field that is filled from others is not stored itself; its sources show the match.
  for (const std::string& source : field.options.from) terms_[source].emplace(term);
}

void SnippetMaker::AddTerms(const Statistics& terms) {
  for (const Field& field : schema_.fields()) {
    terms.VisitTerms(field.name,
                     [&](std::string_view term, const TermStatistics&) { AddTerm(field, term); });
  }
}

void SnippetMaker::AddText(const std::string& field, std::string_view text) {
  const Field* found = schema_.Find(field);
  if (found == nullptr || found->options.type != FieldType::kText) return;
  const FieldOptions& options = found->options;
  const Analyzer* analyzer =
      AnalyzerOf(options.search_analyzer.empty() ? options.analyzer : options.search_analyzer);
  if (analyzer == nullptr) return;
  const auto tokens = analyzer->Analyze(text);
  if (!tokens.ok()) return;
  for (const AnalyzedToken& token : *tokens) AddTerm(*found, token.term);
}

void SnippetMaker::Collect(const Query& query) {
  const auto fields = [&]() -> std::vector<std::string> {
    if (!query.field().empty()) return {query.field()};
    return schema_.EffectiveDefaultFields();
  };
  switch (query.kind()) {
    case QueryKind::kMatch:
    case QueryKind::kMatchPhrase:
      for (const std::string& field : fields()) AddText(field, query.text());
      break;
    case QueryKind::kCombined:
      for (const WeightedField& field : query.weighted_fields()) AddText(field.field, query.text());
      if (!query.weighted_fields().empty()) break;
      for (const std::string& field : fields()) AddText(field, query.text());
      break;
    case QueryKind::kCombinedTerms:
      for (const CombinedTerm& term : query.combined_terms()) terms_[term.field].insert(term.term);
      break;
    case QueryKind::kTerm:
      for (const std::string& field : fields()) terms_[field].insert(query.text());
      break;
    case QueryKind::kPhrase:
      for (const std::string& field : fields()) {
        for (const PhraseTerm& term : query.phrase()) terms_[field].insert(term.term);
      }
      break;
    case QueryKind::kBoolean:
      for (const QueryClause& clause : query.clauses()) {
        if (clause.occur != Occur::kMustNot) Collect(clause.query);
      }
      break;
    case QueryKind::kBoost:
    case QueryKind::kConstantScore:
    case QueryKind::kDisjunctionMax:
    case QueryKind::kFunctionScore:
      for (const Query& child : query.children()) Collect(child);
      break;
    case QueryKind::kDemote:
      Collect(query.children()[0]);
      break;
    default:
      break;
  }
}

std::vector<SnippetMaker::Match> SnippetMaker::FindMatches(std::string_view field,
                                                           std::string_view value) {
  std::vector<Match> matches;
  const auto terms = terms_.find(field);
  const Field* found = schema_.Find(field);
  if (terms == terms_.end() || found == nullptr) return matches;
  // Sources of another field are looked at with their own analyzer, or the standard one.
  const Analyzer* analyzer = AnalyzerOf(
      found->options.type == FieldType::kText ? found->options.analyzer : std::string("standard"));
  if (analyzer == nullptr) return matches;
  value = value.substr(0, CharacterStart(value, kMaxLookedAtBytes));
  const auto tokens = analyzer->Analyze(value);
  if (!tokens.ok()) return matches;
  for (const AnalyzedToken& token : *tokens) {
    const auto term = terms->second.find(token.term);
    if (term == terms->second.end()) continue;
    if (!matches.empty() && token.start_byte < matches.back().end) continue;
    matches.push_back({token.start_byte, token.end_byte, &*term});
  }
  return matches;
}

std::string SnippetMaker::Highlight(std::string_view field, std::string_view value,
                                    const Style& style) {
  std::string out;
  size_t at = 0;
  // Cleaned between two letters, so that the blanks at its ends stay.
  const auto append = [&out](std::string_view piece) {
    const std::string clean = Clean(Cat("x", piece, "x"));
    std::string_view inner(clean);
    inner = inner.substr(1, inner.size() - 2);
    if (out.empty() && inner.starts_with(' ')) inner.remove_prefix(1);
    out += inner;
  };
  for (const Match& match : FindMatches(field, value)) {
    append(value.substr(at, match.begin - at));
    out += style.match;
    out += Clean(value.substr(match.begin, match.end - match.begin));
    out += style.reset;
    at = match.end;
  }
  append(value.substr(at));
  return out;
}

std::string SnippetMaker::Snippet(const Document& document, std::string_view title_field,
                                  size_t columns, const Style& style) {
  // The longest text that has a match, or else the longest text; of the fields that are searched
  // by default, if there is one.
  const std::vector<std::string> searched = schema_.EffectiveDefaultFields();
  const auto is_searched = [&](const std::string& name) {
    return std::find(searched.begin(), searched.end(), name) != searched.end();
  };
  const std::string* text = nullptr;
  std::string field;
  std::vector<Match> matches;
  for (const FieldValue& value : document.values()) {
    const auto* candidate = std::get_if<std::string>(&value.value);
    const Field* known = schema_.Find(value.field);
    if (candidate == nullptr || value.field == title_field || known == nullptr ||
        known->options.type != FieldType::kText) {
      continue;
    }
    std::vector<Match> found = FindMatches(value.field, *candidate);
    const auto rank = [&](const std::string& name, bool matched, size_t bytes) {
      return std::tuple(matched, is_searched(name), bytes);
    };
    if (text != nullptr && rank(value.field, !found.empty(), candidate->size()) <=
                               rank(field, !matches.empty(), text->size())) {
      continue;
    }
    text = candidate;
    field = value.field;
    matches = std::move(found);
  }
  if (text == nullptr) return {};

  const size_t wanted_bytes = columns;
  size_t begin = 0, best = 0;
  for (size_t first = 0; first < matches.size(); ++first) {
    std::set<const std::string*> terms;
    for (size_t i = first; i < matches.size(); ++i) {
      if (matches[i].end > matches[first].begin + wanted_bytes * 3 / 4) break;
      terms.insert(matches[i].term);
    }
    if (terms.size() <= best) continue;
    best = terms.size();
    const size_t lead = wanted_bytes / 5;
    begin = matches[first].begin <= lead ? 0 : WordStart(*text, matches[first].begin - lead);
    begin = std::min(begin, matches[first].begin);
  }
  // Near the end of the text, room that would stay empty shows what stands before.
  if (begin > 0 && text->size() - begin < wanted_bytes) {
    const size_t earlier = text->size() > wanted_bytes ? text->size() - wanted_bytes + 1 : 0;
    begin = std::min(begin, WordStart(*text, earlier));
  }
  const std::string_view rest = std::string_view(*text).substr(begin);
  // Fit cuts by columns; blanks that Clean drops only make it shorter.
  const std::string fitted =
      Fit(rest.substr(0, CharacterStart(rest, wanted_bytes * 4)), columns - (begin > 0 ? 1 : 0));
  const bool cut = fitted.ends_with("…");
  const std::string_view shown = rest.substr(0, cut ? fitted.size() - 3 : fitted.size());
  return (begin > 0 ? "…" : "") + Highlight(field, shown, style) + (cut ? "…" : "");
}

}  // namespace segue
