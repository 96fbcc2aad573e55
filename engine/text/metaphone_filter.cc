// SPDX-License-Identifier: Apache-2.0
//
// Letter by letter, each by what stands beside it.
#include "engine/text/metaphone_filter.h"

namespace segue {
namespace {

// What the rules ask of the word, which is its letters in capitals and nothing else.
class Letters {
 public:
  explicit Letters(std::string_view capitals) : letters_(capitals) {}

  size_t size() const { return letters_.size(); }
  // 0 beyond the ends.
  char At(size_t i) const { return i < letters_.size() ? letters_[i] : '\0'; }
  char Before(size_t i) const { return i == 0 ? '\0' : letters_[i - 1]; }
  bool StartsWith(std::string_view front) const { return letters_.starts_with(front); }
  bool Has(size_t i, std::string_view part) const {
    return i <= letters_.size() && letters_.substr(i).starts_with(part);
  }
  bool IsVowel(size_t i) const { return IsOneOf(i, "AEIOU"); }
  // I, E and Y soften the C or G before them.
  bool Softens(size_t i) const { return IsOneOf(i, "IEY"); }

 private:
  bool IsOneOf(size_t i, std::string_view set) const {
    return i < letters_.size() && set.find(letters_[i]) != std::string_view::npos;
  }
  const std::string_view letters_;
};

void AddC(const Letters& word, size_t i, std::string* code) {
  if (word.Softens(i + 1)) {
    if (word.Before(i) == 'S') return;  // science
    *code += word.Has(i, "CIA") ? 'X' : 'S';
  } else if (word.At(i + 1) == 'H') {
    const bool is_hard = word.Before(i) == 'S' || (i == 0 && !word.IsVowel(2));  // school, chrome
    *code += is_hard ? 'K' : 'X';
  } else {
    *code += 'K';
  }
}

void AddG(const Letters& word, size_t i, std::string* code) {
  if (word.At(i + 1) == 'H' && !word.IsVowel(i + 2)) return;  // night, though
  if (word.At(i + 1) == 'N' && (i + 2 == word.size() || word.Has(i + 2, "ED"))) return;  // sign
  const bool is_soft = word.Softens(i + 1) && word.Before(i) != 'G';
  *code += is_soft ? 'J' : 'K';
}

void AddH(const Letters& word, size_t i, std::string* code) {
  const bool is_part_of_sound =
      i > 0 && std::string_view("CSPTG").find(word.Before(i)) != std::string_view::npos;
  if (!is_part_of_sound && word.IsVowel(i + 1)) *code += 'H';
}

void AddS(const Letters& word, size_t i, std::string* code) {
  const bool hushes = word.At(i + 1) == 'H' || word.Has(i, "SIO") || word.Has(i, "SIA");
  *code += hushes ? 'X' : 'S';
}

void AddT(const Letters& word, size_t i, std::string* code) {
  if (word.Has(i, "TIA") || word.Has(i, "TIO")) {
    *code += 'X';
  } else if (word.At(i + 1) == 'H') {
    *code += '0';
  } else if (!word.Has(i, "TCH")) {
    *code += 'T';
  }
}

void AddLetter(const Letters& word, size_t i, std::string* code) {
  const char c = word.At(i);
  switch (c) {
    case 'B':
      if (!(word.Before(i) == 'M' && i + 1 == word.size())) *code += 'B';  // dumb
      break;
    case 'C':
      AddC(word, i, code);
      break;
    case 'D':
      *code += word.At(i + 1) == 'G' && word.Softens(i + 2) ? 'J' : 'T';
      break;
    case 'G':
      // Behind a D it was heard already: edge.
      if (!(word.Before(i) == 'D' && word.Softens(i + 1))) AddG(word, i, code);
      break;
    case 'H':
      AddH(word, i, code);
      break;
    case 'K':
      if (word.Before(i) != 'C') *code += 'K';
      break;
    case 'P':
      *code += word.At(i + 1) == 'H' ? 'F' : 'P';
      break;
    case 'Q':
      *code += 'K';
      break;
    case 'S':
      AddS(word, i, code);
      break;
    case 'T':
      AddT(word, i, code);
      break;
    case 'V':
      *code += 'F';
      break;
    case 'W':
    case 'Y':
      if (word.IsVowel(i + 1)) *code += c;
      break;
    case 'X':
      *code += "KS";
      break;
    case 'Z':
      *code += 'S';
      break;
    default:
      if (!word.IsVowel(i) || i == 0) *code += c;
  }
}

}  // namespace

std::string_view MetaphoneEncoder::Encode(std::string_view text) {
  letters_.clear();
  for (const char c : text) {
    if (c >= 'a' && c <= 'z') letters_ += static_cast<char>(c - 'a' + 'A');
    if (c >= 'A' && c <= 'Z') letters_ += c;
  }
  code_.clear();
  const Letters word(letters_);
  size_t i = 0;
  for (const std::string_view silent : {"AE", "GN", "KN", "PN", "WR"}) {
    if (word.StartsWith(silent)) i = 1;
  }
  if (word.StartsWith("X")) {
    code_ += 'S';
    i = 1;
  } else if (word.StartsWith("WH")) {
    code_ += 'W';
    i = 2;
  } else if (i == 1 && word.IsVowel(1)) {
    code_ += word.At(1);
    i = 2;
  }
  for (; i < word.size(); ++i) {
    if (word.At(i) == word.Before(i) && word.At(i) != 'C') continue;
    AddLetter(word, i, &code_);
  }
  return code_;
}

bool MetaphoneFilter::Expand(const TokenBatch& in, size_t i, TokenBatch* out) {
  const std::string_view code =
      in[i].is_keyword == 0 ? encoder_.Encode(in.term(i)) : std::string_view();
  if (code.empty()) {
    out->AppendFrom(in, i);
    return true;
  }
  if (keeps_words_) out->AppendFrom(in, i);
  const Token& from = in[i];
  Token& token = out->Append(code, from.start_byte, from.end_byte, from.type);
  token.position_increment = keeps_words_ ? 0 : from.position_increment;
  token.position_length = from.position_length;
  token.is_verbatim = 0;
  return true;
}

}  // namespace segue
