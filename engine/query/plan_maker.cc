// SPDX-License-Identifier: Apache-2.0
//
// The walk, and what a query is mostly made of: terms, phrases, booleans.
#include "engine/query/plan_maker.h"

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/inlined_vector.h"
#include "engine/base/status.h"
#include "engine/base/strings.h"
#include "engine/format/dictionary_reader.h"
#include "engine/query/query_node.h"
#include "engine/query/query_text.h"
#include "engine/rank/bm25.h"
#include "engine/rank/similarity.h"

namespace segue {
namespace {

exec::ClauseKind ClauseKindOf(Occur occur) {
  switch (occur) {
    case Occur::kMust:
      return exec::ClauseKind::kMust;
    case Occur::kShould:
      return exec::ClauseKind::kShould;
    case Occur::kMustNot:
      return exec::ClauseKind::kMustNot;
    case Occur::kFilter:
      return exec::ClauseKind::kFilter;
  }
  return exec::ClauseKind::kMust;
}

// Of should clauses only terms are spared, which nothing can be wrong with.
bool IsSpared(const QueryClause& clause) {
  return clause.occur == Occur::kShould && clause.query.kind() == QueryKind::kTerm;
}

}  // namespace

absl::Status PlanMaker::Make(const Query& query) {
  data_->metas.reserve(query.leaf_count() * segments_.size());
  patterns_ = std::max<uint64_t>(query.pattern_count(), 1);
  SEGUE_RETURN_IF_ERROR(Fill(query, 1.0f, kNotLocated, &data_->root));
  NoteNothingLike();
  return absl::OkStatus();
}

absl::Status PlanMaker::Fill(const Query& query, float boost, Located located, Node* node) {
  switch (query.kind()) {
    case QueryKind::kMatchAll:
      node->kind = Node::Kind::kAll;
      node->score = boost;
      return absl::OkStatus();
    case QueryKind::kMatchNone:
      return FillNone("a query that matches no document", node);
    case QueryKind::kTerm:
      return FillTerm(query.field(), query.text(), boost, located, node);
    case QueryKind::kPhrase:
      return FillPhrase(query, boost, node);
    case QueryKind::kNear:
    case QueryKind::kNearRelated:
      return FillNear(query, boost, node);
    case QueryKind::kEquals:
      return FillEquals(query, boost, node);
    case QueryKind::kPrefix:
    case QueryKind::kWildcard:
    case QueryKind::kRegexp:
    case QueryKind::kFuzzy:
      return FillTerms(query, boost, node);
    case QueryKind::kTermRange:
      return FillTermRange(query, boost, node);
    case QueryKind::kRange:
      return FillRange(query, boost, node);
    case QueryKind::kIn:
      return FillIn(query, boost, node);
    case QueryKind::kGeoBox:
    case QueryKind::kGeoDistance:
      return FillArea(query, boost, node);
    case QueryKind::kExists:
      return FillConstantLeaf(Node::Kind::kExists, query, boost, node);
    case QueryKind::kBoolean:
      return FillBoolean(query, boost, node);
    case QueryKind::kBoost:
      return Fill(query.children()[0], BoostProduct(boost, query.number()), located, node);
    case QueryKind::kConstantScore:
      node->kind = Node::Kind::kConstant;
      node->score = BoostProduct(boost, query.number());
      return Fill(query.children()[0], 0.0f, kNotLocated, &node->children.emplace_back());
    case QueryKind::kDisjunctionMax:
      return FillMax(query, boost, node);
    case QueryKind::kCombinedTerms:
      return FillCombined(query, boost, node);
    case QueryKind::kLikeTerms:
      return FillLike(query, boost, node);
    case QueryKind::kFunctionScore:
      return FillFunction(query, boost, located, node);
    case QueryKind::kDemote:
      return FillDemote(query, boost, node);
    case QueryKind::kMatch:
    case QueryKind::kMatchPhrase:
    case QueryKind::kIds:
    case QueryKind::kCombined:
    case QueryKind::kLike:
      break;
  }
  return Error(ErrorCode::kInternal, "a query reached the planner before it was analysed");
}

absl::Status PlanMaker::FillNone(std::string why, Node* node) {
  node->kind = Node::Kind::kNone;
  node->name = std::move(why);
  return absl::OkStatus();
}

// What the snapshot knows already, unless the search brings statistics or parameters.
const QueriedField* PlanMaker::FieldOf(std::string_view name) {
  const bool own =
      options_.statistics != nullptr || HasParameters(options_) || plan_options_.fields == nullptr;
  if (!own) {
    if (const QueriedField* known = plan_options_.fields->Find(name)) return known;
  }
  for (const auto& field : data_->own_fields) {
    if (field->name == name) return field.get();
  }
  const FieldStatistics statistics = options_.statistics != nullptr
                                         ? options_.statistics->Field(name)
                                         : CollectFieldStatistics(segments_, name);
  return data_->own_fields
      .emplace_back(std::make_unique<const QueriedField>(segments_, name, statistics,
                                                         ParametersOf(schema_, name, options_)))
      .get();
}

// Adds a term to the plan; *statistics: of the whole collection, or as given from outside.
absl::Status PlanMaker::AddTerm(const QueriedField& field, std::string_view term, Located located,
                                TermStatistics* statistics) {
  ++data_->term_count;
  *statistics = {};
  for (size_t i = 0; i < segments_.size(); ++i) {
    TermMeta& meta = data_->metas.emplace_back();
    const Dictionary* dictionary = DictionaryOf(field, i);
    if (dictionary == nullptr) continue;
    Dictionary::Place own;
    if (located == kNotLocated) own = dictionary->Locate(term);
    const Dictionary::Place& place = located != kNotLocated ? located[i] : own;
    SEGUE_RETURN_IF_ERROR(dictionary->FindAt(place, term, &meta).status());
    statistics->doc_freq += meta.doc_freq;
    statistics->total_freq += meta.total_freq;
  }
  if (options_.statistics != nullptr) *statistics = options_.statistics->Term(field.name, term);
  return absl::OkStatus();
}

const Dictionary* PlanMaker::DictionaryOf(const QueriedField& field, size_t segment) {
  const SegmentField* in_segment = field.in_segments[segment];
  return in_segment != nullptr ? in_segment->dictionary() : nullptr;
}

// `words`: of a term one, of a phrase one for each word; `idf`: of all of them.
void PlanMaker::SetScoring(float boost, float idf, std::span<const TermStatistics> words,
                           Node* node) {
  exec::TermScoring& scoring = node->scoring;
  scoring.norms = &node->field->norms;
  scoring.boost = boost;
  scoring.idf = idf;
  scoring.doc_count = node->field->statistics.doc_count;
  node->score = BoostProduct(boost, idf);
  SetSimilarity(*node->field, words, node);
  if (plan_options_.explains) {
    scoring.field = node->field->name;
    scoring.name = node->name;
  }
}

// Where scores do not matter BM25 will do, which has the faster ways to search.
void PlanMaker::SetSimilarity(const QueriedField& field, std::span<const TermStatistics> words,
                              Node* node) {
  if (field.similarity == nullptr) return;
  const bool matters = plan_options_.explains || (options_.k != 0 && node->scoring.boost != 0);
  if (matters) node->scoring.similarity = field.similarity->Of(node->scoring.boost, words);
}

absl::Status PlanMaker::FillTerm(std::string_view field, std::string_view term, float boost,
                                 Located located, Node* node) {
  node->kind = Node::Kind::kTerm;
  node->field = FieldOf(field);
  node->first_term = data_->term_count;
  node->term_count = 1;
  TermStatistics statistics;
  SEGUE_RETURN_IF_ERROR(AddTerm(*node->field, term, located, &statistics));
  if (plan_options_.explains) NameTerm(field, term, statistics.doc_freq, node);
  SetScoring(boost, Idf(statistics.doc_freq, node->field->statistics.doc_count), {&statistics, 1},
             node);
  return absl::OkStatus();
}

// For explanations.
void PlanMaker::NameTerm(std::string_view field, std::string_view term, uint64_t doc_freq,
                         Node* node) {
  node->name = Cat(field, ":", term);
  node->scoring.doc_freqs = {doc_freq};
}

absl::Status PlanMaker::FillPhrase(const Query& query, float boost, Node* node) {
  const std::vector<PhraseTerm>& phrase = query.phrase();
  if (phrase.empty()) return FillNone("an empty phrase", node);
  if (phrase.size() == 1) {
    return FillTerm(query.field(), phrase[0].term, boost, kNotLocated, node);
  }
  if (const Field* field = schema_.Find(query.field());
      field != nullptr && !(field->options.type == FieldType::kText && field->options.positions)) {
    return Error(ErrorCode::kInvalidArgument,
                 Cat("field \"", query.field(),
                     "\" keeps no positions, so phrases cannot be searched in it; search its "
                     "words with AND, or index it with \"positions\": true"));
  }
  node->kind = Node::Kind::kPhrase;
  node->field = FieldOf(query.field());
  node->first_term = data_->term_count;
  WordStatistics of_terms;
  SEGUE_RETURN_IF_ERROR(AddWords(phrase, node, &of_terms));
  if (plan_options_.explains) {
    std::string text;
    for (const PhraseTerm& word : phrase) text += Cat(text.empty() ? "" : " ", word.term);
    node->name = Cat(query.field(), ":\"", text, "\"");
  }
  WordStatistics words;
  for (const exec::PhraseWord& word : node->words) words.push_back(of_terms[word.term]);
  SetPhraseScoring(boost, words, node);
  return absl::OkStatus();
}

// Each distinct word of a phrase is a term; `of_terms`: of these. Phrases are short: limits.h
// has their greatest length.
absl::Status PlanMaker::AddWords(const std::vector<PhraseTerm>& phrase, Node* node,
                                 WordStatistics* of_terms) {
  uint32_t first_position = UINT32_MAX;
  for (const PhraseTerm& word : phrase) first_position = std::min(first_position, word.position);
  node->words.reserve(phrase.size());
  Places located;
  for (const PhraseTerm& word : phrase) Locate(*node->field, word.term, &located);
  for (size_t i = 0; i < phrase.size(); ++i) {
    const auto same =
        std::find_if(phrase.begin(), phrase.begin() + static_cast<ptrdiff_t>(i),
                     [&](const PhraseTerm& word) { return word.term == phrase[i].term; });
    const auto at = static_cast<size_t>(same - phrase.begin());
    auto term = static_cast<uint32_t>(node->term_count);
    if (at < i) {
      term = node->words[at].term;
    } else {
      TermStatistics& statistics = of_terms->emplace_back();
      const Located places = located.data() + i * segments_.size();
      SEGUE_RETURN_IF_ERROR(AddTerm(*node->field, phrase[i].term, places, &statistics));
      ++node->term_count;
    }
    node->words.push_back({.term = term, .position = phrase[i].position - first_position});
  }
  return absl::OkStatus();
}

void PlanMaker::SetPhraseScoring(float boost, const WordStatistics& words, Node* node) {
  absl::InlinedVector<float, 8> idfs;
  idfs.reserve(words.size());
  for (const TermStatistics& word : words) {
    if (plan_options_.explains) node->scoring.doc_freqs.push_back(word.doc_freq);
    idfs.push_back(Idf(word.doc_freq, node->field->statistics.doc_count));
  }
  SetScoring(boost, PhraseIdf(idfs), words, node);
}

// Whether should clauses neither decide what matches nor what it scores.
bool PlanMaker::CanSpareShoulds(const Query& query, float boost) const {
  if (plan_options_.explains || (options_.k != 0 && boost != 0)) return false;
  return query.min_should_match() == 0 &&
         std::any_of(query.clauses().begin(), query.clauses().end(), [](const QueryClause& clause) {
           return exec::IsRequired(ClauseKindOf(clause.occur));
         });
}

absl::Status PlanMaker::FillBoolean(const Query& query, float boost, Node* node) {
  const std::vector<QueryClause>& clauses = query.clauses();
  node->kind = Node::Kind::kBoolean;
  node->min_should_match = query.min_should_match();
  node->children.reserve(clauses.size());
  const bool spare_shoulds = CanSpareShoulds(query, boost);
  const Places located = LocateTerms(clauses, spare_shoulds);
  size_t next_located = 0;
  for (const QueryClause& clause : clauses) {
    if (spare_shoulds && IsSpared(clause)) continue;
    Node* const child = &node->children.emplace_back();
    child->occur = ClauseKindOf(clause.occur);
    Located places = kNotLocated;
    if (!located.empty() && clause.query.kind() == QueryKind::kTerm) {
      places = located.data() + next_located;
      next_located += segments_.size();
    }
    const bool scores = exec::IsScored(child->occur);
    SEGUE_RETURN_IF_ERROR(Fill(clause.query, scores ? boost : 0.0f, places, child));
  }
  return absl::OkStatus();
}

// Adds where a term is in each dictionary, which brings those places nearer: with several terms
// the waits for memory then overlap.
void PlanMaker::Locate(const QueriedField& field, std::string_view term, Places* places) {
  for (size_t i = 0; i < segments_.size(); ++i) {
    const Dictionary* dictionary = DictionaryOf(field, i);
    places->push_back(dictionary != nullptr ? dictionary->Locate(term) : Dictionary::Place());
  }
}

// Of all terms among the clauses; nothing if there are not several.
PlanMaker::Places PlanMaker::LocateTerms(const std::vector<QueryClause>& clauses,
                                         bool spare_shoulds) {
  Places places;
  if (clauses.size() < 2) return places;
  for (const QueryClause& clause : clauses) {
    if (clause.query.kind() != QueryKind::kTerm) continue;
    if (spare_shoulds && IsSpared(clause)) continue;
    Locate(*FieldOf(clause.query.field()), clause.query.text(), &places);
  }
  return places;
}

absl::Status PlanMaker::FillMax(const Query& query, float boost, Node* node) {
  node->kind = Node::Kind::kMax;
  node->tie = query.number();
  node->children.reserve(query.children().size());
  for (const Query& inner : query.children()) {
    SEGUE_RETURN_IF_ERROR(Fill(inner, boost, kNotLocated, &node->children.emplace_back()));
  }
  return absl::OkStatus();
}

// The boost is for the combined score, not only for that of the query inside. Where scores do not
// matter the function does not either.
absl::Status PlanMaker::FillFunction(const Query& query, float boost, Located located, Node* node) {
  const Query& inner = query.children()[0];
  if (boost == 0) return Fill(inner, boost, located, node);
  const ScoreFunction& function = query.function();
  node->kind = Node::Kind::kFunction;
  node->field = FieldOf(function.field);
  node->function = std::make_shared<const ValueFunction>(function);
  node->score = boost;
  if (plan_options_.explains) node->name = FunctionText(function);
  const bool replaces = function.combination == ScoreCombination::kReplace;
  return Fill(inner, replaces ? 0.0f : 1.0f, kNotLocated, &node->children.emplace_back());
}

absl::Status PlanMaker::FillDemote(const Query& query, float boost, Node* node) {
  node->kind = Node::Kind::kDemote;
  node->score = query.number();
  node->children.reserve(2);
  SEGUE_RETURN_IF_ERROR(
      Fill(query.children()[0], boost, kNotLocated, &node->children.emplace_back()));
  return Fill(query.children()[1], 0.0f, kNotLocated, &node->children.emplace_back());
}

}  // namespace segue
