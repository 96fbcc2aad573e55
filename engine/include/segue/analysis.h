// SPDX-License-Identifier: Apache-2.0
//
// Analysis: from the bytes of one field value to a stream of tokens.
//
//   value -> char filters -> tokenizer -> token filters -> batches of tokens
//
// An Analyzer is an immutable recipe, made once and shared by all threads. Each
// thread asks it for an AnalysisStream, which owns every buffer and is reused
// for value after value, so that the steady state allocates nothing:
//
//   const AnalyzerRegistry& registry = AnalyzerRegistry::BuiltIn();
//   absl::StatusOr<std::shared_ptr<const Analyzer>> analyzer =
//       registry.Get("english");
//   std::unique_ptr<AnalysisStream> stream = (*analyzer)->NewStream();
//   if (absl::Status s = stream->Start("The foxes' dens"); !s.ok()) return s;
//   uint32_t position = ~0u;  // so that the first increment of 1 gives 0
//   while (const TokenBatch* batch = stream->Next()) {
//     for (size_t i = 0; i < batch->size(); ++i) {
//       position += (*batch)[i].position_increment;
//       Use(batch->term(i), position);
//     }
//   }
//
// Text is UTF-8. No input is an error for its content: bytes that are not UTF-8
// act as U+FFFD (which belongs to no word) and are never part of a token made
// by a word tokenizer; NUL is an ordinary character that belongs to no word.
//
// A host program brings its own parts by registering them in a copy of
// AnalyzerRegistry::BuiltIn() (see the end of this file).

#ifndef SEGUE_ANALYSIS_H_
#define SEGUE_ANALYSIS_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "segue/export.h"

namespace segue {

// ---------------------------------------------------------------------------
// Tokens

// What kind of text a token is. The `standard` tokenizer sets it; the other
// tokenizers say kAlphanum.
enum class TokenType : uint8_t {
  kAlphanum = 0,        // letters, or letters and digits
  kNum = 1,             // digits, with separators inside ("3.14")
  kSoutheastAsian = 2,  // a run of Thai, Lao, Khmer, Myanmar, ... kept whole
  kIdeographic = 3,     // one Han character
  kHiragana = 4,        // one Hiragana character
  kKatakana = 5,        // a run of Katakana
  kHangul = 6,          // a run of Hangul
  kEmoji = 7,           // one emoji sequence
  kShingle = 8,         // several words as one term
  kSynonym = 9,         // stands for what is in the value
};

// "ALPHANUM", "NUM", "SOUTHEAST_ASIAN", ... The view lives for ever.
SEGUE_EXPORT std::string_view TokenTypeName(TokenType type);

// One token. Its term bytes lie in the batch: ask TokenBatch::term().
struct Token {
  uint32_t term_begin = 0;  // offset into the batch's byte storage
  uint32_t term_bytes = 0;
  // The piece of the original value that the token came from, as byte offsets;
  // start_byte <= end_byte <= value.size(). The original, that is: before any
  // char filter.
  uint32_t start_byte = 0;
  uint32_t end_byte = 0;
  // Positions since the previous token of the value (a first token with 1 is at
  // position 0). 0 puts a token on top of the previous one; more than 1 says
  // that tokens were removed between.
  uint32_t position_increment = 1;
  // How many positions the token spans (a multi-word synonym spans several).
  uint16_t position_length = 1;
  TokenType type = TokenType::kAlphanum;
  // Nonzero if some byte of the term may be >= 0x80; zero promises ASCII.
  uint8_t may_be_non_ascii : 1 = 1;
  // Nonzero if stemmers leave it alone.
  uint8_t is_keyword : 1 = 0;
  // Nonzero promises that the characters of the term take as many bytes each as those
  // that they stand for in the tokenizer's text, from start_byte on: so a part of the
  // term has offsets of its own.
  uint8_t is_verbatim : 1 = 0;

  uint32_t term_end() const { return term_begin + term_bytes; }
};
static_assert(sizeof(Token) == 24);

// Tokens in value order, with the storage of their terms.
//
// Readable slack: at least kSlackBytes readable bytes precede and follow each
// term, so that hashing and comparing may load whole words or vectors. What
// they hold is undefined.
//
// Not thread-safe. Views from term() hold until the batch is next changed.
class SEGUE_EXPORT TokenBatch {
 public:
  // A tokenizer fills a batch up to about this many tokens. A filter that adds
  // tokens may exceed it; no reader may assume a maximum.
  static constexpr size_t kTargetTokens = 512;
  static constexpr size_t kSlackBytes = 64;

  TokenBatch();
  ~TokenBatch();
  TokenBatch(TokenBatch&&) noexcept;
  TokenBatch& operator=(TokenBatch&&) noexcept;

  size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }

  // REQUIRES: i < size().
  const Token& operator[](size_t i) const { return tokens_[i]; }
  Token& operator[](size_t i) { return tokens_[i]; }
  std::string_view term(size_t i) const {
    return std::string_view(bytes_ + tokens_[i].term_begin, tokens_[i].term_bytes);
  }
  // The tokens as one array of size() elements.
  const Token* tokens() const { return tokens_; }
  Token* tokens() { return tokens_; }
  // The term storage: term(i) begins at bytes() + token.term_begin. Filters may
  // write within terms.
  const char* bytes() const { return bytes_; }
  char* bytes() { return bytes_; }
  size_t bytes_used() const { return bytes_used_; }

  // Positions skipped after the last token of the value (stop words at its
  // end). Set in the last batch of a value only; a following value of the same
  // field continues behind them.
  uint32_t trailing_increment() const { return trailing_increment_; }
  void set_trailing_increment(uint32_t n) { trailing_increment_ = n; }

  // Whether some token may hold a byte >= 0x80.
  bool may_have_non_ascii() const { return may_have_non_ascii_; }
  void set_may_have_non_ascii(bool v) { may_have_non_ascii_ = v; }

  // Forgets all tokens, keeps the memory.
  void Clear();

  // Appends a token and copies its term. May move storage. A term as long as its
  // offsets say counts as verbatim.
  Token& Append(std::string_view term, uint32_t start_byte, uint32_t end_byte,
                TokenType type = TokenType::kAlphanum);

  // Appends a copy of token i of another batch, term included.
  Token& AppendFrom(const TokenBatch& other, size_t i);

  // Replaces the term of token i; the new one may be longer, and may alias the
  // old one; it is not verbatim. May move storage, and may write over the old term, so no two
  // tokens may share term bytes. REQUIRES: i < size().
  void SetTerm(size_t i, std::string_view term);

  // Keeps the first n tokens. A filter that removes tokens copies the ones to
  // keep towards the front (terms stay where they are), then truncates.
  // REQUIRES: n <= size().
  void Truncate(size_t n);

  // For tokenizers that write many tokens: room for at least that many more
  // tokens and term bytes, to be written at tokens() + size() and bytes() +
  // bytes_used(), then announced by Commit().
  void Reserve(size_t more_tokens, size_t more_bytes);
  void Commit(size_t more_tokens, size_t more_bytes) {
    size_ += more_tokens;
    bytes_used_ += more_bytes;
  }

 private:
  void GrowTokens(size_t wanted);
  void GrowBytes(size_t wanted);

  Token* tokens_ = nullptr;
  char* bytes_ = nullptr;  // kSlackBytes before and after are readable
  size_t size_ = 0;
  size_t bytes_used_ = 0;
  size_t token_capacity_ = 0;
  size_t byte_capacity_ = 0;
  uint32_t trailing_increment_ = 0;
  bool may_have_non_ascii_ = false;
};

// ---------------------------------------------------------------------------
// The three kinds of parts
//
// Objects of these classes carry the state of one stream: they are used by one
// thread at a time, value after value, and must not allocate in steady state.

// Maps offsets in filtered text back to the text before the filter.
class SEGUE_EXPORT OffsetMap {
 public:
  // Says that bytes [in_begin, in_end) were replaced by [out_begin, out_end).
  // Edits come in ascending order, do not overlap, and all text between them
  // was copied unchanged.
  void Add(uint32_t in_begin, uint32_t in_end, uint32_t out_begin, uint32_t out_end);
  void Clear() { edits_.clear(); }
  bool identity() const { return edits_.empty(); }

  // Where a token that starts (ends) at offset `out` of the filtered text
  // starts (ends) before the filter. A token that starts or ends inside a
  // replacement takes all of what was replaced. O(log edits).
  uint32_t StartBefore(uint32_t out) const;
  uint32_t EndBefore(uint32_t out) const;

 private:
  struct Edit {
    uint32_t in_begin, in_end, out_begin, out_end;
  };
  std::vector<Edit> edits_;
};

// Rewrites a whole value before it is tokenized.
class SEGUE_EXPORT CharFilter {
 public:
  virtual ~CharFilter() = default;
  // Writes the filtered text to *out and its edits to *map, both empty on
  // entry. May stop when *out is longer than Analyzer::kMaxValueBytes: the value
  // is refused then.
  virtual void Filter(std::string_view text, std::string* out, OffsetMap* map) = 0;
};

// Cuts text into tokens.
class SEGUE_EXPORT Tokenizer {
 public:
  virtual ~Tokenizer() = default;
  // Starts on a new text, which outlives the calls of Next() for it.
  // REQUIRES: text.size() <= Analyzer::kMaxValueBytes.
  virtual void Start(std::string_view text) = 0;
  // Whether tokens come in lower case; see Analyzer::Normalize.
  virtual bool LowersCase() const { return false; }
  // Appends tokens to *batch, which is empty on entry, until it holds about
  // kTargetTokens or the text ends. Offsets are those of `text`. Returns false
  // if the text is at its end (the batch may hold tokens all the same), true
  // if there may be more. Batch boundaries never change the tokens.
  virtual bool Next(TokenBatch* batch) = 0;
};

// Changes, removes or adds tokens.
class SEGUE_EXPORT TokenFilter {
 public:
  virtual ~TokenFilter() = default;
  // Forgets what it knew of the previous value.
  virtual void Start() = 0;
  // Whether it maps characters whatever word they are in, so that parts of words
  // may be mapped alike; see Analyzer::Normalize.
  virtual bool MapsCharacters() const { return false; }
  // Works on the batch in place. A filter may hold tokens back and give them
  // with the next batch; when `end_of_value` is set it gives all it has, and
  // adds positions it skipped at the end to trailing_increment(). The batch
  // may be empty on entry and on return.
  virtual void Filter(TokenBatch* batch, bool end_of_value) = 0;
  // Whether it has tokens to give before it takes more: it is called again, with an
  // empty batch, until it has none. So a filter that makes many tokens of one gives
  // about kTargetTokens at a time, and memory stays bounded.
  virtual bool HasMore() const { return false; }
};

// ---------------------------------------------------------------------------
// Analyzers

class Analyzer;

// The state of one analysis at a time. Not thread-safe; reusable.
class SEGUE_EXPORT AnalysisStream {
 public:
  ~AnalysisStream();
  AnalysisStream(const AnalysisStream&) = delete;
  AnalysisStream& operator=(const AnalysisStream&) = delete;

  // Starts on a value, which must outlive the calls of Next() for it. Dropping
  // a value half way is fine. Fails with kResourceExhausted if the value is
  // longer than Analyzer::kMaxValueBytes, and does nothing then.
  absl::Status Start(std::string_view value);

  // The next tokens, in value order; nullptr at the end of the value. A batch
  // is never empty, with one exception: the last one, if it has a
  // trailing_increment(). It is the caller's to change until the next call.
  TokenBatch* Next();

 private:
  friend class Analyzer;
  struct Impl;
  explicit AnalysisStream(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

// An owned token, for tests, tools and other places where speed is no matter.
struct AnalyzedToken {
  std::string term;
  uint32_t position = 0;  // the first token of a value is usually at 0
  uint32_t position_length = 1;
  uint32_t start_byte = 0;
  uint32_t end_byte = 0;
  TokenType type = TokenType::kAlphanum;
};

// What one part of an analyzer made of a value, for tools.
struct AnalysisStage {
  std::string part;  // its JSON: {"type":"stop","words":["_english_"]}
  bool is_char_filter = false;
  std::string text;                   // of a char filter: the text behind it
  std::vector<AnalyzedToken> tokens;  // of others; offsets are those of the value
};

// An immutable chain of parts. Thread-safe.
class SEGUE_EXPORT Analyzer {
 public:
  // Offsets are 32-bit, and filtered text may be longer than the value.
  static constexpr size_t kMaxValueBytes = (size_t{1} << 30) - 1;

  ~Analyzer();
  Analyzer(const Analyzer&) = delete;
  Analyzer& operator=(const Analyzer&) = delete;

  // A stream of its own for a thread. Streams may outlive the analyzer.
  std::unique_ptr<AnalysisStream> NewStream() const;

  // The whole analysis of one value, with positions summed up.
  absl::StatusOr<std::vector<AnalyzedToken>> Analyze(std::string_view value) const;

  // What each part makes of a value, in order: the char filters, the tokenizer, the
  // filters. Takes time in proportion to the square of the number of parts.
  absl::StatusOr<std::vector<AnalysisStage>> AnalyzeStages(std::string_view value) const;

  // A part of a word (of a pattern, a prefix, a misspelt word) as it would stand in
  // a term: its case and its accents change as the analyzer changes them, and nothing
  // else happens to it. Char filters are not applied.
  std::string Normalize(std::string_view part) const;

  // The whole definition as canonical JSON: every part with every option, given
  // or default, plus the versions of the Unicode and Snowball data that the
  // parts rest on. Two analyzers with the same definition give the same tokens
  // (parts of the host program: as far as their names and options tell).
  //   {"char_filters":[],"tokenizer":{"type":"standard",
  //    "max_token_length":255},"filters":[{"type":"lowercase"}],
  //    "versions":{"unicode":"15.0.0"}}
  // AnalyzerRegistry::Make() accepts it back and ignores `versions`.
  const std::string& Definition() const;

  // A hash of Definition(), the same on every machine and in every run.
  uint64_t Fingerprint() const;

 private:
  friend class AnalyzerRegistry;
  struct Impl;
  explicit Analyzer(std::unique_ptr<const Impl> impl);
  std::unique_ptr<const Impl> impl_;
};

// ---------------------------------------------------------------------------
// Registry

// The value of one option of a part.
using PartOption = std::variant<bool, int64_t, double, std::string, std::vector<std::string>>;

// The options of one part, as its maker reads them. Reading an option by name
// also notes its value (given or default) for Analyzer::Definition(); an option
// that the maker did not read is an error with the nearest known name, so a
// maker needs no check of its own for unknown names. A wrong type or a value out
// of range is noted and reported after the maker returns; the call returns the
// default then.
class SEGUE_EXPORT PartOptions {
 public:
  explicit PartOptions(std::map<std::string, PartOption> given);

  bool Bool(std::string_view name, bool default_value);
  int64_t Int(std::string_view name, int64_t default_value, int64_t min, int64_t max);
  double Float(std::string_view name, double default_value);
  std::string String(std::string_view name, std::string_view default_value);
  // Empty, and not noted, if it is not given: for an option that came later, so that
  // the definitions without it stay as they are.
  std::string OptionalString(std::string_view name);
  // A list of strings; one string counts as a list of one.
  std::vector<std::string> StringList(std::string_view name,
                                      std::vector<std::string> default_value);
  bool Has(std::string_view name) const;

  // Notes that the part's output depends on versioned data, e.g. ("unicode",
  // "15.0.0").
  void DependsOn(std::string_view data, std::string_view version);

  // The first mistake so far, or OK. `part` names the part in the message.
  absl::Status Check(std::string_view part) const;

  const std::map<std::string, PartOption>& noted() const { return noted_; }
  const std::map<std::string, std::string>& versions() const { return versions_; }

 private:
  const PartOption* Find(std::string_view name) const;
  void Complain(std::string_view name, std::string_view wanted);

  std::map<std::string, PartOption> given_;
  std::map<std::string, PartOption> noted_;
  std::vector<std::string> not_given_;  // names of optional ones
  std::map<std::string, std::string> versions_;
  std::string complaint_;
};

// Makes a fresh part for each stream. Called from any thread; what the parts
// share (a stop list) is captured as shared_ptr to const.
template <typename Part>
using PartSource = std::function<std::unique_ptr<Part>()>;

// Reads options once and returns the source. Errors go to whoever defined the
// analyzer.
template <typename Part>
using PartMaker = std::function<absl::StatusOr<PartSource<Part>>(PartOptions& options)>;

// Names for parts and analyzers. A value type: copy BuiltIn(), add your own.
// Reading is thread-safe, registering is not. Analyzers live on without it.
//
//   AnalyzerRegistry registry = AnalyzerRegistry::BuiltIn();
//   registry.RegisterTokenFilter(
//       "reverse", [](PartOptions&) -> absl::StatusOr<PartSource<TokenFilter>> {
//         return [] { return std::make_unique<ReverseFilter>(); };
//       });
//   registry.Make(R"({"tokenizer":"standard","filters":["reverse"]})");
class SEGUE_EXPORT AnalyzerRegistry {
 public:
  // Everything built in: docs/analysis.md lists it with examples.
  static const AnalyzerRegistry& BuiltIn();

  AnalyzerRegistry();  // nothing registered
  ~AnalyzerRegistry();
  AnalyzerRegistry(const AnalyzerRegistry&);
  AnalyzerRegistry& operator=(const AnalyzerRegistry&);

  // A second registration under a name replaces the first.
  void RegisterCharFilter(std::string_view name, PartMaker<CharFilter> maker);
  void RegisterTokenizer(std::string_view name, PartMaker<Tokenizer> maker);
  void RegisterTokenFilter(std::string_view name, PartMaker<TokenFilter> maker);

  // Names an analyzer given by its JSON definition (see Make) and checks it.
  absl::Status RegisterAnalyzer(std::string_view name, std::string_view json_definition);

  // The analyzer of that name. kInvalidArgument with the nearest known name if
  // there is none.
  absl::StatusOr<std::shared_ptr<const Analyzer>> Get(std::string_view name) const;

  // The analyzer of a JSON definition:
  //   {"char_filters":[PART...],"tokenizer":PART,"filters":[PART...]}
  // where PART is a name or {"type":NAME,OPTION:VALUE,...}; only "tokenizer" is
  // needed. Unknown members, names and options are kInvalidArgument, with the
  // nearest known name.
  absl::StatusOr<std::shared_ptr<const Analyzer>> Make(std::string_view json_definition) const;

  // Sorted.
  std::vector<std::string> AnalyzerNames() const;
  std::vector<std::string> CharFilterNames() const;
  std::vector<std::string> TokenizerNames() const;
  std::vector<std::string> TokenFilterNames() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace segue

#endif  // SEGUE_ANALYSIS_H_
