// SPDX-License-Identifier: Apache-2.0
//
// Make(): one walk down the query that carries the boost (boosts multiply from the outside
// inwards, in float, as Lucene does; decision D3). Depth is limited by Query::Validate, so the
// recursion is.
#include "engine/query/planner.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include "engine/base/status.h"
#include "engine/base/strings.h"
#include "engine/format/column_format.h"
#include "engine/format/dictionary_reader.h"
#include "engine/query/plan_node.h"
#include "engine/rank/bm25.h"

namespace segue {
namespace {

using Node = QueryPlan::Node;
using NodePtr = Node::NodePtr;

absl::StatusOr<PlannedTerm> FindTerm(Segments segments, std::string_view field,
                                     std::string_view term) {
  PlannedTerm found{.term = std::string(term), .doc_freq = 0, .metas = {}};
  found.metas.resize(segments.size());
  for (size_t i = 0; i < segments.size(); ++i) {
    const SegmentField* in_segment = segments[i]->field(field);
    if (in_segment == nullptr || in_segment->dictionary() == nullptr) continue;
    SEGUE_ASSIGN_OR_RETURN(const std::optional<TermEntry> entry,
                           in_segment->dictionary()->Find(term));
    if (!entry.has_value()) continue;
    found.metas[i] = entry->meta;
    found.doc_freq += entry->meta.doc_freq;
  }
  return found;
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
  PlanMaker(Segments segments, const Schema& schema, const SearchOptions& options)
      : segments_(segments), schema_(schema), options_(options) {}

  absl::StatusOr<NodePtr> Make(const Query& query, float boost) {
    switch (query.kind()) {
      case QueryKind::kMatchAll:
        return Leaf({.kind = Node::Kind::kAll, .score = boost});
      case QueryKind::kMatchNone:
        return None("a query that matches no document");
      case QueryKind::kTerm:
        return MakeTerm(query.field(), query.text(), boost);
      case QueryKind::kPhrase:
        return MakePhrase(query, boost);
      case QueryKind::kEquals:
        return MakeEquals(query, boost);
      case QueryKind::kBoolean:
        return MakeBoolean(query, boost);
      case QueryKind::kBoost:
        return Make(query.children()[0], boost * query.number());
      case QueryKind::kConstantScore:
        return MakeConstant(query, boost);
      case QueryKind::kDisjunctionMax:
        return MakeMax(query, boost);
      case QueryKind::kMatch:
      case QueryKind::kMatchPhrase:
        break;
    }
    return Error(ErrorCode::kInternal, "a query reached the planner before it was analysed");
  }

 private:
  static NodePtr Leaf(Node node) { return std::make_unique<const Node>(std::move(node)); }
  static NodePtr None(std::string why) {
    return Leaf({.kind = Node::Kind::kNone, .name = std::move(why)});
  }

  Bm25Parameters ParametersOf(std::string_view field) const {
    Bm25Parameters parameters;
    if (const Field* known = schema_.Find(field); known != nullptr) {
      parameters = {.k1 = known->options.k1, .b = known->options.b};
    }
    if (options_.k1.has_value()) parameters.k1 = *options_.k1;
    if (options_.b.has_value()) parameters.b = *options_.b;
    return parameters;
  }

  FieldStatistics StatisticsOf(const std::string& field) {
    if (options_.statistics != nullptr) return options_.statistics->Field(field);
    auto [entry, added] = field_statistics_.try_emplace(field);
    if (added) entry->second = CollectFieldStatistics(segments_, field);
    return entry->second;
  }

  absl::StatusOr<PlannedTerm> Find(const std::string& field, std::string_view term) const {
    SEGUE_ASSIGN_OR_RETURN(PlannedTerm found, FindTerm(segments_, field, term));
    if (options_.statistics != nullptr) {
      found.doc_freq = options_.statistics->DocFreq(field, term);
    }
    return found;
  }

  absl::StatusOr<NodePtr> MakeTerm(const std::string& field, std::string_view term, float boost) {
    Node node{.kind = Node::Kind::kTerm, .field = field, .name = Cat(field, ":", term)};
    SEGUE_ASSIGN_OR_RETURN(PlannedTerm found, Find(field, term));
    const FieldStatistics statistics = StatisticsOf(field);
    exec::TermScoring scoring;
    scoring.field = field;
    scoring.name = node.name;
    scoring.boost = boost;
    scoring.idf = Idf(found.doc_freq, statistics.doc_count);
    scoring.doc_freqs = {found.doc_freq};
    scoring.doc_count = statistics.doc_count;
    scoring.average_length = AverageLength(statistics);
    scoring.parameters = ParametersOf(field);
    node.score = scoring.boost * scoring.idf;
    node.scoring = std::make_shared<const exec::TermScoring>(std::move(scoring));
    node.terms.push_back(std::move(found));
    return Leaf(std::move(node));
  }

  absl::StatusOr<NodePtr> MakePhrase(const Query& query, float boost) {
    const std::vector<PhraseTerm>& phrase = query.phrase();
    if (phrase.empty()) return None("an empty phrase");
    if (phrase.size() == 1) return MakeTerm(query.field(), phrase[0].term, boost);
    if (const Field* field = schema_.Find(query.field());
        field != nullptr &&
        !(field->options.type == FieldType::kText && field->options.positions)) {
      return Error(ErrorCode::kInvalidArgument,
                   Cat("field \"", query.field(),
                       "\" keeps no positions, so phrases cannot be searched in it; search its "
                       "words with AND, or index it with \"positions\": true"));
    }
    Node node{.kind = Node::Kind::kPhrase, .field = query.field()};
    std::map<std::string_view, uint32_t> slots;
    uint32_t first_position = UINT32_MAX;
    for (const PhraseTerm& word : phrase) first_position = std::min(first_position, word.position);
    std::string text;
    for (const PhraseTerm& word : phrase) {
      auto [slot, added] = slots.try_emplace(word.term, static_cast<uint32_t>(node.terms.size()));
      if (added) {
        SEGUE_ASSIGN_OR_RETURN(PlannedTerm found, Find(query.field(), word.term));
        node.terms.push_back(std::move(found));
      }
      node.words.push_back({.term = slot->second, .position = word.position - first_position});
      text += Cat(text.empty() ? "" : " ", word.term);
    }
    node.name = Cat(query.field(), ":\"", text, "\"");
    SetPhraseScoring(boost, &node);
    return Leaf(std::move(node));
  }

  void SetPhraseScoring(float boost, Node* node) {
    const FieldStatistics statistics = StatisticsOf(node->field);
    exec::TermScoring scoring;
    scoring.field = node->field;
    scoring.name = node->name;
    scoring.boost = boost;
    std::vector<float> idfs;
    for (const exec::PhraseWord& word : node->words) {
      const uint64_t doc_freq = node->terms[word.term].doc_freq;
      scoring.doc_freqs.push_back(doc_freq);
      idfs.push_back(Idf(doc_freq, statistics.doc_count));
    }
    scoring.idf = PhraseIdf(idfs);
    scoring.doc_count = statistics.doc_count;
    scoring.average_length = AverageLength(statistics);
    scoring.parameters = ParametersOf(node->field);
    node->score = scoring.boost * scoring.idf;
    node->scoring = std::make_shared<const exec::TermScoring>(std::move(scoring));
  }

  absl::StatusOr<NodePtr> MakeEquals(const Query& query, float boost) {
    if (const auto* text = std::get_if<std::string>(&query.value())) {
      return MakeTerm(query.field(), *text, boost);
    }
    const std::optional<int64_t> value = OrderedValue(query.value());
    if (!value.has_value()) return None("a value that no number equals");
    return Leaf({.kind = Node::Kind::kRange,
                 .field = query.field(),
                 .name = query.ToString(),
                 .score = boost,
                 .low = *value,
                 .high = *value});
  }

  absl::StatusOr<NodePtr> MakeBoolean(const Query& query, float boost) {
    Node node{.kind = Node::Kind::kBoolean};
    node.min_should_match = query.min_should_match();
    for (const QueryClause& clause : query.clauses()) {
      const bool scoring = clause.occur == Occur::kMust || clause.occur == Occur::kShould;
      SEGUE_ASSIGN_OR_RETURN(NodePtr child, Make(clause.query, scoring ? boost : 0.0f));
      node.children.push_back(std::move(child));
      switch (clause.occur) {
        case Occur::kMust:
          node.occurs.push_back(exec::ClauseKind::kMust);
          break;
        case Occur::kShould:
          node.occurs.push_back(exec::ClauseKind::kShould);
          break;
        case Occur::kMustNot:
          node.occurs.push_back(exec::ClauseKind::kMustNot);
          break;
        case Occur::kFilter:
          node.occurs.push_back(exec::ClauseKind::kFilter);
          break;
      }
    }
    return Leaf(std::move(node));
  }

  absl::StatusOr<NodePtr> MakeConstant(const Query& query, float boost) {
    Node node{.kind = Node::Kind::kConstant, .score = boost * query.number()};
    SEGUE_ASSIGN_OR_RETURN(NodePtr child, Make(query.children()[0], 0.0f));
    node.children.push_back(std::move(child));
    return Leaf(std::move(node));
  }

  absl::StatusOr<NodePtr> MakeMax(const Query& query, float boost) {
    Node node{.kind = Node::Kind::kMax};
    node.tie = query.number();
    for (const Query& inner : query.children()) {
      SEGUE_ASSIGN_OR_RETURN(NodePtr child, Make(inner, boost));
      node.children.push_back(std::move(child));
    }
    return Leaf(std::move(node));
  }

  Segments segments_;
  const Schema& schema_;
  const SearchOptions& options_;
  std::map<std::string, FieldStatistics, std::less<>> field_statistics_;
};

absl::Status CheckParameters(const SearchOptions& options) {
  if (options.k1.has_value() && !(std::isfinite(*options.k1) && *options.k1 >= 0)) {
    return Error(ErrorCode::kInvalidArgument,
                 Cat("k1 is ", static_cast<double>(*options.k1), "; it must be 0 or more"));
  }
  if (options.b.has_value() && !(*options.b >= 0 && *options.b <= 1)) {
    return Error(ErrorCode::kInvalidArgument,
                 Cat("b is ", static_cast<double>(*options.b), "; it must be from 0 to 1"));
  }
  return absl::OkStatus();
}

}  // namespace

FieldStatistics CollectFieldStatistics(Segments segments, std::string_view field) {
  FieldStatistics sum;
  for (const std::shared_ptr<const Segment>& segment : segments) {
    if (const SegmentField* in_segment = segment->field(field); in_segment != nullptr) {
      sum.doc_count += in_segment->statistics().doc_count;
      sum.sum_total_freq += in_segment->statistics().sum_total_freq;
    }
  }
  return sum;
}

absl::StatusOr<Statistics> CollectQueryStatistics(const Query& query, Segments segments) {
  Statistics statistics;
  std::map<std::pair<std::string, std::string>, bool> seen;
  absl::Status status;
  query.VisitTerms([&](std::string_view field, std::string_view term) {
    if (!status.ok() || !seen.try_emplace({std::string(field), std::string(term)}).second) return;
    absl::StatusOr<PlannedTerm> found = FindTerm(segments, field, term);
    if (!found.ok()) {
      status = found.status();
      return;
    }
    statistics.AddTerm(field, term, found->doc_freq);
    if (statistics.Field(field) == FieldStatistics{}) {
      statistics.AddField(field, CollectFieldStatistics(segments, field));
    }
  });
  if (!status.ok()) return status;
  return statistics;
}

absl::StatusOr<QueryPlan> QueryPlan::Make(const Query& query, Segments segments,
                                          const Schema& schema, const SearchOptions& options) {
  SEGUE_RETURN_IF_ERROR(query.Validate());
  SEGUE_RETURN_IF_ERROR(CheckParameters(options));
  SEGUE_ASSIGN_OR_RETURN(NodePtr root, PlanMaker(segments, schema, options).Make(query, 1.0f));
  return QueryPlan(segments, std::move(root));
}

QueryPlan::QueryPlan(Segments segments, std::unique_ptr<const Node> root)
    : segments_(segments), root_(std::move(root)) {}
QueryPlan::QueryPlan(QueryPlan&&) noexcept = default;
QueryPlan& QueryPlan::operator=(QueryPlan&&) noexcept = default;
QueryPlan::~QueryPlan() = default;

}  // namespace segue
