// SPDX-License-Identifier: Apache-2.0
//
// From the characters of the query language to its tokens. Every text has a
// reading: what cannot be an operator where it stands is part of a word.
#ifndef SEGUE_QUERY_QUERY_SCANNER_H_
#define SEGUE_QUERY_QUERY_SCANNER_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "segue/query.h"
#include "segue/schema.h"
#include "segue/types.h"

namespace segue {

// White space of the language at text[at]: how many bytes it takes, 0 if it is
// none. ASCII's and the ideographic space (U+3000).
size_t QuerySpaceBytes(std::string_view text, size_t at);
// Appends what the backslash at text[at] stands for, which has a character behind it, and returns
// how many bytes that takes: `\x{0a}` is the byte of that number, anything else itself.
size_t AppendEscaped(std::string_view text, size_t at, std::string* out);
// The words of a text, between its white space.
std::vector<std::string_view> SplitWords(std::string_view text);

// A word of letters and digits at text[at] that cannot mean anything else, with a space, a
// parenthesis or the end behind: how many bytes it takes, 0 if there is none.
size_t PlainWordBytes(std::string_view text, size_t at);

// Collects what the user should know, up to a limit.
class DiagnosticList {
 public:
  static constexpr size_t kMax = 64;

  [[gnu::cold]] void Add(size_t begin_byte, size_t end_byte, std::string message);
  // By place; a last one says that there were more.
  std::vector<Diagnostic> Take();

 private:
  std::vector<Diagnostic> list_;
  bool has_more_ = false;
};

struct QueryToken {
  enum class Kind : uint8_t {
    kWord,      // text: without escapes
    kPhrase,    // text: between the quotes, without escapes; slop, ends_in_prefix
    kNear,      // near
    kLike,      // like_text, like_options
    kPrefix,    // text: without escapes and the star
    kWildcard,  // text: the pattern, in which only \ * ? are escaped
    kRegexp,    // text: the expression
    kFuzzy,     // text: without escapes; edits
    kRange,     // bounds; behind a field only
    kIn,        // values; behind a field only
    kArea,      // area; behind a field only
    kField,     // text: the field name; a word, a phrase or kOpen comes next
    kFields,    // {title^2 body}: several of them; fields
    kAll,       // *:*, or * as the whole text
    kExists,    // field:*
    kOpen,      // (
    kClose,     // )
    kRequire,   // + before a clause
    kProhibit,  // - or ! before a clause
    kAnd,       // AND, &&
    kOr,        // OR, ||
    kNot,       // NOT
    kBoost,     // ^number behind a word, a phrase or kClose
    kFunction,  // ^name(field, ...) behind the same; function
    kDemote,    // NOT^number
    kAtLeast,   // @number behind kClose
    kEnd,
  };

  Kind kind = Kind::kEnd;
  size_t begin = 0;  // in bytes
  size_t end = 0;
  std::string_view text = {};  // good as long as the query's text and the scanner
  float boost = 1;
  uint32_t count = 0;
  std::optional<uint32_t> edits = std::nullopt;  // kFuzzy; none: as its length asks
  uint32_t slop = 0;
  bool ends_in_prefix = false;  // a star behind the quotes
};

// One pass over the text; total time is linear in it.
class QueryScanner {
 public:
  // `schema` may be nullptr: then every name before a colon is a field. All
  // must outlive the scanner.
  QueryScanner(std::string_view text, const Schema* schema, const QueryLimits& limits,
               DiagnosticList* diagnostics)
      : text_(text), schema_(schema), limits_(limits), diagnostics_(diagnostics) {}
  QueryScanner(const QueryScanner&) = delete;
  QueryScanner& operator=(const QueryScanner&) = delete;

  QueryToken Next();

  // Of the kRange, the kIn and the kNear that came last.
  const TermBounds& bounds() const { return bounds_; }
  const std::vector<Value>& values() const { return values_; }
  // Without a field: a kNear or a kNearRelated.
  const Query& near() const { return near_; }
  // Of the kArea that came last, without a field: a kGeoBox or a kGeoDistance.
  const Query& area() const { return area_; }
  // Of the kLike that came last.
  const std::string& like_text() const { return like_text_; }
  const LikeOptions& like_options() const { return like_options_; }
  // Of the kFields that came last.
  const std::vector<WeightedField>& fields() const { return fields_; }
  // Of the kFunction that came last.
  const ScoreFunction& function() const { return function_; }

 private:
  using Kind = QueryToken::Kind;
  static constexpr std::string_view kFuzzyPattern =
      "a pattern cannot be fuzzy, too; the ~ is left out";

  char At(size_t at) const { return at < text_.size() ? text_[at] : '\0'; }
  bool IsSpace(size_t at) const {
    if (at < text_.size() && text_[at] == ' ') return true;
    return QuerySpaceBytes(text_, at) != 0;
  }
  // Nothing more belongs to a clause that ends here.
  bool IsBoundary(size_t at) const;
  bool HasClosingQuote(size_t quote);
  size_t EndOfNumber(size_t at) const;
  bool IsSuffix(size_t at, char mark);
  bool IsFieldColon(std::string_view name, size_t colon);
  bool IsWholeText(size_t begin, size_t end) const;

  QueryToken Make(Kind kind, size_t end);
  bool ScanSuffix(QueryToken* token);
  bool ScanPrefix(QueryToken* token);
  bool SkipLoneSign();
  bool ScanDemotion(size_t caret, QueryToken* token);
  bool ScanOperatorWord(std::string_view word, size_t end, QueryToken* token);
  QueryToken ScanPhrase();
  bool ScanQuotedText(QueryToken* token);
  bool ScanPlainWord(QueryToken* token);
  QueryToken ScanWord();
  size_t ScanWordText(std::string_view* word, bool* has_escape, bool* is_field);
  void BeginRead();
  std::string_view ReadSince(size_t begin) const;
  void SkipApproximation(std::string_view what);
  void ScanSlop(QueryToken* phrase);
  bool TakePattern(const QueryToken& word);
  void ReadPattern(QueryToken* word);
  std::optional<uint32_t> ReadEdits(std::string_view word, size_t tilde, size_t end) const;
  void ScanEdits(QueryToken* word);
  bool ScanRegexp(QueryToken* token);
  size_t ScanRegexpEscape(size_t at, std::string* pattern) const;
  bool ScanRange(QueryToken* token);
  bool ScanComparison(QueryToken* token);
  bool ScanBound(size_t* at, std::optional<std::string>* bound);
  bool ScanText(std::string_view ends, size_t* at, std::string* text);
  bool ScanSet(QueryToken* token);
  bool ScanArea(QueryToken* token);
  bool ScanAreaNumbers(bool is_box, size_t* at, std::string* problem);
  bool ScanAreaNumber(size_t* at, double* number) const;
  bool ScanLengthUnit(size_t* at, double* meters) const;
  bool ScanNear(QueryToken* token);
  void WarnOfCall();
  bool ScanNearCall(size_t* at, Query* near);
  bool ScanNearOperand(size_t* at, Query* operand);
  bool ScanRelatedCall(size_t* at, Query* related);
  bool ScanNearNumber(size_t* at, uint32_t* number) const;
  bool ScanNearParts(size_t* at, bool is_group, std::vector<Query>* parts);
  bool ScanNearWord(size_t* at, std::vector<Query>* parts);
  bool ScanNearEdits(std::string_view word, size_t* at, std::optional<uint32_t>* edits) const;
  bool IsNearEnd(size_t at) const;
  bool ScanLike(QueryToken* token);
  bool ScanLikeText(size_t* at, std::string* problem);
  bool ScanLikeOption(size_t* at, std::string* problem);
  size_t SkipSpace(size_t at) const;
  bool ScanFields(QueryToken* token);
  bool ScanWeightedField(size_t* at);
  bool IsFunction(size_t at);
  void WarnOfFunction(size_t caret);
  bool ScanFunction(size_t* at, std::string* problem);
  bool ScanFunctionOption(size_t* at, std::string* problem);

  std::string_view text_;
  const Schema* schema_;
  const QueryLimits& limits_;
  DiagnosticList* diagnostics_;
  // What has been read of words and phrases that do not stand in the text as they are meant.
  std::string read_;
  TermBounds bounds_;
  std::vector<Value> values_;
  Query near_;
  Query area_;
  std::string like_text_;
  LikeOptions like_options_;
  std::vector<WeightedField> fields_;
  ScoreFunction function_;
  std::deque<std::string> pattern_texts_;  // of patterns so far
  size_t patterns_ = 0;
  size_t next_ = 0;
  bool no_closing_quote_ = false;   // none behind next_
  bool no_more_sets_ = false;       // one was none after all: no text is run through twice
  bool no_more_near_ = false;       // the same for words near each other
  bool no_more_likes_ = false;      // for texts that documents are to be like
  bool no_more_fields_ = false;     // for lists of fields
  bool no_more_functions_ = false;  // and for functions
  size_t functions_seen_ = 0;       // in front of it all unknown ones have been warned of
  // Of function_.
  size_t function_begin_ = std::string_view::npos;  // none yet
  size_t function_end_ = 0;
  bool is_value_ = false;      // the last token was kField
  bool takes_suffix_ = false;  // the last token was an operand
  bool takes_count_ = false;   // and that was kClose
};

}  // namespace segue

#endif  // SEGUE_QUERY_QUERY_SCANNER_H_
