// SPDX-License-Identifier: Apache-2.0
//
// A word is its rank written in syllables: one syllable for the most frequent, two and three for
// the rest, as in natural languages, where frequent words are short.
#include "corpus/catalogue_words.h"

#include <algorithm>
#include <string_view>

namespace segue {
namespace {

constexpr std::string_view kOnsets[] = {"b",  "d",  "f",  "g",  "h",  "k",  "l",  "m",
                                        "n",  "p",  "r",  "s",  "t",  "v",  "z",  "br",
                                        "ch", "dr", "fl", "gr", "sh", "st", "th", "tr"};
constexpr std::string_view kVowels[] = {"a", "e", "i", "o", "u", "ai", "ea", "ou"};
constexpr std::string_view kCodas[] = {"", "n", "r", "l", "s"};
constexpr uint32_t kSyllables = 24 * 8 * 5;
constexpr uint32_t kTopicWords = 200;

std::string Syllable(uint32_t number) {
  std::string syllable(kOnsets[number % 24]);
  syllable += kVowels[number / 24 % 8];
  syllable += kCodas[number / (24 * 8) % 5];
  return syllable;
}

void Capitalise(std::string* text, size_t at) {
  (*text)[at] = static_cast<char>((*text)[at] - 'a' + 'A');
}

}  // namespace

StableRandom::StableRandom(uint64_t seed, uint64_t stream, uint64_t number) : state_(seed) {
  state_ = Next() ^ stream;
  state_ = Next() ^ number;
  state_ = Next();
}

CatalogueWords::CatalogueWords() {
  // The syllables in an order that is not alphabetical, so that ranks and spelling are unrelated.
  std::vector<uint32_t> order(kSyllables);
  StableRandom random(1);
  for (uint32_t i = 0; i < kSyllables; ++i) order[i] = i;
  for (uint32_t i = kSyllables - 1; i > 0; --i) std::swap(order[i], order[random.Below(i + 1)]);

  // Syllables join ambiguously ("ba" + "n…" and "ban" + "…"), so a spelling may come twice; the
  // second one is skipped.
  std::vector<std::string> all;
  for (uint32_t number = 0; words_.size() < kWords; ++number) {
    std::string word;
    for (uint32_t rest = number;; rest = rest / kSyllables - 1) {
      word += Syllable(order[rest % kSyllables]);
      if (rest < kSyllables) break;
    }
    words_.push_back(std::move(word));
    if (words_.size() < kWords) continue;
    std::vector<std::string> sorted = words_;
    std::sort(sorted.begin(), sorted.end());
    std::vector<std::string> twice;
    for (size_t i = 1; i < sorted.size(); ++i) {
      if (sorted[i] == sorted[i - 1]) twice.push_back(sorted[i]);
    }
    std::vector<std::string> unique;
    std::vector<bool> used(twice.size());
    for (std::string& candidate : words_) {
      const auto found = std::lower_bound(twice.begin(), twice.end(), candidate);
      if (found != twice.end() && *found == candidate) {
        if (used[static_cast<size_t>(found - twice.begin())]) continue;
        used[static_cast<size_t>(found - twice.begin())] = true;
      }
      unique.push_back(std::move(candidate));
    }
    words_ = std::move(unique);
  }

  cumulative_weights_.reserve(kWords);
  uint64_t sum = 0;
  for (uint64_t rank = 0; rank < kWords; ++rank) {
    sum += (uint64_t{1} << 40) / (rank + 3);
    cumulative_weights_.push_back(sum);
  }
}

uint32_t CatalogueWords::DrawRank(StableRandom* random) const {
  const uint64_t at = random->Below(cumulative_weights_.back());
  const auto found = std::upper_bound(cumulative_weights_.begin(), cumulative_weights_.end(), at);
  return static_cast<uint32_t>(found - cumulative_weights_.begin());
}

void CatalogueWords::AppendProse(uint64_t topic, uint64_t count, StableRandom* random,
                                 std::string* out) const {
  const uint32_t first_topic_word =
      static_cast<uint32_t>(StableRandom(2, 0, topic).Below(kWords - kTopicWords));
  bool sentence_starts = true;
  uint64_t sentence_words = 0;
  uint32_t previous = 0;
  for (uint64_t i = 0; i < count; ++i) {
    uint32_t rank;
    if (i > 0 && random->OneIn(8)) {
      rank = static_cast<uint32_t>(StableRandom(3, 0, previous).Below(2000));  // its usual partner
    } else if (random->OneIn(4)) {
      rank = first_topic_word + static_cast<uint32_t>(random->Below(kTopicWords));
    } else {
      rank = DrawRank(random);
    }
    previous = rank;
    if (i > 0) *out += ' ';
    const size_t start = out->size();
    *out += Word(rank);
    if (sentence_starts) Capitalise(out, start);
    ++sentence_words;
    sentence_starts = sentence_words >= 6 && random->OneIn(10);
    if (sentence_starts || i + 1 == count) {
      *out += '.';
      sentence_words = 0;
    } else if (random->OneIn(14)) {
      *out += ',';
    }
  }
}

std::string CatalogueWords::Title(uint64_t count, StableRandom* random) const {
  std::string title;
  for (uint64_t i = 0; i < count; ++i) {
    if (i > 0) title += ' ';
    const size_t start = title.size();
    title += Word(DrawRank(random));
    Capitalise(&title, start);
  }
  return title;
}

}  // namespace segue
