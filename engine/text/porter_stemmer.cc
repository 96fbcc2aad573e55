// SPDX-License-Identifier: Apache-2.0
//
// Steps 2 to 4 of the paper are tables of suffixes: the first entry that the word ends in decides,
// and applies if enough vowel-consonant sequences stand before it. The tables are grouped by the
// last letter but one, which a switch on the word finds fast.
#include "engine/text/porter_stemmer.h"

#include <cstring>
#include <span>
#include <string_view>

#include "engine/base/utf8.h"

namespace segue {
namespace {

struct Rule {
  std::string_view suffix, replacement;
};

// Step 2: when the stem before has at least one vowel-consonant sequence.
constexpr Rule kStep2[] = {
    {"ational", "ate"}, {"tional", "tion"}, {"enci", "ence"}, {"anci", "ance"}, {"izer", "ize"},
    {"bli", "ble"},     {"alli", "al"},     {"entli", "ent"}, {"eli", "e"},     {"ousli", "ous"},
    {"ization", "ize"}, {"ation", "ate"},   {"ator", "ate"},  {"alism", "al"},  {"iveness", "ive"},
    {"fulness", "ful"}, {"ousness", "ous"}, {"aliti", "al"},  {"iviti", "ive"}, {"biliti", "ble"},
    {"logi", "log"}};

constexpr Rule kStep3[] = {{"icate", "ic"}, {"ative", ""}, {"alize", "al"}, {"iciti", "ic"},
                           {"ical", "ic"},  {"ful", ""},   {"ness", ""}};

// Step 4: when the stem before has at least two. "ement" before "ment" before "ent": the first that
// matches decides.
constexpr std::string_view kStep4[] = {"al",  "ance",  "ence", "er",  "ic",  "able", "ible",
                                       "ant", "ement", "ment", "ent", "ion", "ou",   "ism",
                                       "ate", "iti",   "ous",  "ive", "ize"};

template <typename Char>
class Stemmer {
 public:
  Stemmer(Char* word, size_t length) : word_(word), length_(length) {}

  size_t Run() {
    if (length_ <= 2) return length_;
    Plural();
    PastAndGerund();
    FinalY();
    Replace(kStep2);
    Replace(kStep3);
    Strip();
    FinalE();
    return length_;
  }

 private:
  bool IsConsonant(size_t i) const {
    switch (word_[i]) {
      case 'a':
      case 'e':
      case 'i':
      case 'o':
      case 'u':
        return false;
      case 'y': {
        // In a run of y, consonants and vowels take turns; what stands before the run decides.
        size_t first = i;
        while (first > 0 && word_[first - 1] == 'y') --first;
        const bool first_is_consonant = first == 0 || !IsConsonant(first - 1);
        return first_is_consonant == ((i - first) % 2 == 0);
      }
      default:
        return true;
    }
  }

  // The paper's m: how many times a vowel is followed by a consonant in the first `n` characters.
  int Measure(size_t n) const {
    int measure = 0;
    bool vowel_before = false;
    for (size_t i = 0; i < n; ++i) {
      const bool consonant = ConsonantAfter(i, vowel_before);
      measure += vowel_before && consonant;
      vowel_before = !consonant;
    }
    return measure;
  }

  // IsConsonant(i) when it is known whether i - 1 is a vowel.
  bool ConsonantAfter(size_t i, bool vowel_before) const {
    switch (word_[i]) {
      case 'a':
      case 'e':
      case 'i':
      case 'o':
      case 'u':
        return false;
      case 'y':
        return i == 0 || vowel_before;
      default:
        return true;
    }
  }

  bool HasVowel(size_t n) const {
    bool vowel_before = false;
    for (size_t i = 0; i < n; ++i) {
      if (!ConsonantAfter(i, vowel_before)) return true;
    }
    return false;
  }

  // The first `n` characters end in a consonant twice.
  bool EndsInDouble(size_t n) const {
    return n >= 2 && word_[n - 1] == word_[n - 2] && IsConsonant(n - 1);
  }

  // The first `n` characters end in consonant, vowel, consonant other than w, x, y.
  bool EndsInCvc(size_t n) const {
    if (n < 3 || !IsConsonant(n - 1) || IsConsonant(n - 2) || !IsConsonant(n - 3)) return false;
    const Char last = word_[n - 1];
    return last != 'w' && last != 'x' && last != 'y';
  }

  bool EndsIn(std::string_view suffix) const {
    if (suffix.size() > length_) return false;
    const Char* at = word_ + length_ - suffix.size();
    for (size_t i = 0; i < suffix.size(); ++i) {
      if (at[i] != static_cast<Char>(suffix[i])) return false;
    }
    return true;
  }

  // The word becomes its first `stem` characters and `ending`. Never grows beyond what it was when
  // the stemming began: endings are put where longer ones were taken.
  void SetEnding(size_t stem, std::string_view ending) {
    for (size_t i = 0; i < ending.size(); ++i) word_[stem + i] = static_cast<Char>(ending[i]);
    length_ = stem + ending.size();
  }

  // Step 1a.
  void Plural() {
    if (word_[length_ - 1] != 's') return;
    if (EndsIn("sses") || EndsIn("ies")) {
      length_ -= 2;
    } else if (word_[length_ - 2] != 's') {
      length_ -= 1;
    }
  }

  // Step 1b.
  void PastAndGerund() {
    if (EndsIn("eed")) {
      if (Measure(length_ - 3) > 0) length_ -= 1;
      return;
    }
    const size_t ending = EndsIn("ed") ? 2 : EndsIn("ing") ? 3 : 0;
    if (ending == 0 || !HasVowel(length_ - ending)) return;
    length_ -= ending;
    if (EndsIn("at") || EndsIn("bl") || EndsIn("iz")) {
      SetEnding(length_, "e");
    } else if (EndsInDouble(length_)) {
      const Char last = word_[length_ - 1];
      if (last != 'l' && last != 's' && last != 'z') length_ -= 1;
    } else if (Measure(length_) == 1 && EndsInCvc(length_)) {
      SetEnding(length_, "e");
    }
  }

  // Step 1c.
  void FinalY() {
    if (word_[length_ - 1] == 'y' && HasVowel(length_ - 1)) word_[length_ - 1] = 'i';
  }

  void Replace(std::span<const Rule> rules) {
    if (length_ < 2) return;
    const Char last_but_one = word_[length_ - 2];
    for (const Rule& rule : rules) {
      if (static_cast<Char>(rule.suffix[rule.suffix.size() - 2]) != last_but_one) continue;
      if (!EndsIn(rule.suffix)) continue;
      const size_t stem = length_ - rule.suffix.size();
      if (Measure(stem) > 0) SetEnding(stem, rule.replacement);
      return;
    }
  }

  // Step 4.
  void Strip() {
    if (length_ < 2) return;
    const Char last_but_one = word_[length_ - 2];
    for (const std::string_view suffix : kStep4) {
      if (static_cast<Char>(suffix[suffix.size() - 2]) != last_but_one) continue;
      if (!EndsIn(suffix)) continue;
      const size_t stem = length_ - suffix.size();
      if (suffix == "ion" && (stem == 0 || (word_[stem - 1] != 's' && word_[stem - 1] != 't'))) {
        continue;
      }
      if (Measure(stem) > 1) length_ = stem;
      return;
    }
  }

  // Steps 5a and 5b. The second counts with the e that the first may have taken.
  void FinalE() {
    const size_t before = length_;
    if (word_[length_ - 1] == 'e') {
      const int measure = Measure(length_ - 1);
      if (measure > 1 || (measure == 1 && !EndsInCvc(length_ - 1))) length_ -= 1;
    }
    if (word_[length_ - 1] == 'l' && EndsInDouble(length_) && Measure(before) > 1) length_ -= 1;
  }

  Char* const word_;
  size_t length_;
};

void AppendUtf16(std::string_view text, std::u16string* out) {
  const uint8_t* p = reinterpret_cast<const uint8_t*>(text.data());
  const uint8_t* const end = p + text.size();
  while (p < end) {
    char32_t cp;
    p += DecodeUtf8(p, end, &cp);
    if (cp >= 0x10000) {
      out->push_back(static_cast<char16_t>(0xd7c0 + (cp >> 10)));
      cp = 0xdc00 | (cp & 0x3ff);
    }
    out->push_back(static_cast<char16_t>(cp));
  }
}

// `text` is UTF-16 without lone surrogates: stemming removes whole letters of a-z, or one of two
// equal units, which a pair of surrogates never has.
void AppendUtf8Of(std::u16string_view text, std::string* out) {
  for (size_t i = 0; i < text.size(); ++i) {
    char32_t cp = text[i];
    if (cp >= 0xd800 && cp < 0xdc00 && i + 1 < text.size()) {
      cp = 0x10000 + ((cp & 0x3ff) << 10) + (text[++i] & 0x3ff);
    }
    AppendUtf8(cp, out);
  }
}

}  // namespace

size_t PorterStem(char* word, size_t length) { return Stemmer<char>(word, length).Run(); }

size_t PorterStem(char16_t* word, size_t length) { return Stemmer<char16_t>(word, length).Run(); }

void PorterFilter::Filter(TokenBatch* batch, bool) {
  Token* const tokens = batch->tokens();
  const size_t count = batch->size();
  for (size_t i = 0; i < count; ++i) {
    if (tokens[i].is_keyword) continue;
    // Whatever way it takes: which one depends on more than the term.
    tokens[i].is_verbatim = 0;
    if (tokens[i].may_be_non_ascii) {
      StemNonAscii(batch, i);
    } else {
      tokens[i].term_bytes = static_cast<uint32_t>(
          PorterStem(batch->bytes() + tokens[i].term_begin, tokens[i].term_bytes));
    }
  }
}

void PorterFilter::StemNonAscii(TokenBatch* batch, size_t i) {
  utf16_.clear();
  AppendUtf16(batch->term(i), &utf16_);
  utf16_.resize(PorterStem(utf16_.data(), utf16_.size()));
  utf8_.clear();
  AppendUtf8Of(utf16_, &utf8_);
  if (batch->term(i) != utf8_) batch->SetTerm(i, utf8_);
}

}  // namespace segue
