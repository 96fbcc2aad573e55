// SPDX-License-Identifier: Apache-2.0
//
// Everything is drawn by trying: a random document, and if it has no such words, another one.
#include "corpus/game_query_maker.h"

#include <algorithm>
#include <numeric>

namespace segue {
namespace {

constexpr int kTries = 400;

bool Contains(std::span<const uint32_t> words, uint32_t word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

std::vector<uint32_t> DistinctWords(std::span<const uint32_t> document) {
  std::vector<uint32_t> words(document.begin(), document.end());
  std::sort(words.begin(), words.end());
  words.erase(std::unique(words.begin(), words.end()), words.end());
  return words;
}

size_t TwoThirds(size_t size) { return (2 * size + 2) / 3; }

}  // namespace

StopWords::StopWords(const GameModel& model) {
  words_.resize(model.words().size());
  std::iota(words_.begin(), words_.end(), 0u);
  const size_t count = std::min(kCount, words_.size());
  std::partial_sort(words_.begin(), words_.begin() + static_cast<ptrdiff_t>(count), words_.end(),
                    [&model](uint32_t a, uint32_t b) {
                      const uint32_t of_a = model.DocumentFrequency(a);
                      const uint32_t of_b = model.DocumentFrequency(b);
                      return of_a != of_b ? of_a > of_b : a < b;
                    });
  words_.resize(count);
  std::sort(words_.begin(), words_.end());
}

bool StopWords::Contains(uint32_t word) const {
  return std::binary_search(words_.begin(), words_.end(), word);
}

void GameQueryMaker::Shuffle(std::vector<uint32_t>* words) {
  for (size_t left = words->size(); left > 1; --left) {
    std::swap((*words)[left - 1], (*words)[random_.Below(left)]);
  }
}

// Takes a word for each band from a document, or fails.
bool GameQueryMaker::TakeWords(size_t document, std::span<const Band> bands,
                               std::vector<uint32_t>* words) {
  std::array<std::vector<uint32_t>, kBands> by_band;
  for (const uint32_t word : DistinctWords(model_.Document(document))) {
    const Band band = BandOf(model_, word);
    if (band != Band::kNone) by_band[static_cast<size_t>(band)].push_back(word);
  }
  words->clear();
  for (const Band band : bands) {
    std::vector<uint32_t>& candidates = by_band[static_cast<size_t>(band)];
    if (candidates.empty()) return false;
    std::swap(candidates[random_.Below(candidates.size())], candidates.back());
    words->push_back(candidates.back());
    candidates.pop_back();
  }
  Shuffle(words);
  return true;
}

std::optional<DrawnWords> GameQueryMaker::DrawTogether(std::span<const Band> bands) {
  DrawnWords drawn;
  for (int i = 0; i < kTries; ++i) {
    drawn.document = DrawDocument();
    if (TakeWords(drawn.document, bands, &drawn.words)) return drawn;
  }
  return std::nullopt;
}

std::optional<DrawnWords> GameQueryMaker::DrawApart(std::span<const Band> bands) {
  DrawnWords drawn;
  for (const Band band : bands) {
    const std::optional<DrawnWords> one = DrawTogether({&band, 1});
    if (!one || Contains(drawn.words, one->words[0])) return std::nullopt;
    drawn.words.push_back(one->words[0]);
    drawn.document = one->document;
  }
  Shuffle(&drawn.words);
  return drawn;
}

// A window of a random document that fits, any of those that do.
template <typename Fits>
std::optional<DrawnWords> GameQueryMaker::DrawWindow(size_t size, Fits fits) {
  for (int i = 0; i < kTries; ++i) {
    const size_t document = DrawDocument();
    const std::span<const uint32_t> words = model_.Document(document);
    uint64_t seen = 0;
    std::span<const uint32_t> chosen;
    for (size_t at = 0; at + size <= words.size(); ++at) {
      const std::span<const uint32_t> window = words.subspan(at, size);
      if (fits(window) && random_.OneIn(++seen)) chosen = window;
    }
    if (seen > 0) return DrawnWords{{chosen.begin(), chosen.end()}, document};
  }
  return std::nullopt;
}

std::optional<DrawnWords> GameQueryMaker::DrawPhrase(size_t size, Band rarest) {
  return DrawWindow(size, [this, rarest](std::span<const uint32_t> window) {
    Band found = Band::kHigh;
    for (const uint32_t word : window) {
      const Band band = BandOf(model_, word);
      if (band == Band::kNone) return false;
      found = std::min(found, band);
    }
    return found == rarest;
  });
}

std::optional<DrawnWords> GameQueryMaker::DrawRun(size_t size, size_t at_least) {
  for (int i = 0; i < kTries; ++i) {
    const size_t document = DrawDocument();
    std::span<const uint32_t> words = model_.Document(document);
    if (words.size() < at_least) continue;
    if (words.size() > size) words = words.subspan(random_.Below(words.size() - size + 1), size);
    return DrawnWords{{words.begin(), words.end()}, document};
  }
  return std::nullopt;
}

std::optional<DrawnWords> GameQueryMaker::TakeStopWords(size_t document, size_t size) {
  std::vector<uint32_t> stop_words, others;
  for (const uint32_t word : DistinctWords(model_.Document(document))) {
    if (model_.DocumentFrequency(word) < 2) continue;
    (stop_words_.Contains(word) ? stop_words : others).push_back(word);
  }
  const size_t wanted = TwoThirds(size);
  if (stop_words.size() < wanted || others.size() < size - wanted) return std::nullopt;
  Shuffle(&stop_words);
  Shuffle(&others);
  stop_words.resize(wanted);
  stop_words.insert(stop_words.end(), others.begin(),
                    others.begin() + static_cast<ptrdiff_t>(size - wanted));
  Shuffle(&stop_words);
  return DrawnWords{std::move(stop_words), document};
}

std::optional<DrawnWords> GameQueryMaker::DrawStopWords(size_t size, bool adjacent) {
  if (adjacent) {
    return DrawWindow(size, [this, size](std::span<const uint32_t> window) {
      size_t stop_words = 0;
      for (const uint32_t word : window) {
        if (model_.DocumentFrequency(word) < 2) return false;
        stop_words += stop_words_.Contains(word);
      }
      return stop_words >= TwoThirds(size);
    });
  }
  for (int i = 0; i < kTries; ++i) {
    std::optional<DrawnWords> drawn = TakeStopWords(DrawDocument(), size);
    if (drawn) return drawn;
  }
  return std::nullopt;
}

std::optional<uint32_t> GameQueryMaker::DrawOther(size_t document, Band band,
                                                  std::span<const uint32_t> others) {
  std::vector<uint32_t> candidates;
  for (const uint32_t word : DistinctWords(model_.Document(document))) {
    if (BandOf(model_, word) == band && !Contains(others, word)) candidates.push_back(word);
  }
  if (candidates.empty()) return std::nullopt;
  return candidates[random_.Below(candidates.size())];
}

// Looks on from a random place, around the end to that place again.
std::optional<size_t> GameQueryMaker::FindDocumentWith(uint32_t word, size_t except) {
  const std::span<const uint32_t> tokens = model_.tokens();
  const std::span<const uint32_t> begins = model_.begins();
  const size_t first = DrawDocument();
  const std::array<std::array<size_t, 2>, 2> halves = {
      {{begins[first], tokens.size()}, {0, begins[first]}}};
  for (const auto& [begin, end] : halves) {
    for (size_t at = begin; at < end; ++at) {
      const auto found = std::find(tokens.begin() + static_cast<ptrdiff_t>(at),
                                   tokens.begin() + static_cast<ptrdiff_t>(end), word);
      at = static_cast<size_t>(found - tokens.begin());
      if (at == end) break;
      const auto behind = std::upper_bound(begins.begin(), begins.end(), at);
      const auto document = static_cast<size_t>(behind - begins.begin()) - 1;
      if (document != except) return document;
    }
  }
  return std::nullopt;
}

std::optional<uint32_t> GameQueryMaker::DrawAbsent(size_t document, Band band,
                                                   const uint32_t* beside) {
  // A word beside another one has few documents to come from, and each takes a search.
  constexpr int kTriesBeside = 4;
  for (int i = 0; i < (beside != nullptr ? kTriesBeside : kTries); ++i) {
    std::optional<size_t> source = DrawDocument();
    if (beside != nullptr) source = FindDocumentWith(*beside, document);
    if (!source) return std::nullopt;
    const std::optional<uint32_t> word = DrawOther(*source, band, model_.Document(document));
    if (word) return word;
  }
  return std::nullopt;
}

}  // namespace segue
