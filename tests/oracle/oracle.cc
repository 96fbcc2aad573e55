// SPDX-License-Identifier: Apache-2.0
#include "tests/oracle/oracle.h"

#include <algorithm>
#include <cfloat>
#include <cmath>
#include <functional>
#include <set>
#include <tuple>

#include "engine/rank/portable_math.h"
#include "tests/automata/naive_matching.h"
#include "tests/oracle/oracle_geo.h"

namespace segue {
namespace {

// How near a term is to a pattern; nothing: it does not match.
std::optional<float> NaiveCloseness(const Query& pattern, const std::string& term) {
  const std::string& text = pattern.text();
  switch (pattern.kind()) {
    case QueryKind::kPrefix:
      if (term.compare(0, text.size(), text) != 0) return std::nullopt;
      return term == text ? 1.0f : 0.8f;
    case QueryKind::kWildcard:
      if (NaiveWildcard(text, term)) return 1.0f;
      return std::nullopt;
    case QueryKind::kRegexp:
      if (NaiveRegexp(text, term)) return 1.0f;
      return std::nullopt;
    case QueryKind::kFuzzy: {
      const std::optional<uint32_t> edits =
          NaiveFuzzy(text, term, *pattern.fuzzy().edits, pattern.fuzzy().prefix_length);
      if (!edits.has_value()) return std::nullopt;
      const size_t shorter = std::min(NaiveCharacters(text).size(), NaiveCharacters(term).size());
      return *edits == 0 ? 1.0f : 1.0f - static_cast<float>(*edits) / static_cast<float>(shorter);
    }
    default: {
      const TermBounds& bounds = pattern.bounds();
      if (bounds.from.has_value() &&
          (bounds.include_from ? term < *bounds.from : term <= *bounds.from)) {
        return std::nullopt;
      }
      if (bounds.to.has_value() && (bounds.include_to ? term > *bounds.to : term >= *bounds.to)) {
        return std::nullopt;
      }
      return 1.0f;
    }
  }
}

}  // namespace

void Oracle::CollectStatistics() {
  totals_.clear();
  terms_of_.clear();
  for (const OracleDocument& doc : documents_) {
    for (const auto& [field, words] : doc.words) {
      if (words.empty()) continue;
      ++totals_[field].doc_count;
      totals_[field].sum_total_freq += words.size();
      for (const std::string& word : std::set<std::string>(words.begin(), words.end())) {
        ++terms_of_[field][word].doc_freq;
      }
      for (const std::string& word : words) ++terms_of_[field][word].total_freq;
    }
  }
}

OracleResult Oracle::Search(const Query& rewritten) const {
  OracleResult result;
  terms_.clear();
  for (size_t i = 0; i < documents_.size(); ++i) {
    if (!documents_[i].live) continue;
    if (const auto score = Evaluate(rewritten, 1.0f, documents_[i]); score.has_value()) {
      result.hits.push_back({i, *score});
    }
  }
  std::sort(result.hits.begin(), result.hits.end(), [](const Hit& a, const Hit& b) {
    if (a.score > b.score) return true;
    if (a.score < b.score) return false;
    return a.doc < b.doc;
  });
  return result;
}

std::optional<float> Oracle::Evaluate(const Query& query, float boost,
                                      const OracleDocument& doc) const {
  switch (query.kind()) {
    case QueryKind::kMatchAll:
      return boost;
    case QueryKind::kMatchNone:
      return std::nullopt;
    case QueryKind::kTerm:
      return Term(query.field(), query.text(), boost, doc);
    case QueryKind::kPhrase:
      return Phrase(query, boost, doc);
    case QueryKind::kNear:
    case QueryKind::kNearRelated:
      return Near(query, boost, doc);
    case QueryKind::kBoolean:
      return Boolean(query, boost, doc);
    case QueryKind::kDisjunctionMax:
      return Max(query, boost, doc);
    case QueryKind::kCombinedTerms:
      return Combined(query, boost, doc);
    case QueryKind::kLikeTerms:
      return Evaluate(LikeWords(query), boost, doc);
    case QueryKind::kFunctionScore:
      return Function(query, boost, doc);
    case QueryKind::kDemote:
      return Demote(query, boost, doc);
    case QueryKind::kPrefix:
    case QueryKind::kWildcard:
    case QueryKind::kRegexp:
    case QueryKind::kFuzzy:
    case QueryKind::kTermRange:
      return Pattern(query, boost, doc);
    case QueryKind::kBoost:
      return Evaluate(query.children()[0], boost * query.number(), doc);
    case QueryKind::kConstantScore:
      if (!Evaluate(query.children()[0], 1.0f, doc).has_value()) return std::nullopt;
      return boost * query.number();
    case QueryKind::kEquals: {
      const auto number = doc.numbers.find(query.field());
      const auto* wanted = std::get_if<int64_t>(&query.value());
      if (wanted == nullptr || number == doc.numbers.end() || number->second != *wanted) {
        return std::nullopt;
      }
      return boost;
    }
    case QueryKind::kRange:
    case QueryKind::kIn:
    case QueryKind::kExists:
    case QueryKind::kGeoBox:
    case QueryKind::kGeoDistance:
      if (!HasValue(query, doc)) return std::nullopt;
      return boost;
    default:
      return std::nullopt;
  }
}

namespace {

template <typename T>
bool IsInBounds(const ValueBounds& bounds, const T& value) {
  const T* from = bounds.from.has_value() ? &std::get<T>(*bounds.from) : nullptr;
  const T* to = bounds.to.has_value() ? &std::get<T>(*bounds.to) : nullptr;
  if (from != nullptr && (bounds.include_from ? value < *from : value <= *from)) return false;
  return to == nullptr || (bounds.include_to ? value <= *to : value < *to);
}

template <typename T>
bool IsAsked(const Query& query, const T& value) {
  if (query.kind() == QueryKind::kExists) return true;
  if (query.kind() == QueryKind::kRange) return IsInBounds(query.value_bounds(), value);
  return std::count(query.values().begin(), query.values().end(), Value(value)) != 0;
}

}  // namespace

bool Oracle::HasValue(const Query& query, const OracleDocument& doc) const {
  const std::string& field = query.field();
  if (field == "id") return IsAsked(query, doc.key);
  if (const auto number = doc.numbers.find(field); number != doc.numbers.end()) {
    return IsAsked(query, number->second);
  }
  if (const auto decimals = doc.decimals.find(field); decimals != doc.decimals.end()) {
    return std::any_of(decimals->second.begin(), decimals->second.end(),
                       [&](double value) { return IsAsked(query, value); });
  }
  if (const auto points = doc.points.find(field); points != doc.points.end()) {
    return std::any_of(points->second.begin(), points->second.end(), [&](const GeoPoint& point) {
      return query.kind() == QueryKind::kExists || OracleContains(query, point);
    });
  }
  const auto words = doc.words.find(field);
  return words != doc.words.end() && !words->second.empty();
}

TermStatistics Oracle::StatisticsOf(const std::string& field, const std::string& term) const {
  const auto in_field = terms_of_.find(field);
  if (in_field == terms_of_.end()) return {};
  const auto found = in_field->second.find(term);
  return found == in_field->second.end() ? TermStatistics() : found->second;
}

FieldStatistics Oracle::TotalsOf(const std::string& field) const {
  const auto found = totals_.find(field);
  return found == totals_.end() ? FieldStatistics() : found->second;
}

OracleSimilarity Oracle::SimilarityOf(const std::string& field) const {
  const auto found = similarities.find(field);
  return found == similarities.end() ? OracleSimilarity() : found->second;
}

float Oracle::Scored(const std::string& field, float boost,
                     const std::vector<TermStatistics>& words, float freq, size_t length) const {
  return OracleScore(SimilarityOf(field), TotalsOf(field), boost, words, freq, length);
}

std::optional<float> Oracle::Term(const std::string& field, const std::string& term, float boost,
                                  const OracleDocument& doc) const {
  const auto words = doc.words.find(field);
  if (words == doc.words.end()) return std::nullopt;
  const auto freq = std::count(words->second.begin(), words->second.end(), term);
  if (freq == 0) return std::nullopt;
  return Scored(field, boost, {StatisticsOf(field, term)}, static_cast<float>(freq),
                words->second.size());
}

std::optional<float> Oracle::Phrase(const Query& query, float boost,
                                    const OracleDocument& doc) const {
  const auto words = doc.words.find(query.field());
  if (words == doc.words.end() || query.phrase().empty()) return std::nullopt;
  uint32_t least = UINT32_MAX;
  std::vector<TermStatistics> of_words;
  for (const PhraseTerm& term : query.phrase()) {
    least = std::min(least, term.position);
    of_words.push_back(StatisticsOf(query.field(), term.term));
  }
  uint32_t freq = 0;
  for (size_t start = 0; start < words->second.size(); ++start) {
    bool here = true;
    for (const PhraseTerm& term : query.phrase()) {
      const size_t at = start + term.position - least;
      here = here && at < words->second.size() && words->second[at] == term.term;
    }
    if (here) ++freq;
  }
  if (freq == 0) return std::nullopt;
  return Scored(query.field(), boost, of_words, static_cast<float>(freq), words->second.size());
}

// ---- Words near each other ----

namespace {

struct NearPart {
  std::vector<int64_t> numbers;  // its places less where it stands in a phrase, ascending
  int64_t position = 0;
  size_t words = 0;  // the same for parts that ask for the same
};

using Taken = std::set<std::pair<size_t, int64_t>>;  // words of a part, and its place

// Whether the parts from `part` on, of which some may be left out, find places whose numbers lie in
// [first, last]: parts of the same words different ones, and each behind the one before where they
// are `ordered`. Each takes the first place that it can.
bool Fits(const std::vector<NearPart>& parts, size_t part, size_t left_out, int64_t first,
          int64_t last, bool ordered, Taken* taken) {
  if (part == parts.size()) return true;
  const std::vector<int64_t>& numbers = parts[part].numbers;
  for (auto at = std::lower_bound(numbers.begin(), numbers.end(), first);
       at != numbers.end() && *at <= last; ++at) {
    const int64_t number = *at;
    const std::pair<size_t, int64_t> place{parts[part].words, number + parts[part].position};
    if (!taken->insert(place).second) continue;
    const int64_t next = ordered ? number + 1 : first;
    if (Fits(parts, part + 1, left_out, next, last, ordered, taken)) return true;
    taken->erase(place);
  }
  return left_out > 0 && Fits(parts, part + 1, left_out - 1, first, last, ordered, taken);
}

}  // namespace

void Oracle::AddPart(const Query& part, const std::string& field, Terms* terms) const {
  for (const QueryClause& clause : part.clauses()) AddPart(clause.query, field, terms);
  if (part.kind() == QueryKind::kBoolean) return;
  if (part.kind() != QueryKind::kTerm) {
    const Terms& of_pattern = TermsOf(part);
    terms->weights.insert(of_pattern.weights.begin(), of_pattern.weights.end());
    terms->Raise(of_pattern.greatest);
    return;
  }
  terms->weights[part.text()] = 1;
  terms->Raise(StatisticsOf(field, part.text()));
}

// Every window of numbers that holds enough parts and no smaller one that does. *of_parts: of those
// that count for the score.
std::vector<Oracle::Place> Oracle::PlacesOf(const Query& query,
                                            const std::vector<std::string>& words,
                                            std::vector<TermStatistics>* of_parts) const {
  const NearOptions& near = query.near();
  const bool phrase = near.order == NearOrder::kPhrase;
  const bool ordered = near.order == NearOrder::kOrdered;
  std::vector<NearPart> parts;
  std::set<int64_t> numbers;
  for (size_t i = 0; i < query.children().size(); ++i) {
    const Query& child = query.children()[i];
    Terms terms;
    AddPart(child, query.field(), &terms);
    of_parts->push_back(terms.greatest);
    NearPart& part = parts.emplace_back();
    part.words =
        static_cast<size_t>(std::find(query.children().begin(), query.children().end(), child) -
                            query.children().begin());
    if (phrase) {
      part.position = static_cast<int64_t>(near.positions.empty() ? i : near.positions[i]);
    }
    for (size_t place = 0; place < words.size(); ++place) {
      if (!terms.weights.contains(words[place])) continue;
      part.numbers.push_back(static_cast<int64_t>(place) - part.position);
      numbers.insert(part.numbers.back());
    }
  }
  const size_t wanted = near.at_least == 0 ? parts.size() : near.at_least;
  if (near.at_least != 0) {
    std::sort(of_parts->begin(), of_parts->end(), [](const auto& a, const auto& b) {
      return a.doc_freq != b.doc_freq ? a.doc_freq > b.doc_freq : a.total_freq > b.total_freq;
    });
    of_parts->resize(wanted);
  }
  const auto fits = [&](int64_t first, int64_t last, Taken* taken) {
    taken->clear();
    return Fits(parts, 0, parts.size() - wanted, first, last, ordered, taken);
  };
  const auto needed = phrase ? int64_t{0} : static_cast<int64_t>(wanted) - 1;
  std::vector<Place> places;
  for (const int64_t first : numbers) {
    for (auto at = numbers.find(first); at != numbers.end() && *at - first <= near.slop + needed;
         ++at) {
      Taken taken, smaller;
      if (!fits(first, *at, &taken)) continue;
      if (fits(first + 1, *at, &smaller) || fits(first, *at - 1, &smaller)) break;
      Place& place = places.emplace_back();
      place.excess = std::max<int64_t>(0, *at - first - needed);
      place.first = place.last = taken.begin()->second;
      for (const auto& [part, number] : taken) {
        place.first = std::min(place.first, number);
        place.last = std::max(place.last, number);
      }
      break;
    }
  }
  return places;
}

std::optional<float> Oracle::Near(const Query& query, float boost,
                                  const OracleDocument& doc) const {
  const auto words = doc.words.find(query.field());
  if (words == doc.words.end()) return std::nullopt;
  const bool is_related = query.kind() == QueryKind::kNearRelated;
  std::vector<TermStatistics> of_parts;
  std::vector<Place> places =
      PlacesOf(is_related ? query.children()[0] : query, words->second, &of_parts);
  if (is_related) {
    std::vector<TermStatistics> of_others;
    const std::vector<Place> others = PlacesOf(query.children()[1], words->second, &of_others);
    const NearRelation relation = query.relation();
    const bool has_other =
        relation == NearRelation::kContaining || relation == NearRelation::kWithin;
    const bool around =
        relation == NearRelation::kContaining || relation == NearRelation::kNotContaining;
    if (has_other) of_parts.insert(of_parts.end(), of_others.begin(), of_others.end());
    std::erase_if(places, [&](const Place& place) {
      const bool any = std::any_of(others.begin(), others.end(), [&](const Place& other) {
        const Place& inner = around ? other : place;
        const Place& outer = around ? place : other;
        return outer.first <= inner.first && inner.last <= outer.last;
      });
      return any != has_other;
    });
  }
  if (places.empty()) return std::nullopt;
  float freq = 0;
  for (const Place& place : places) freq += 1.0f / (1.0f + static_cast<float>(place.excess));
  return Scored(query.field(), boost, of_parts, freq, words->second.size());
}

std::optional<float> Oracle::Boolean(const Query& query, float boost,
                                     const OracleDocument& doc) const {
  double sum = 0;
  uint32_t shoulds = 0;
  uint32_t matching_shoulds = 0;
  bool required = false;
  for (const QueryClause& clause : query.clauses()) {
    const std::optional<float> score = Evaluate(clause.query, boost, doc);
    switch (clause.occur) {
      case Occur::kMust:
        required = true;
        if (!score.has_value()) return std::nullopt;
        sum += *score;
        break;
      case Occur::kFilter:
        required = true;
        if (!score.has_value()) return std::nullopt;
        break;
      case Occur::kMustNot:
        if (score.has_value()) return std::nullopt;
        break;
      case Occur::kShould:
        ++shoulds;
        if (score.has_value()) {
          ++matching_shoulds;
          sum += *score;
        }
        break;
    }
  }
  if (!required && shoulds == 0) return std::nullopt;
  const uint32_t least = std::max(query.min_should_match(), required ? 0u : 1u);
  if (matching_shoulds < least) return std::nullopt;
  return static_cast<float>(sum);
}

const Oracle::Terms& Oracle::TermsOf(const Query& pattern) const {
  const auto [found, is_new] = terms_.try_emplace(&pattern.text());
  Terms& terms = found->second;
  const auto in_field = terms_of_.find(pattern.field());
  if (!is_new || in_field == terms_of_.end()) return terms;
  std::vector<std::tuple<float, size_t, std::string>> ranked;  // minus closeness, bytes
  for (const auto& [term, statistics] : in_field->second) {
    if (const std::optional<float> closeness = NaiveCloseness(pattern, term)) {
      ranked.emplace_back(-*closeness, term.size(), term);
    }
  }
  std::sort(ranked.begin(), ranked.end());
  for (const auto& [minus, bytes, term] : ranked) {
    if (terms.weights.size() == 1024) {
      terms.others.insert(term);
      continue;
    }
    terms.weights[term] = -minus;
    terms.Raise(in_field->second.at(term));
    terms.occurrences += in_field->second.at(term).total_freq;
  }
  return terms;
}

// The best of the terms counts, with the greatest document frequency of all.
std::optional<float> Oracle::Pattern(const Query& query, float boost,
                                     const OracleDocument& doc) const {
  const auto words = doc.words.find(query.field());
  if (words == doc.words.end()) return std::nullopt;
  const Terms& terms = TermsOf(query);
  const bool is_range = query.kind() == QueryKind::kTermRange;
  std::optional<float> best;
  const auto offer = [&](float score) { best = std::max(best.value_or(score), score); };
  for (const std::string& word : words->second) {
    if (terms.others.contains(word)) offer(is_range ? boost : 0);
    const auto found = terms.weights.find(word);
    if (found == terms.weights.end()) continue;
    const auto freq = std::count(words->second.begin(), words->second.end(), word);
    const TermStatistics as_one{.doc_freq = terms.greatest.doc_freq,
                                .total_freq = terms.occurrences};
    offer(is_range ? boost
                   : Scored(query.field(), boost * found->second, {as_one},
                            static_cast<float>(freq), words->second.size()));
  }
  return best;
}

std::optional<float> Oracle::Combined(const Query& query, float boost,
                                      const OracleDocument& doc) const {
  double y = 0, in_field = 0;
  bool matches = false;
  TermStatistics as_one;
  uint64_t documents = 0;
  size_t length = 0;
  for (const CombinedTerm& term : query.combined_terms()) {
    documents = std::max(documents, TotalsOf(term.field).doc_count);
    const TermStatistics of_term = StatisticsOf(term.field, term.term);
    as_one.doc_freq = std::max(as_one.doc_freq, of_term.doc_freq);
    as_one.total_freq += of_term.total_freq;
    const auto words = doc.words.find(term.field);
    if (words == doc.words.end()) continue;
    const auto freq = std::count(words->second.begin(), words->second.end(), term.term);
    if (freq == 0) continue;
    matches = true;
    length = words->second.size();
    in_field += double{term.weight} * static_cast<double>(freq);
    y += double{term.weight} * static_cast<double>(freq) *
         OracleNormInverse(SimilarityOf(term.field), TotalsOf(term.field), length);
  }
  if (!matches) return std::nullopt;
  // Of another similarity all terms are of one field; world.h has IsRefused for others.
  const std::string& field = query.combined_terms()[0].field;
  if (SimilarityOf(field).similarity != Similarity::kBm25) {
    return Scored(field, boost, {as_one}, static_cast<float>(in_field), length);
  }
  const float weight = boost * OracleIdf(documents, as_one.doc_freq);
  return weight - weight / (1.0f + static_cast<float>(y));
}

// ---- Documents like a text ----

// The words that are chosen, as if somebody had typed them.
Query Oracle::LikeWords(const Query& query) const {
  const LikeOptions& like = query.like();
  std::vector<std::pair<double, CombinedTerm>> ranked;
  for (const CombinedTerm& term : query.combined_terms()) {
    const uint64_t doc_freq = StatisticsOf(term.field, term.term).doc_freq;
    if (doc_freq == 0 || doc_freq < like.min_doc_freq || doc_freq > like.max_doc_freq) continue;
    const float idf = OracleIdf(TotalsOf(term.field).doc_count, doc_freq);
    ranked.emplace_back(double{term.weight} * double{idf}, term);
  }
  std::sort(ranked.begin(), ranked.end(), [](const auto& a, const auto& b) {
    if (a.first != b.first) return a.first > b.first;
    return std::pair(a.second.field, a.second.term) < std::pair(b.second.field, b.second.term);
  });
  if (ranked.size() > like.max_terms) ranked.resize(like.max_terms);
  if (ranked.empty()) return Query::None();
  std::vector<QueryClause> words;
  for (const auto& [weight, term] : ranked) {
    words.push_back(
        {Occur::kShould, Query::Boost(Query::Term(term.field, term.term), term.weight)});
  }
  const size_t least = std::max<size_t>(ranked.size() * like.min_match_percent / 100, 1);
  return Query::Boolean(std::move(words), static_cast<uint32_t>(least));
}

// ---- Numbers in scores ----

namespace {

// Numbers as doubles, which hold all those of a world. PortableLog and PortableExp have their own
// test, against the C library's.
double FunctionOf(const ScoreFunction& of, double value) {
  const auto number = [](const Value& v) {
    const auto* whole = std::get_if<int64_t>(&v);
    return whole != nullptr ? static_cast<double>(*whole) : std::get<double>(v);
  };
  const double x = std::max(0.0, value * of.factor);
  double d = 0;
  if (of.origin.has_value()) {
    d = std::max(0.0, std::abs(value - number(*of.origin)) - of.offset) / of.scale;
  }
  double f = 0;
  switch (of.kind) {
    case ScoreFunctionKind::kValue:
      f = x;
      break;
    case ScoreFunctionKind::kSqrt:
      f = std::sqrt(x);
      break;
    case ScoreFunctionKind::kLog1p:
      f = PortableLog(1 + x);
      break;
    case ScoreFunctionKind::kSaturation:
      f = x == 0 ? 0 : 1 / (1 + of.pivot / x);
      break;
    case ScoreFunctionKind::kReciprocal:
      f = of.pivot / (x + of.pivot);
      break;
    case ScoreFunctionKind::kGauss:
      f = PortableExp(d * d * PortableLog(of.decay));
      break;
    case ScoreFunctionKind::kExponential:
      f = PortableExp(d * PortableLog(of.decay));
      break;
    case ScoreFunctionKind::kLinear:
      f = std::max(0.0, 1 - d * (1 - of.decay));
      break;
  }
  return of.bias + of.weight * f;
}

}  // namespace

std::optional<float> Oracle::Function(const Query& query, float boost,
                                      const OracleDocument& doc) const {
  const std::optional<float> inner = Evaluate(query.children()[0], 1.0f, doc);
  if (!inner.has_value()) return std::nullopt;
  const ScoreFunction& function = query.function();
  std::vector<double> values;
  if (const auto number = doc.numbers.find(function.field); number != doc.numbers.end()) {
    values.push_back(static_cast<double>(number->second));
  }
  if (const auto numbers = doc.decimals.find(function.field); numbers != doc.decimals.end()) {
    values.insert(values.end(), numbers->second.begin(), numbers->second.end());
  }
  if (values.empty() && function.missing.has_value()) {
    const auto* whole = std::get_if<int64_t>(&*function.missing);
    values.push_back(whole != nullptr ? static_cast<double>(*whole)
                                      : std::get<double>(*function.missing));
  }
  double score = *inner;
  if (values.empty()) {
    if (function.combination == ScoreCombination::kReplace) score = 0;
  } else {
    double g = 0;
    for (const double value : values) g = std::max(g, FunctionOf(function, value));
    if (function.combination == ScoreCombination::kMultiply) score *= g;
    if (function.combination == ScoreCombination::kAdd) score += g;
    if (function.combination == ScoreCombination::kMax) score = std::max(score, g);
    if (function.combination == ScoreCombination::kMin) score = std::min(score, g);
    if (function.combination == ScoreCombination::kReplace) score = g;
  }
  return static_cast<float>(std::min<double>(score * boost, FLT_MAX));
}

std::optional<float> Oracle::Demote(const Query& query, float boost,
                                    const OracleDocument& doc) const {
  const std::optional<float> score = Evaluate(query.children()[0], boost, doc);
  if (!score.has_value() || !Evaluate(query.children()[1], 0, doc).has_value()) return score;
  return *score * query.number();
}

std::optional<float> Oracle::Max(const Query& query, float boost, const OracleDocument& doc) const {
  bool any = false;
  float best = 0;
  double others = 0;
  for (const Query& child : query.children()) {
    const std::optional<float> score = Evaluate(child, boost, doc);
    if (!score.has_value()) continue;
    any = true;
    if (*score >= best) {
      others += best;
      best = *score;
    } else {
      others += *score;
    }
  }
  if (!any) return std::nullopt;
  return static_cast<float>(best + others * query.number());
}

}  // namespace segue
