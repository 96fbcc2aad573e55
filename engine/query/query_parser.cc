// SPDX-License-Identifier: Apache-2.0
//
// From tokens to a query, with a stack of open groups instead of recursion.
//
// A group is a list of clauses. AND between two clauses binds them to a chain,
// and each chain becomes one clause of the list, in which all must match; OR and
// mere neighbourhood separate the clauses of the list. So `a OR b AND c` is
// `a (+b +c)`. + and - (NOT, !) say what a clause is in its list or chain. With
// AND as the default operator neighbours form chains too, and only OR separates.
#include "segue/query_parser.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>

#include "absl/container/inlined_vector.h"
#include "engine/base/limits.h"
#include "engine/base/status.h"
#include "engine/base/strings.h"
#include "engine/query/query_operand.h"
#include "engine/query/query_scanner.h"

namespace segue {

namespace {

// A group adds up to three levels to the query: its list, a chain in it, and a
// boost; and rewriting adds up to three at the leaves.
constexpr uint32_t kMaxParsedDepth = kMaxQueryDepth - 4;
constexpr size_t kMaxGroups = 64;
// Score functions and demotions, each of which adds a level, and a function that of a boost, too.
constexpr size_t kMaxWrappers = 12;
constexpr size_t SafeGroups(size_t wrappers) { return (kMaxParsedDepth - 2 * wrappers) / 3 - 2; }
static_assert(SafeGroups(kMaxWrappers) > 4);
// Room for what people write, without allocation.
constexpr size_t kOrdinaryClauses = 4;

enum class Sign : uint8_t { kNone, kRequired, kProhibited, kDemoted };

struct Item {
  Query query;
  Sign sign = Sign::kNone;
  float factor = 0;             // kDemoted
  bool joins_previous = false;  // by AND
};

using Items = absl::InlinedVector<Item, kOrdinaryClauses>;

// Where a clause is searched: in a field (empty: the default fields), or in several as if they were
// one.
struct Place {
  std::string_view field;
  std::shared_ptr<const std::vector<WeightedField>> together;
};

// What has been said about the next clause.
struct Pending {
  enum class Link : uint8_t { kNone, kAnd, kOr };
  Link link = Link::kNone;
  size_t link_begin = 0;
  size_t link_end = 0;
  Sign sign = Sign::kNone;
  size_t sign_begin = 0;
  size_t sign_end = 0;
  float factor = 0;  // kDemoted
  std::optional<Place> place;
};

// What stands behind a clause: boosts and functions in their order, those of neighbours put
// together.
struct Suffix {
  float boost = 1;
  std::optional<ScoreFunction> function = std::nullopt;
};
using Suffixes = absl::InlinedVector<Suffix, 1>;

struct Group {
  Group(size_t begin_byte, Place of_clauses) : begin(begin_byte), place(std::move(of_clauses)) {}

  size_t begin = 0;
  Place place;  // of its clauses
  Items items;
  Pending pending;
};

class Parser {
 public:
  Parser(std::string_view text, const ParseOptions& options, size_t max_groups)
      : text_(text),
        options_(options),
        max_groups_(max_groups),
        scanner_(text, options.schema, options.limits, &diagnostics_) {
    groups_.emplace_back(0, Place());
  }

  ParsedQuery Parse() {
    token_ = scanner_.Next();
    while (Step()) {
    }
    while (groups_.size() > 1) {
      diagnostics_.Add(groups_.back().begin, groups_.back().begin + 1,
                       "no ')' closes this; the group ends with the text");
      CloseGroup(text_.size());
    }
    DropPending();
    std::optional<Query> query = MakeList(&top(), 0, text_.size(), 0);
    if (!query.has_value()) query = Leftovers();
    return {.query = *std::move(query), .diagnostics = diagnostics_.Take()};
  }

  // Score functions and demotions so far.
  size_t wrappers() const { return wrappers_; }

 private:
  using Kind = QueryToken::Kind;

  Group& top() { return groups_.back(); }
  Pending& pending() { return top().pending; }
  void Advance() { token_ = scanner_.Next(); }

  [[gnu::cold]] void Warn(const QueryToken& token, std::string message) {
    diagnostics_.Add(token.begin, token.end, std::move(message));
  }

  // Takes one token, and those that belong behind it. False: the text has no more.
  bool Step() {
    switch (token_.kind) {
      case Kind::kWord:
      case Kind::kPhrase:
      case Kind::kNear:
      case Kind::kLike:
      case Kind::kPrefix:
      case Kind::kWildcard:
      case Kind::kRegexp:
      case Kind::kFuzzy:
      case Kind::kRange:
      case Kind::kIn:
      case Kind::kArea:
      case Kind::kExists:
      case Kind::kAll:
        TakeOperand();
        return true;
      case Kind::kField:
        pending().place = Place{.field = token_.text, .together = nullptr};
        break;
      case Kind::kFields:
        pending().place = Place{
            .field = {},
            .together = std::make_shared<const std::vector<WeightedField>>(scanner_.fields())};
        break;
      case Kind::kOpen:
        OpenGroup();
        break;
      case Kind::kClose:
        TakeClose();
        return true;
      case Kind::kRequire:
        SetSign(Sign::kRequired);
        break;
      case Kind::kProhibit:
      case Kind::kNot:
        SetSign(Sign::kProhibited);
        break;
      case Kind::kDemote:
        if (TakeWrapper() && SetSign(Sign::kDemoted)) pending().factor = token_.boost;
        break;
      case Kind::kAnd:
        SetLink(Pending::Link::kAnd);
        break;
      case Kind::kOr:
        SetLink(Pending::Link::kOr);
        break;
      case Kind::kBoost:
      case Kind::kFunction:
      case Kind::kAtLeast:
        Warn(token_, "there is no clause that this could belong to; left out");
        break;
      case Kind::kEnd:
        return false;
    }
    Advance();
    return true;
  }

  bool SetSign(Sign sign) {
    if (pending().sign != Sign::kNone) {
      Warn(token_, "one of + - ! NOT is enough for a clause; left out");
      return false;
    }
    pending().sign = sign;
    pending().sign_begin = token_.begin;
    pending().sign_end = token_.end;
    return true;
  }

  // Whether one more is allowed.
  bool TakeWrapper() {
    if (wrappers_ < kMaxWrappers) {
      ++wrappers_;
      return true;
    }
    Warn(token_, Cat("the query has more than ", kMaxWrappers,
                     " score functions and NOT^; further ones are left out"));
    return false;
  }

  void SetLink(Pending::Link link) {
    bool misplaced = top().items.empty() || pending().link != Pending::Link::kNone ||
                     pending().sign != Sign::kNone;
    if (misplaced) {
      Warn(token_, "this operator needs a clause on its left; left out");
      return;
    }
    pending().link = link;
    pending().link_begin = token_.begin;
    pending().link_end = token_.end;
  }

  // At the end of a group: what was announced does not come.
  void DropPending() {
    const Pending& dropped = pending();
    if (dropped.link != Pending::Link::kNone) {
      diagnostics_.Add(dropped.link_begin, dropped.link_end,
                       "this operator needs a clause on its right; left out");
    }
    if (dropped.sign != Sign::kNone) {
      diagnostics_.Add(dropped.sign_begin, dropped.sign_end, "no clause follows this; left out");
    }
    pending() = {};
  }

  void Add(Query query) {
    bool joins = pending().link == Pending::Link::kAnd;
    if (options_.default_operator == DefaultOperator::kAnd) {
      joins = pending().link != Pending::Link::kOr;
    }
    Group& group = top();
    joins &= !group.items.empty();
    group.items.push_back({.query = std::move(query),
                           .sign = group.pending.sign,
                           .factor = group.pending.factor,
                           .joins_previous = joins});
    group.pending = {};
  }

  void TakeOperand() {
    const QueryToken operand = token_;
    Query query = MakeOperandAt(operand, pending().place.value_or(top().place));
    Advance();
    uint32_t count = 0;  // stands behind parentheses only
    const Suffixes suffixes = TakeSuffixes(&count);
    if (operand.kind == Kind::kPhrase && IsBlankText(operand.text)) {
      Warn(operand, "there is nothing between these quotes; left out");
      pending() = {};
      return;
    }
    query = std::move(query).WithSource(operand.begin, operand.end);
    Add(Scored(std::move(query), suffixes));
  }

  // Words of several fields are combined; of all else the best field counts.
  Query MakeOperandAt(const QueryToken& operand, const Place& place) const {
    if (place.together == nullptr || operand.kind == Kind::kAll) {
      return QueryOfOperand(operand, scanner_, place.field);
    }
    if (operand.kind == Kind::kWord) return Query::Combined(*place.together, operand.text);
    if (place.together->empty()) return QueryOfOperand(operand, scanner_, {});
    std::vector<Query> queries;
    for (const WeightedField& field : *place.together) {
      Query query =
          QueryOfOperand(operand, scanner_, field.field).WithSource(operand.begin, operand.end);
      queries.push_back(field.weight == 1 ? std::move(query)
                                          : Query::Boost(std::move(query), field.weight));
    }
    return queries.size() == 1 ? std::move(queries[0]) : Query::DisjunctionMax(std::move(queries));
  }

  static Query Scored(Query query, const Suffixes& suffixes) {
    const size_t begin = query.source_begin();
    const size_t end = query.source_end();
    for (const Suffix& suffix : suffixes) {
      if (suffix.function.has_value()) {
        query = Query::FunctionScore(std::move(query), *suffix.function);
      } else if (suffix.boost != 1) {
        query = Query::Boost(std::move(query), suffix.boost);
      } else {
        continue;
      }
      query = std::move(query).WithSource(begin, end);
    }
    return query;
  }

  // Reads ^2, ^log1p(plays) and, into `count`, @2.
  Suffixes TakeSuffixes(uint32_t* count) {
    Suffixes suffixes;
    while (true) {
      if (token_.kind == Kind::kBoost) {
        if (suffixes.empty() || suffixes.back().function.has_value()) suffixes.emplace_back();
        float& boost = suffixes.back().boost;
        boost = std::min(boost * token_.boost, 1e30f);
      } else if (token_.kind == Kind::kFunction) {
        if (TakeWrapper()) suffixes.push_back({.function = scanner_.function()});
      } else if (token_.kind == Kind::kAtLeast) {
        *count = token_.count;
      } else {
        return suffixes;
      }
      Advance();
    }
  }

  void OpenGroup() {
    if (groups_.size() > max_groups_) {
      // One message will do.
      if (ignored_groups_++ == 0) {
        Warn(token_,
             Cat("parentheses nest deeper than ", max_groups_, "; from here on they are left out"));
      }
      return;
    }
    groups_.push_back(Group(token_.begin, pending().place.value_or(top().place)));
  }

  void TakeClose() {
    size_t end = token_.end;
    if (ignored_groups_ > 0) {
      --ignored_groups_;
      uint32_t count = 0;
      Advance();
      TakeSuffixes(&count);
      return;
    }
    if (groups_.size() == 1) {
      Warn(token_, "no '(' stands before this; left out");
      Advance();
      return;
    }
    Advance();
    CloseGroup(end);
  }

  // `end`: behind the closing parenthesis.
  void CloseGroup(size_t end) {
    DropPending();
    uint32_t min_should_match = 0;
    const Suffixes suffixes = TakeSuffixes(&min_should_match);
    Group group = std::move(top());
    groups_.pop_back();
    std::optional<Query> query = MakeList(&group, group.begin, end, min_should_match);
    if (!query.has_value()) {
      diagnostics_.Add(group.begin, end, "there is nothing between these parentheses; left out");
      pending() = {};
      return;
    }
    Add(Scored(*std::move(query), suffixes));
  }

  // The clauses of a chain of at least two items.
  static std::vector<QueryClause> ChainClauses(Items* items, size_t begin, size_t end) {
    std::vector<QueryClause> clauses;
    clauses.reserve(end - begin);
    for (size_t i = begin; i < end; ++i) {
      Item& item = (*items)[i];
      clauses.push_back(
          {item.sign == Sign::kProhibited ? Occur::kMustNot : Occur::kMust, std::move(item.query)});
    }
    return clauses;
  }

  static bool OnlyProhibits(const std::vector<QueryClause>& clauses) {
    return std::all_of(clauses.begin(), clauses.end(),
                       [](const QueryClause& c) { return c.occur == Occur::kMustNot; });
  }

  // The query of a group; nothing if it has no clause.
  std::optional<Query> MakeList(Group* group, size_t begin, size_t end, uint32_t min_should_match) {
    Items demoted;
    for (Item& item : group->items) {
      if (item.sign == Sign::kDemoted) demoted.push_back(std::move(item));
    }
    if (demoted.empty()) return MakePlainList(&group->items, begin, end, min_should_match);
    group->items.erase(std::remove_if(group->items.begin(), group->items.end(),
                                      [](const Item& i) { return i.sign == Sign::kDemoted; }),
                       group->items.end());
    std::optional<Query> query = MakePlainList(&group->items, begin, end, min_should_match);
    if (!query.has_value()) {
      diagnostics_.Add(begin, end,
                       "there is nothing here that NOT^ could demote, so nothing matches; write "
                       "*:* before it to start from all documents");
      return Query::None().WithSource(begin, end);
    }
    for (Item& item : demoted) {
      query = Query::Demote(*std::move(query), std::move(item.query), item.factor)
                  .WithSource(begin, end);
    }
    return query;
  }

  std::optional<Query> MakePlainList(Items* list, size_t begin, size_t end,
                                     uint32_t min_should_match) {
    Items& items = *list;
    if (items.empty()) return std::nullopt;
    if (items.size() == 1 && min_should_match == 0 && items[0].sign != Sign::kProhibited) {
      return std::move(items[0].query);
    }
    std::vector<QueryClause> clauses;
    if (items.size() > 1 && !items[1].joins_previous) clauses.reserve(items.size());
    bool is_one_chain = false;
    for (size_t first = 0; first < items.size();) {
      size_t last = first + 1;
      while (last < items.size() && items[last].joins_previous) ++last;
      if (last - first == 1) {
        clauses.push_back({OccurOf(items[first].sign), std::move(items[first].query)});
      } else {
        std::vector<QueryClause> chain = ChainClauses(&items, first, last);
        is_one_chain = last - first == items.size() && min_should_match == 0;
        if (is_one_chain || OnlyProhibits(chain)) {
          if (clauses.empty()) {
            clauses = std::move(chain);
          } else {
            std::move(chain.begin(), chain.end(), std::back_inserter(clauses));
          }
        } else {
          clauses.push_back(
              {Occur::kShould, Query::Boolean(std::move(chain)).WithSource(begin, end)});
        }
      }
      first = last;
    }
    CheckList(clauses, begin, end, min_should_match);
    bool is_plain =
        clauses.size() == 1 && min_should_match <= 1 && clauses[0].occur != Occur::kMustNot;
    if (is_plain) return std::move(clauses[0].query);
    return Query::Boolean(std::move(clauses), min_should_match).WithSource(begin, end);
  }

  static Occur OccurOf(Sign sign) {
    if (sign == Sign::kRequired) return Occur::kMust;
    return sign == Sign::kProhibited ? Occur::kMustNot : Occur::kShould;
  }

  void CheckList(const std::vector<QueryClause>& clauses, size_t begin, size_t end,
                 uint32_t min_should_match) {
    if (OnlyProhibits(clauses)) {
      diagnostics_.Add(begin, end,
                       "all clauses prohibit, so nothing matches; write *:* "
                       "before them to start from all documents");
      return;
    }
    auto optional =
        static_cast<size_t>(std::count_if(clauses.begin(), clauses.end(), [](const QueryClause& c) {
          return c.occur == Occur::kShould;
        }));
    if (min_should_match > optional) {
      diagnostics_.Add(begin, end,
                       Cat("@", min_should_match, " asks for more than the ", optional,
                           " clauses without + or -, so nothing "
                           "matches"));
    }
  }

  // Text without a single clause.
  Query Leftovers() {
    if (IsBlankText(text_)) {
      diagnostics_.Add(0, text_.size(), "the query is empty; nothing matches");
      return Query::None();
    }
    diagnostics_.Add(0, text_.size(), "there is no clause in this; all of it is read as text");
    return Query::Text(text_).WithSource(0, text_.size());
  }

  std::string_view text_;
  const ParseOptions& options_;
  size_t max_groups_;
  DiagnosticList diagnostics_;
  QueryScanner scanner_;
  QueryToken token_;
  absl::InlinedVector<Group, 1> groups_;  // the first is the whole text
  size_t ignored_groups_ = 0;
  size_t wrappers_ = 0;
};

// The number of words of a text without anything but plain words; 0 if there is more to it.
size_t CountPlainWords(std::string_view text) {
  size_t words = 0, at = 0;
  while (true) {
    while (const size_t space = QuerySpaceBytes(text, at)) at += space;
    if (at == text.size()) return words;
    const size_t bytes = PlainWordBytes(text, at);
    if (bytes == 0) return 0;
    at += bytes;
    ++words;
  }
}

// What the parser makes of `count` plain words, which is most of what people write.
Query QueryOfPlainWords(std::string_view text, size_t count, DefaultOperator default_operator) {
  const Occur occur = default_operator == DefaultOperator::kAnd ? Occur::kMust : Occur::kShould;
  std::vector<QueryClause> clauses;
  if (count > 1) clauses.reserve(count);
  for (size_t at = 0;;) {
    while (const size_t space = QuerySpaceBytes(text, at)) at += space;
    if (at == text.size()) break;
    const size_t bytes = PlainWordBytes(text, at);
    Query word = Query::Text(text.substr(at, bytes)).WithSource(at, at + bytes);
    if (count == 1) return word;
    clauses.push_back({occur, std::move(word)});
    at += bytes;
  }
  return Query::Boolean(std::move(clauses)).WithSource(0, text.size());
}

// `most`: the limit that is passed.
[[gnu::cold]] ParsedQuery TooLong(std::string_view text, uint64_t most) {
  std::string message = Cat("the text has ", text.size(), " bytes; at most ", most, " are allowed");
  // More than Validate() accepts within the same limits, and no more than tells it.
  return {.query = Query::Text(text.substr(0, kMaxQueryBytes + 1)),
          .diagnostics = {{0, text.size(), std::move(message)}}};
}

[[gnu::cold]] ParsedQuery NoLimits(std::string_view text, const absl::Status& why) {
  return {.query = Query::None(), .diagnostics = {{0, text.size(), std::string(MessageOf(why))}}};
}

}  // namespace

ParsedQuery ParseQuery(std::string_view text, const ParseOptions& options) {
  const absl::Status limits = options.limits.Validate();
  if (!limits.ok()) return NoLimits(text, limits);
  if (text.size() > options.limits.query_bytes) return TooLong(text, options.limits.query_bytes);
  if (const size_t words = CountPlainWords(text); words != 0) {
    return {.query = QueryOfPlainWords(text, words, options.default_operator), .diagnostics = {}};
  }
  Parser parser(text, options, kMaxGroups);
  ParsedQuery parsed = parser.Parse();
  if (parsed.query.depth() > kMaxParsedDepth || !parsed.query.Validate().ok()) {
    // Chains and boosts at many levels: fewer levels are sure to fit. (Too many
    // words stay too many.)
    parsed = Parser(text, options, SafeGroups(parser.wrappers())).Parse();
  }
  return parsed;
}

absl::StatusOr<Query> ParseQueryStrict(std::string_view text, const ParseOptions& options) {
  ParsedQuery parsed = ParseQuery(text, options);
  SEGUE_RETURN_IF_ERROR(parsed.query.Validate(options.limits));
  if (!parsed.diagnostics.empty()) {
    const Diagnostic& first = parsed.diagnostics.front();
    return Error(ErrorCode::kInvalidArgument,
                 Cat("query, byte ", first.begin_byte, ": ", first.message));
  }
  return std::move(parsed.query);
}

std::string EscapeQueryText(std::string_view text) {
  constexpr std::string_view kSpecial = "\\\"():^~*?+-!&|[]{}<>/@";
  std::string out;
  out.reserve(text.size() + 16);
  bool at_start = true;  // of a word
  for (size_t i = 0; i < text.size(); ++i) {
    std::string_view rest = text.substr(i);
    bool is_operator = at_start && (rest.substr(0, 3) == "AND" || rest.substr(0, 2) == "OR" ||
                                    rest.substr(0, 3) == "NOT");
    if (is_operator || kSpecial.find(text[i]) != std::string_view::npos) {
      out += '\\';
    }
    out += text[i];
    // Only single-byte spaces can be followed by an operator word here; behind
    // the ideographic space its last byte counts.
    at_start = QuerySpaceBytes(text, i) == 1 || (i >= 2 && QuerySpaceBytes(text, i - 2) == 3);
  }
  return out;
}

}  // namespace segue
