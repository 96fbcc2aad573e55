// SPDX-License-Identifier: Apache-2.0
//
// Make(): one walk down the query that carries the boost (boosts multiply from the outside
// inwards, in float, as Lucene does; decision D3). Depth is limited by Query::Validate, so the
// recursion is.
#include "engine/query/planner.h"

#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/inlined_vector.h"
#include "engine/base/limits.h"
#include "engine/base/status.h"
#include "engine/base/strings.h"
#include "engine/format/column_format.h"
#include "engine/format/dictionary_reader.h"
#include "engine/query/plan_node.h"
#include "engine/query/query_node.h"
#include "engine/query/query_text.h"
#include "engine/query/term_expansion.h"
#include "engine/query/term_pattern.h"
#include "engine/rank/bm25.h"
#include "engine/rank/similarity.h"

namespace segue {
namespace {

using Node = QueryPlan::Node;

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

// What a value of an equality is in a column of the field's type.
std::optional<int64_t> OrderedValue(const Value& value) {
  if (const auto* number = std::get_if<int64_t>(&value)) return *number;
  if (const auto* number = std::get_if<double>(&value)) return OrderedFromDouble(*number);
  if (const auto* truth = std::get_if<bool>(&value)) return *truth ? 1 : 0;
  return std::nullopt;
}

class PlanMaker {
 public:
  // Fills *data.
  PlanMaker(const Schema& schema, const SearchOptions& options, const PlanOptions& plan_options,
            QueryPlan::Data* data)
      : segments_(data->segments),
        schema_(schema),
        options_(options),
        plan_options_(plan_options),
        data_(data) {}

  absl::Status Make(const Query& query) {
    data_->metas.reserve(query.leaf_count() * segments_.size());
    patterns_ = std::max<uint64_t>(query.pattern_count(), 1);
    SEGUE_RETURN_IF_ERROR(Fill(query, 1.0f, kNotLocated, &data_->root));
    NoteNothingLike();
    return absl::OkStatus();
  }

 private:
  // The places of a term in the segments' dictionaries, if they have been looked for already.
  using Located = const Dictionary::Place*;
  using Places = absl::InlinedVector<Dictionary::Place, 4>;
  using WordStatistics = absl::InlinedVector<TermStatistics, 8>;
  static constexpr Located kNotLocated = nullptr;

  absl::Status Fill(const Query& query, float boost, Located located, Node* node) {
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

  static absl::Status FillNone(std::string why, Node* node) {
    node->kind = Node::Kind::kNone;
    node->name = std::move(why);
    return absl::OkStatus();
  }

  // What the snapshot knows already, unless the search brings statistics or parameters.
  const QueriedField* FieldOf(std::string_view name) {
    const bool own = options_.statistics != nullptr || HasParameters(options_) ||
                     plan_options_.fields == nullptr;
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
  absl::Status AddTerm(const QueriedField& field, std::string_view term, Located located,
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

  static const Dictionary* DictionaryOf(const QueriedField& field, size_t segment) {
    const SegmentField* in_segment = field.in_segments[segment];
    return in_segment != nullptr ? in_segment->dictionary() : nullptr;
  }

  // `words`: of a term one, of a phrase one for each word; `idf`: of all of them.
  void SetScoring(float boost, float idf, std::span<const TermStatistics> words, Node* node) {
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
  void SetSimilarity(const QueriedField& field, std::span<const TermStatistics> words, Node* node) {
    if (field.similarity == nullptr) return;
    const bool matters = plan_options_.explains || (options_.k != 0 && node->scoring.boost != 0);
    if (matters) node->scoring.similarity = field.similarity->Of(node->scoring.boost, words);
  }

  absl::Status FillTerm(std::string_view field, std::string_view term, float boost, Located located,
                        Node* node) {
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
  [[gnu::cold]] static void NameTerm(std::string_view field, std::string_view term,
                                     uint64_t doc_freq, Node* node) {
    node->name = Cat(field, ":", term);
    node->scoring.doc_freqs = {doc_freq};
  }

  absl::Status FillPhrase(const Query& query, float boost, Node* node) {
    const std::vector<PhraseTerm>& phrase = query.phrase();
    if (phrase.empty()) return FillNone("an empty phrase", node);
    if (phrase.size() == 1) {
      return FillTerm(query.field(), phrase[0].term, boost, kNotLocated, node);
    }
    if (const Field* field = schema_.Find(query.field());
        field != nullptr &&
        !(field->options.type == FieldType::kText && field->options.positions)) {
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
  absl::Status AddWords(const std::vector<PhraseTerm>& phrase, Node* node,
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

  void SetPhraseScoring(float boost, const WordStatistics& words, Node* node) {
    absl::InlinedVector<float, 8> idfs;
    idfs.reserve(words.size());
    for (const TermStatistics& word : words) {
      if (plan_options_.explains) node->scoring.doc_freqs.push_back(word.doc_freq);
      idfs.push_back(Idf(word.doc_freq, node->field->statistics.doc_count));
    }
    SetScoring(boost, PhraseIdf(idfs), words, node);
  }

  // The terms of all parts, each once.
  using TermNumbers = std::map<std::string, std::pair<uint32_t, TermStatistics>>;

  absl::Status FillNear(const Query& query, float boost, Node* node) {
    node->kind = Node::Kind::kNear;
    node->field = FieldOf(query.field());
    node->first_term = data_->term_count;
    if (plan_options_.explains) node->name = query.ToString();
    TermNumbers numbers;
    WordStatistics of_parts;
    const bool is_related = query.kind() == QueryKind::kNearRelated;
    const Query& near = is_related ? query.children()[0] : query;
    SEGUE_ASSIGN_OR_RETURN(const auto plan, NearPlanOf(near, &numbers, &of_parts, node));
    bool is_whole = HasEnoughTerms(*plan);
    if (is_related) {
      WordStatistics of_other;
      SEGUE_ASSIGN_OR_RETURN(const auto other,
                             NearPlanOf(query.children()[1], &numbers, &of_other, node));
      plan->relation = RelationOf(query.relation());
      const bool needs_other = NeedsOther(query.relation());
      if (needs_other) of_parts.insert(of_parts.end(), of_other.begin(), of_other.end());
      const bool has_other = HasEnoughTerms(*other);
      if (has_other) plan->other = other;
      is_whole = is_whole && (has_other || !needs_other);
    }
    if (!is_whole) return FillNone("no matching term: " + node->name, node);
    node->near = plan;
    SetPhraseScoring(boost, of_parts, node);
    return absl::OkStatus();
  }

  static exec::SpanRelation RelationOf(NearRelation relation) {
    switch (relation) {
      case NearRelation::kContaining:
        return exec::SpanRelation::kContaining;
      case NearRelation::kNotContaining:
        return exec::SpanRelation::kNotContaining;
      case NearRelation::kWithin:
        return exec::SpanRelation::kWithin;
      case NearRelation::kNotWithin:
        return exec::SpanRelation::kNotWithin;
    }
    return exec::SpanRelation::kContaining;
  }

  static bool HasEnoughTerms(const NearPlan& plan) {
    const auto there = std::count_if(plan.parts.begin(), plan.parts.end(),
                                     [](const auto& part) { return !part.empty(); });
    return plan.IsEnough(static_cast<size_t>(there));
  }

  // The parts of a kNear; *of_parts: of those that count for its idf. Where some parts are enough,
  // these are the most frequent ones: so much every match has.
  absl::StatusOr<std::shared_ptr<NearPlan>> NearPlanOf(const Query& query, TermNumbers* numbers,
                                                       WordStatistics* of_parts, Node* node) {
    const NearOptions& options = query.near();
    auto near = std::make_shared<NearPlan>();
    near->slop = options.slop;
    near->at_least = options.at_least;
    near->proximity = options.order == NearOrder::kAny       ? exec::Proximity::kNear
                      : options.order == NearOrder::kOrdered ? exec::Proximity::kOrdered
                                                             : exec::Proximity::kPhrase;
    const std::vector<Query>& children = query.children();
    for (size_t i = 0; i < children.size(); ++i) {
      std::vector<uint32_t>& part = near->parts.emplace_back();
      TermStatistics& of_part = of_parts->emplace_back();
      SEGUE_RETURN_IF_ERROR(AddPart(query, children[i], numbers, &part, &of_part, node));
      std::sort(part.begin(), part.end());
      part.erase(std::unique(part.begin(), part.end()), part.end());
      uint32_t position = 0;
      if (options.order == NearOrder::kPhrase) {
        position = options.positions.empty() ? static_cast<uint32_t>(i) : options.positions[i];
      }
      // By what was asked for: which terms a shard has of it does not matter.
      const auto same = std::find(children.begin(), children.end(), children[i]);
      near->places.push_back(
          {.position = position, .words = static_cast<uint32_t>(same - children.begin())});
    }
    if (options.at_least != 0) {
      std::sort(of_parts->begin(), of_parts->end(),
                [](const TermStatistics& a, const TermStatistics& b) {
                  return std::pair(a.doc_freq, a.total_freq) > std::pair(b.doc_freq, b.total_freq);
                });
      of_parts->resize(options.at_least);
    }
    return near;
  }

  // *of_part: the greatest of the part's terms. Those that only other shards have count for it.
  absl::Status AddPart(const Query& query, const Query& part, TermNumbers* numbers,
                       std::vector<uint32_t>* terms, TermStatistics* of_part, Node* node) {
    for (const QueryClause& clause : part.clauses()) {
      SEGUE_RETURN_IF_ERROR(AddPart(query, clause.query, numbers, terms, of_part, node));
    }
    if (part.kind() == QueryKind::kBoolean) return absl::OkStatus();
    const auto next = static_cast<uint32_t>(node->term_count);
    if (part.kind() == QueryKind::kTerm) {
      const auto [known, is_new] = numbers->try_emplace(part.text(), next, TermStatistics());
      if (is_new) {
        ++node->term_count;
        SEGUE_RETURN_IF_ERROR(
            AddTerm(*node->field, part.text(), kNotLocated, &known->second.second));
      }
      terms->push_back(known->second.first);
      RaiseTo(known->second.second, of_part);
      return absl::OkStatus();
    }
    SEGUE_ASSIGN_OR_RETURN(const TermPattern pattern,
                           TermPattern::Of(part, patterns_, options_.limits));
    SEGUE_ASSIGN_OR_RETURN(
        const TermExpansions expansions,
        ExpandTerms(pattern, query.field(), options_.limits.expansions, segments_,
                    options_.statistics, [this] { return exec::StopReason(options_, 0); }));
    if (expansions.cut) NoteCutPart(part);
    for (const TermExpansion& expansion : expansions.terms) {
      RaiseTo(expansion.statistics, of_part);
      if (expansion.metas.empty()) continue;  // other shards have it
      const auto [known, is_new] = numbers->try_emplace(
          expansion.term, static_cast<uint32_t>(node->term_count), expansion.statistics);
      if (is_new) {
        ++node->term_count;
        AddMetas(expansion);
      }
      terms->push_back(known->second.first);
    }
    return absl::OkStatus();
  }

  void AddMetas(const TermExpansion& expansion) {
    ++data_->term_count;
    for (size_t i = 0; i < segments_.size(); ++i) {
      data_->metas.push_back(i < expansion.metas.size() ? expansion.metas[i] : TermMeta{});
    }
  }

  absl::Status FillEquals(const Query& query, float boost, Node* node) {
    if (const auto* text = std::get_if<std::string>(&query.value())) {
      return FillTerm(query.field(), *text, boost, kNotLocated, node);
    }
    const std::optional<int64_t> value = OrderedValue(query.value());
    if (!value.has_value()) return FillNone("a value that no number equals", node);
    return FillValues(query, ValueRanges(*value, *value), boost, node);
  }

  // A leaf whose matches score the same.
  absl::Status FillConstantLeaf(Node::Kind kind, const Query& query, float boost, Node* node) {
    node->kind = kind;
    node->field = FieldOf(query.field());
    if (plan_options_.explains) node->name = query.ToString();
    node->score = boost;
    return absl::OkStatus();
  }

  absl::Status FillValues(const Query& query, ValueRanges wanted, float boost, Node* node) {
    node->wanted = std::make_shared<const ValueRanges>(std::move(wanted));
    return FillConstantLeaf(Node::Kind::kValues, query, boost, node);
  }

  absl::Status FillRange(const Query& query, float boost, Node* node) {
    const ValueBounds& bounds = query.value_bounds();
    int64_t low = INT64_MIN, high = INT64_MAX;
    bool is_empty = false;
    if (bounds.from.has_value()) {
      low = OrderedValue(*bounds.from).value_or(INT64_MAX);
      is_empty |= !bounds.include_from && low == INT64_MAX;
      low += !bounds.include_from && !is_empty ? 1 : 0;
    }
    if (bounds.to.has_value()) {
      high = OrderedValue(*bounds.to).value_or(INT64_MIN);
      is_empty |= !bounds.include_to && high == INT64_MIN;
      high -= !bounds.include_to && !is_empty ? 1 : 0;
    }
    if (is_empty) return FillNone("a range without a value", node);
    return FillValues(query, ValueRanges(low, high), boost, node);
  }

  absl::Status FillIn(const Query& query, float boost, Node* node) {
    std::vector<int64_t> numbers;
    numbers.reserve(query.values().size());
    for (const Value& value : query.values()) {
      if (std::holds_alternative<std::string>(value)) continue;
      numbers.push_back(*OrderedValue(value));
    }
    if (!numbers.empty()) {
      return FillValues(query, ValueRanges::Of(std::move(numbers)), boost, node);
    }
    node->keywords = &query.values();
    return FillConstantLeaf(Node::Kind::kSet, query, boost, node);
  }

  // A pattern. Where scores do not matter its terms are only looked for segment by segment.
  absl::Status FillTerms(const Query& query, float boost, Node* node) {
    node->kind = Node::Kind::kTerms;
    node->field = FieldOf(query.field());
    node->name = plan_options_.explains ? query.ToString() : std::string();
    SEGUE_ASSIGN_OR_RETURN(TermPattern pattern, TermPattern::Of(query, patterns_, options_.limits));
    node->pattern = std::make_shared<const TermPattern>(std::move(pattern));
    if (!plan_options_.explains && (boost == 0 || options_.k == 0)) return absl::OkStatus();
    SEGUE_ASSIGN_OR_RETURN(
        const TermExpansions expansions,
        ExpandTerms(*node->pattern, query.field(), options_.limits.expansions, segments_,
                    options_.statistics, [this] { return exec::StopReason(options_, 0); }));
    node->is_whole = !expansions.cut;
    if (expansions.cut) NoteCut(query);
    AddExpansions(expansions, boost, node);
    if (!node->is_whole || node->children.size() > 1) return absl::OkStatus();
    if (node->children.empty()) return FillNone("no matching term: " + node->name, node);
    Node only = std::move(node->children[0]);
    only.occur = node->occur;
    *node = std::move(only);
    return absl::OkStatus();
  }

  // The same score for all.
  absl::Status FillTermRange(const Query& query, float boost, Node* node) {
    node->kind = Node::Kind::kConstant;
    node->score = boost;
    return FillTerms(query, 0.0f, &node->children.emplace_back());
  }

  // The greatest document frequency is that of all: a rare misspelling counts no more than the
  // word.
  void AddExpansions(const TermExpansions& expansions, float boost, Node* node) {
    TermStatistics blended;
    for (const TermExpansion& expansion : expansions.terms) {
      Blend(expansion.statistics, &blended);
    }
    const float idf = Idf(blended.doc_freq, node->field->statistics.doc_count);
    node->children.reserve(expansions.terms.size());
    for (const TermExpansion& expansion : expansions.terms) {
      if (expansion.metas.empty()) continue;  // other shards have it
      Node& child = node->children.emplace_back();
      child.kind = Node::Kind::kTerm;
      child.field = node->field;
      child.first_term = data_->term_count;
      child.term_count = 1;
      AddMetas(expansion);
      if (plan_options_.explains) {
        NameTerm(node->field->name, expansion.term, blended.doc_freq, &child);
      }
      SetScoring(boost * expansion.closeness, idf, {&blended, 1}, &child);
    }
  }

  [[gnu::cold]] void NoteCutPart(const Query& part) {
    data_->expansions_cut = true;
    data_->diagnostics.push_back(
        {part.source_begin(), part.source_end(),
         Cat(ShownText(part.ToString()), " stands for more than ", options_.limits.expansions,
             " terms; the nearest ", options_.limits.expansions,
             " are looked for beside the other words")});
  }

  [[gnu::cold]] void NoteCut(const Query& query) {
    data_->expansions_cut = true;
    data_->diagnostics.push_back(
        {query.source_begin(), query.source_end(),
         Cat(ShownText(query.ToString()), " stands for more than ", options_.limits.expansions,
             " terms; the nearest ", options_.limits.expansions,
             " are scored, documents with others come last")});
  }

  absl::Status FillBoolean(const Query& query, float boost, Node* node) {
    const std::vector<QueryClause>& clauses = query.clauses();
    node->kind = Node::Kind::kBoolean;
    node->min_should_match = query.min_should_match();
    node->children.reserve(clauses.size());
    const Places located = LocateTerms(clauses);
    size_t next_located = 0;
    for (const QueryClause& clause : clauses) {
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
  void Locate(const QueriedField& field, std::string_view term, Places* places) {
    for (size_t i = 0; i < segments_.size(); ++i) {
      const Dictionary* dictionary = DictionaryOf(field, i);
      places->push_back(dictionary != nullptr ? dictionary->Locate(term) : Dictionary::Place());
    }
  }

  // Of all terms among the clauses; nothing if there are not several.
  Places LocateTerms(const std::vector<QueryClause>& clauses) {
    Places places;
    if (clauses.size() < 2) return places;
    for (const QueryClause& clause : clauses) {
      if (clause.query.kind() != QueryKind::kTerm) continue;
      Locate(*FieldOf(clause.query.field()), clause.query.text(), &places);
    }
    return places;
  }

  absl::Status FillMax(const Query& query, float boost, Node* node) {
    node->kind = Node::Kind::kMax;
    node->tie = query.number();
    node->children.reserve(query.children().size());
    for (const Query& inner : query.children()) {
      SEGUE_RETURN_IF_ERROR(Fill(inner, boost, kNotLocated, &node->children.emplace_back()));
    }
    return absl::OkStatus();
  }

  // The terms are weighed together: what each is opened with has a weight of 1.
  absl::Status FillCombined(const Query& query, float boost, Node* node) {
    node->kind = Node::Kind::kCombined;
    if (plan_options_.explains) node->name = query.ToString();
    const std::vector<CombinedTerm>& terms = query.combined_terms();
    node->children.reserve(terms.size());
    SEGUE_RETURN_IF_ERROR(CheckCombined(terms));
    TermStatistics blended;
    uint64_t doc_count = 0;
    for (const CombinedTerm& term : terms) {
      Node& child = node->children.emplace_back();
      child.kind = Node::Kind::kTerm;
      child.field = FieldOf(term.field);
      child.first_term = data_->term_count;
      child.term_count = 1;
      child.tie = term.weight;
      TermStatistics of_term;
      SEGUE_RETURN_IF_ERROR(AddTerm(*child.field, term.term, kNotLocated, &of_term));
      if (plan_options_.explains) NameTerm(term.field, term.term, of_term.doc_freq, &child);
      SetScoring(1, 1, {&of_term, 1}, &child);
      Blend(of_term, &blended);
      doc_count = std::max(doc_count, child.field->statistics.doc_count);
    }
    node->scoring.boost = boost;
    node->scoring.idf = Idf(blended.doc_freq, doc_count);
    node->scoring.doc_freqs = {blended.doc_freq};
    node->scoring.doc_count = doc_count;
    node->scoring.name = node->name;
    node->score = BoostProduct(boost, node->scoring.idf);
    if (terms.empty()) return absl::OkStatus();
    node->field = node->children[0].field;
    SetSimilarity(*node->field, {&blended, 1}, node);
    return absl::OkStatus();
  }

  // Frequencies of one field can be added up under any similarity; how those of several fields make
  // one score only BM25F says.
  absl::Status CheckCombined(const std::vector<CombinedTerm>& terms) {
    for (const CombinedTerm& term : terms) {
      if (term.field == terms[0].field) continue;
      for (const CombinedTerm& other : terms) {
        if (FieldOf(other.field)->similarity == nullptr) continue;
        return Error(
            ErrorCode::kInvalidArgument,
            Cat("fields that are searched as one are scored by BM25F; the similarity of \"",
                other.field, "\" is not bm25"));
      }
      break;
    }
    return absl::OkStatus();
  }

  // The terms that stand for the text best, chosen by what the whole collection has of them, so
  // that no layout of segments or shards changes which they are (decision D2).
  absl::StatusOr<std::vector<const CombinedTerm*>> ChooseTerms(const Query& query) {
    const LikeOptions& like = query.like();
    std::vector<std::pair<double, const CombinedTerm*>> ranked;
    for (size_t i = 0; i < query.combined_terms().size(); ++i) {
      const CombinedTerm& term = query.combined_terms()[i];
      constexpr size_t kTermsToStop = 256;
      if (i % kTermsToStop == 0) SEGUE_RETURN_IF_ERROR(exec::StopReason(options_, 0));
      uint64_t doc_freq = 0;
      if (options_.statistics != nullptr) {
        doc_freq = options_.statistics->DocFreq(term.field, term.term);
      } else {
        SEGUE_ASSIGN_OR_RETURN(doc_freq, DocFreqOf(segments_, term.field, term.term));
      }
      if (doc_freq == 0 || doc_freq < like.min_doc_freq || doc_freq > like.max_doc_freq) continue;
      const float idf = Idf(doc_freq, FieldOf(term.field)->statistics.doc_count);
      ranked.emplace_back(double{term.weight} * double{idf}, &term);
    }
    const size_t chosen = std::min<size_t>(ranked.size(), like.max_terms);
    // Those before have the lesser bytes.
    std::partial_sort(ranked.begin(), ranked.begin() + static_cast<ptrdiff_t>(chosen), ranked.end(),
                      [](const auto& a, const auto& b) {
                        return a.first != b.first ? a.first > b.first : a.second < b.second;
                      });
    std::vector<const CombinedTerm*> terms;
    for (size_t i = 0; i < chosen; ++i) terms.push_back(ranked[i].second);
    return terms;
  }

  // A boolean of them, as of words that somebody typed.
  absl::Status FillLike(const Query& query, float boost, Node* node) {
    SEGUE_ASSIGN_OR_RETURN(const std::vector<const CombinedTerm*> terms, ChooseTerms(query));
    // A text is looked for in several fields, and may have words in one alone.
    const std::pair place(query.source_begin(), query.source_end());
    if (terms.empty()) {
      likes_.try_emplace(place, NothingLike(query.like()));
      return FillNone("no word stands for the text", node);
    }
    likes_[place] = std::nullopt;
    const auto fill = [&](const CombinedTerm& term, Node* of_term) {
      return FillTerm(term.field, term.term, BoostProduct(boost, term.weight), kNotLocated,
                      of_term);
    };
    if (terms.size() == 1) return fill(*terms[0], node);
    node->kind = Node::Kind::kBoolean;
    const uint64_t wanted = terms.size() * query.like().min_match_percent / 100;
    node->min_should_match = static_cast<uint32_t>(std::max<uint64_t>(wanted, 1));
    node->children.reserve(terms.size());
    for (const CombinedTerm* term : terms) {
      Node* const child = &node->children.emplace_back();
      child->occur = exec::ClauseKind::kShould;
      SEGUE_RETURN_IF_ERROR(fill(*term, child));
    }
    return absl::OkStatus();
  }

  static std::string NothingLike(const LikeOptions& like) {
    std::string most;
    if (like.max_doc_freq != UINT64_MAX) most = Cat(" and at most ", like.max_doc_freq);
    return Cat("no word of the text is in at least ", like.min_doc_freq, most,
               " documents, as min_doc_freq asks; nothing is like it");
  }

  void NoteNothingLike() {
    for (auto& [source, problem] : likes_) {
      if (!problem) continue;
      data_->diagnostics.push_back({source.first, source.second, *std::move(problem)});
    }
  }

  // The boost is for the combined score, not only for that of the query inside. Where scores do not
  // matter the function does not either.
  absl::Status FillFunction(const Query& query, float boost, Located located, Node* node) {
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

  absl::Status FillDemote(const Query& query, float boost, Node* node) {
    node->kind = Node::Kind::kDemote;
    node->score = query.number();
    node->children.reserve(2);
    SEGUE_RETURN_IF_ERROR(
        Fill(query.children()[0], boost, kNotLocated, &node->children.emplace_back()));
    return Fill(query.children()[1], 0.0f, kNotLocated, &node->children.emplace_back());
  }

  Segments segments_;
  const Schema& schema_;
  const SearchOptions& options_;
  const PlanOptions& plan_options_;
  uint64_t patterns_ = 1;  // of the whole query
  // By place in the query string: why nothing is like a text, if no field has words of it.
  std::map<std::pair<size_t, size_t>, std::optional<std::string>> likes_;
  QueryPlan::Data* data_;
};

}  // namespace

absl::StatusOr<QueryPlan> QueryPlan::Make(const Query& query, Segments segments,
                                          const Schema& schema, const SearchOptions& options,
                                          const PlanOptions& plan_options) {
  SEGUE_RETURN_IF_ERROR(query.Validate());
  if (HasParameters(options)) SEGUE_RETURN_IF_ERROR(CheckParameters(options));
  auto data = std::make_unique<Data>(segments);
  data->query = query;
  SEGUE_RETURN_IF_ERROR(PlanMaker(schema, options, plan_options, data.get()).Make(data->query));
  return QueryPlan(std::move(data));
}

const std::vector<Diagnostic>& QueryPlan::diagnostics() const { return data_->diagnostics; }

bool QueryPlan::expansions_cut() const { return data_->expansions_cut; }

QueryPlan::QueryPlan(std::unique_ptr<const Data> data) : data_(std::move(data)) {}
QueryPlan::QueryPlan(QueryPlan&&) noexcept = default;
QueryPlan& QueryPlan::operator=(QueryPlan&&) noexcept = default;
QueryPlan::~QueryPlan() = default;

}  // namespace segue
