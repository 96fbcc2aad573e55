// SPDX-License-Identifier: Apache-2.0
#include "tests/text/random_chain.h"

#include <algorithm>
#include <memory>

#include "engine/base/json.h"
#include "engine/base/limits.h"
#include "engine/base/strings.h"
#include "engine/base/utf8.h"

namespace segue {
namespace {

// The tokens of a stream, a few at a time.
class SlicedTokenizer final : public Tokenizer {
 public:
  SlicedTokenizer(std::unique_ptr<AnalysisStream> stream, size_t slice)
      : stream_(std::move(stream)), slice_(slice) {}

  void Start(std::string_view text) override {
    batch_ = nullptr;
    is_started_ = stream_->Start(text).ok();
  }
  bool Next(TokenBatch* out) override {
    for (size_t i = 0; i < slice_ && Advance(); ++i) out->AppendFrom(*batch_, at_++);
    return Advance();
  }

 private:
  bool Advance() {
    if (batch_ != nullptr && at_ < batch_->size()) return true;
    at_ = 0;
    batch_ = is_started_ ? stream_->Next() : nullptr;
    return batch_ != nullptr;
  }

  const std::unique_ptr<AnalysisStream> stream_;
  const size_t slice_;
  const TokenBatch* batch_ = nullptr;
  size_t at_ = 0;
  bool is_started_ = false;
};

void JoinTo(std::string* out, const std::vector<std::string_view>& parts) {
  for (size_t i = 0; i < parts.size(); ++i) CatTo(out, i == 0 ? "" : ",", parts[i]);
}

std::vector<bool> CharacterBounds(std::string_view text) {
  std::vector<bool> bounds(text.size() + 1, false);
  const auto* begin = reinterpret_cast<const uint8_t*>(text.data());
  const auto* end = begin + text.size();
  for (const uint8_t* p = begin; p < end;) {
    bounds[static_cast<size_t>(p - begin)] = true;
    char32_t ignored;
    p += DecodeUtf8(p, end, &ignored);
  }
  bounds[text.size()] = true;
  return bounds;
}

}  // namespace

const std::vector<std::string_view>& CharFilterChoices() {
  static const std::vector<std::string_view> choices = {
      R"({"type":"mapping","mappings":["a =>","b => bb","é => e","the => a","ไ => x","😀 => :D"]})",
      R"("diacriticfolding")",
      R"("nfc")",
      R"("nfkc")",
      R"("nfkc_casefold")",
      R"("widthfolding")",
  };
  return choices;
}

const std::vector<std::string_view>& TokenizerChoices() {
  static const std::vector<std::string_view> choices = {
      R"("standard")",
      R"({"type":"standard","max_token_length":5})",
      R"("simple")",
      R"("keyword")",
      R"("whitespace")",
      R"({"type":"whitespace","max_token_length":3})",
      R"({"type":"char_group","separators":["whitespace","digit","punctuation","w","カ"]})",
      R"({"type":"char_group","separators":["letter","symbol"],"max_token_length":4})",
      R"("edge_ngram")",
      R"({"type":"ngram","min":1,"max":4})",
      R"({"type":"path_hierarchy","delimiter":" "})",
      R"({"type":"path_hierarchy","delimiter":".","reverse":true})",
      R"({"type":"pattern","pattern":"[ ,.0-9é日]+|or"})",
      R"({"type":"pattern","pattern":"a|a*b|[^a ].?.?","split":false,"max_token_length":4})",
  };
  return choices;
}

const std::vector<std::string_view>& TokenFilterChoices() {
  static const std::vector<std::string_view> choices = {
      R"("apostrophe")",
      R"("arabic_normalization")",
      R"("asciifolding")",
      R"("casefold")",
      R"("cjk_bigram")",
      R"({"type":"cjk_bigram","unigrams":true,"scripts":["han","southeast_asian","katakana"]})",
      R"({"type":"compound","words":["or","rd","ab","word","ไท","カタ"],"min_part":2})",
      R"({"type":"compound","words":["de","defg","abcd"],"only_longest":true})",
      R"("decimal_digit")",
      R"("diacriticfolding")",
      R"({"type":"edge_ngram","min":2,"max":4})",
      R"({"type":"elision","articles":["_french_","o"]})",
      R"("hindi_normalization")",
      R"("indic_normalization")",
      R"({"type":"keep","words":["a","word","é","42","한"]})",
      R"({"type":"keyword_marker","words":["word","Words","ไทย"]})",
      R"({"type":"language_stem","languages":["english","russian"]})",
      R"({"type":"language_stem","languages":["german","english","french"],"guess":false})",
      R"({"type":"length","min":2,"max":9})",
      R"("lowercase")",
      R"({"type":"lowercase","language":"irish"})",
      R"({"type":"lowercase","language":"turkish"})",
      R"("metaphone")",
      R"({"type":"metaphone","preserve_original":false})",
      R"("nfc")",
      R"("nfkc")",
      R"("nfkc_casefold")",
      R"({"type":"ngram","min":1,"max":2,"preserve_original":true})",
      R"({"type":"ngram","min":3,"max":3})",
      R"("persian_normalization")",
      R"("porter")",
      R"("possessive")",
      R"("shingle")",
      R"({"type":"shingle","min":3,"max":4,"unigrams":false,"separator":""})",
      R"({"type":"snowball","language":"english"})",
      R"({"type":"snowball","language":"turkish"})",
      R"({"type":"stop","words":["_english_","word","é"]})",
      R"("widthfolding")",
      R"({"type":"stop","words":["_russian_"]})",
      R"({"type":"synonym","rules":["a, b, word","a a => 42","word a b, x y z => 7, B a, a b c"]})",
      R"({"type":"synonym","rules":["7, _ word, ab cd","문, é => ж"],"expand":false})",
      R"("word_delimiter")",
      R"({"type":"word_delimiter","parts":false})",
      R"({"type":"word_delimiter","preserve_original":true,"split_case":false})",
  };
  return choices;
}

std::string Chain::ToJson(std::string_view tokenizer_instead) const {
  std::string json = R"({"char_filters":[)";
  JoinTo(&json, char_filters);
  CatTo(&json, R"(],"tokenizer":)", tokenizer_instead.empty() ? tokenizer : tokenizer_instead,
        R"(,"filters":[)");
  JoinTo(&json, filters);
  return json + "]}";
}

Chain ChooseChain(const std::function<uint64_t(uint64_t)>& below) {
  const auto choose = [&](const std::vector<std::string_view>& choices) {
    return choices[below(choices.size())];
  };
  Chain chain;
  for (uint64_t n = below(4); n > 1; --n) chain.char_filters.push_back(choose(CharFilterChoices()));
  chain.tokenizer = choose(TokenizerChoices());
  for (uint64_t n = below(5); n > 0; --n) chain.filters.push_back(choose(TokenFilterChoices()));
  return chain;
}

std::string RunAndCheck(AnalysisStream* stream, std::string_view text,
                        std::vector<AnalyzedToken>* tokens) {
  tokens->clear();
  if (!stream->Start(text).ok()) return "the value was refused";
  const std::vector<bool> bounds = CharacterBounds(text);
  const size_t longest = std::max(kMaxTermBytes, 4 * text.size());
  uint64_t next_position = 0;
  bool is_last = false;
  while (const TokenBatch* batch = stream->Next()) {
    if (is_last) return "a batch behind the one with the positions at the end";
    if (batch->empty() && batch->trailing_increment() == 0) return "an empty batch";
    is_last = batch->trailing_increment() != 0;
    for (size_t i = 0; i < batch->size(); ++i) {
      const Token& token = (*batch)[i];
      const std::string_view term = batch->term(i);
      next_position += token.position_increment;
      const std::string where =
          Cat("token ", Quoted(term), " at bytes ", token.start_byte, "-", token.end_byte, ": ");
      if (token.end_byte > text.size() || token.start_byte > token.end_byte) {
        return where + "offsets beyond the value";
      }
      if (!bounds[token.start_byte] || !bounds[token.end_byte]) {
        return where + "offsets within a character";
      }
      if (term.empty()) return where + "an empty term";
      if (term.size() > longest) return where + "a term that is too long";
      if (token.position_length == 0) return where + "a token that spans no position";
      if (!token.may_be_non_ascii &&
          std::any_of(term.begin(), term.end(), [](char c) { return (c & 0x80) != 0; })) {
        return where + "a term that is not ASCII";
      }
      tokens->push_back({std::string(term), static_cast<uint32_t>(next_position),
                         token.position_length, token.start_byte, token.end_byte, token.type});
    }
  }
  return {};
}

void RegisterSlicedTokenizer(AnalyzerRegistry* registry) {
  const AnalyzerRegistry inner = *registry;
  registry->RegisterTokenizer(
      "sliced", [inner](PartOptions& options) -> absl::StatusOr<PartSource<Tokenizer>> {
        auto analyzer = inner.Make(options.String("analyzer", ""));
        if (!analyzer.ok()) return analyzer.status();
        const auto slice = static_cast<size_t>(options.Int("tokens", 1, 1, 512));
        return PartSource<Tokenizer>([analyzer = *std::move(analyzer), slice] {
          return std::make_unique<SlicedTokenizer>(analyzer->NewStream(), slice);
        });
      });
}

}  // namespace segue
