// SPDX-License-Identifier: Apache-2.0
//
// A place is an index into the model's tokens. All occurrences of a word lie together (a counting
// sort), so a jump is one random access there and one into the text.
#include "corpus/game_imitation.h"

#include <algorithm>
#include <array>
#include <span>
#include <string>
#include <string_view>
#include <thread>

#include "corpus/game_line.h"
#include "engine/base/status.h"
#include "engine/base/strings.h"

namespace segue {
namespace {

constexpr uint32_t kEnd = GameModel::kEnd;
constexpr uint32_t kNowhere = 0xffffffff;
// How far around a place its topic reaches, in words; never beyond its document.
constexpr uint32_t kNear = 64;
constexpr size_t kTopicWords = 3;
// Of 100 jumps, those that look for the word in the topic's windows first.
constexpr uint64_t kTopicalPercent = 75;
constexpr int kWindowTries = 2;
constexpr int kJumpTries = 3;
// Documents drawn again because the model has them; after that one grows until it differs.
constexpr int kRedraws = 4;

uint64_t HashWords(std::span<const uint32_t> words) {
  uint64_t hash = words.size();
  for (const uint32_t word : words) {
    hash = (hash ^ word) * 0x9e3779b97f4a7c15u;
    hash ^= hash >> 29;
  }
  return hash;
}

}  // namespace

// Places [begin, end) of one document of the model.
struct Imitation::Window {
  uint32_t begin = 0;
  uint32_t end = 0;
};

// What a document is about.
struct Imitation::Topic {
  uint32_t start = 0;                            // the place where the walk begins
  std::array<uint32_t, kTopicWords> words = {};  // rare ones from around it; may repeat
  std::array<Window, 1 + kTopicWords> windows;   // around the start; where else the words stand
};

Imitation::Imitation(const GameModel& model, uint64_t seed) : model_(model), seed_(seed) {
  const std::span<const uint32_t> tokens = model.tokens();
  occurrence_begins_.resize(model.words().size() + 1);
  for (const uint32_t word : tokens) {
    if (word != kEnd) ++occurrence_begins_[word + 1];
  }
  for (size_t i = 1; i < occurrence_begins_.size(); ++i) {
    occurrence_begins_[i] += occurrence_begins_[i - 1];
  }
  occurrences_.resize(occurrence_begins_.back());
  std::vector<uint32_t> next(occurrence_begins_.begin(), occurrence_begins_.end() - 1);
  for (uint32_t place = 0; place < tokens.size(); ++place) {
    if (tokens[place] != kEnd) occurrences_[next[tokens[place]]++] = place;
  }
  document_hashes_.reserve(model.documents());
  for (size_t i = 0; i < model.documents(); ++i) {
    document_hashes_.push_back(HashWords(model.Document(i)));
  }
  std::sort(document_hashes_.begin(), document_hashes_.end());
}

// Equal hashes of different documents only cost a new draw.
bool Imitation::IsOfModel(const std::vector<uint32_t>& words) const {
  return std::binary_search(document_hashes_.begin(), document_hashes_.end(), HashWords(words));
}

uint32_t Imitation::DrawOccurrence(uint32_t word, StableRandom* random) const {
  const uint32_t begin = occurrence_begins_[word];
  return occurrences_[begin + random->Below(occurrence_begins_[word + 1] - begin)];
}

Imitation::Window Imitation::WindowAround(uint32_t place) const {
  const std::span<const uint32_t> tokens = model_.tokens();
  Window window = {place, place};
  while (window.begin > 0 && tokens[window.begin - 1] != kEnd && place - window.begin < kNear) {
    --window.begin;
  }
  while (tokens[window.end] != kEnd && window.end - place < kNear) ++window.end;
  return window;
}

// The start is any place of any document; the topic's words are the rarest of some around it that
// occur in other documents, too.
Imitation::Topic Imitation::DrawTopic(StableRandom* random) const {
  const std::span<const uint32_t> tokens = model_.tokens();
  const std::span<const uint32_t> begins = model_.begins();
  const uint64_t document = random->Below(model_.documents());
  Topic topic;
  topic.start = begins[document];
  topic.start += static_cast<uint32_t>(random->Below(begins[document + 1] - 1 - topic.start));
  topic.windows[0] = WindowAround(topic.start);
  topic.words.fill(tokens[topic.start]);
  std::array<uint32_t, kTopicWords> frequencies;
  frequencies.fill(UINT32_MAX);
  for (uint32_t place = topic.windows[0].begin; place < topic.windows[0].end; ++place) {
    const uint32_t frequency = model_.DocumentFrequency(tokens[place]);
    const auto highest = std::max_element(frequencies.begin(), frequencies.end());
    if (frequency < 2 || frequency >= *highest) continue;
    *highest = frequency;
    topic.words[static_cast<size_t>(highest - frequencies.begin())] = tokens[place];
  }
  for (size_t i = 0; i < kTopicWords; ++i) {
    topic.windows[i + 1] = WindowAround(DrawOccurrence(topic.words[i], random));
  }
  return topic;
}

// One of the places of `word` in the window, or kNowhere if that is `except` or has no word behind
// it.
uint32_t Imitation::DrawIn(const Window& window, uint32_t word, uint32_t except,
                           StableRandom* random) const {
  const std::span<const uint32_t> tokens = model_.tokens();
  const std::span<const uint32_t> text = tokens.subspan(window.begin, window.end - window.begin);
  const auto found = static_cast<uint64_t>(std::count(text.begin(), text.end(), word));
  if (found == 0) return kNowhere;
  uint64_t which = random->Below(found);
  uint32_t place = window.begin;
  while (tokens[place] != word || which-- > 0) ++place;
  return place == except || tokens[place + 1] == kEnd ? kNowhere : place;
}

// The place to go on behind: another occurrence of the word at `place`, if one was found.
uint32_t Imitation::Jump(uint32_t place, const Topic& topic, StableRandom* random) const {
  const std::span<const uint32_t> tokens = model_.tokens();
  const uint32_t word = tokens[place];
  if (random->Below(100) < kTopicalPercent) {
    for (int i = 0; i < kWindowTries; ++i) {
      const Window& window = topic.windows[random->Below(topic.windows.size())];
      const uint32_t found = DrawIn(window, word, place, random);
      if (found != kNowhere) return found;
    }
  }
  for (int i = 0; i < kJumpTries; ++i) {
    const uint32_t found = DrawOccurrence(word, random);
    if (found != place && tokens[found + 1] != kEnd) return found;
  }
  return kNowhere;
}

void Imitation::Walk(StableRandom* random, size_t length, std::vector<uint32_t>* words) const {
  const std::span<const uint32_t> tokens = model_.tokens();
  const Topic topic = DrawTopic(random);
  uint32_t place = topic.start;
  uint32_t run = 1;
  words->push_back(tokens[place]);
  while (words->size() < length) {
    const bool must_jump = tokens[place + 1] == kEnd || run >= kMaxRun;
    if (must_jump || random->OneIn(kMeanRun)) {
      const uint32_t target = Jump(place, topic, random);
      if (target != kNowhere) {
        place = target;
        run = 0;
      } else if (must_jump) {  // on with a word of the topic
        place = DrawOccurrence(topic.words[random->Below(kTopicWords)], random);
        words->push_back(tokens[place]);
        run = 1;
        continue;
      }
    }
    words->push_back(tokens[++place]);
    ++run;
  }
}

void Imitation::Make(uint64_t number, std::vector<uint32_t>* words) const {
  StableRandom random(seed_, 1, number);
  for (int i = 0; i <= kRedraws; ++i) {
    const uint64_t as_long_as = random.Below(model_.documents());
    words->clear();
    Walk(&random, model_.Document(as_long_as).size(), words);
    if (!IsOfModel(*words)) return;
  }
  do {
    words->push_back(model_.tokens()[DrawTopic(&random).start]);
  } while (IsOfModel(*words));
}

namespace {

// The texts of documents [first, last), a line break behind each.
std::string MakeTexts(const Imitation& imitation, const GameModel& model, uint64_t first,
                      uint64_t last) {
  std::string texts;
  std::vector<uint32_t> words;
  for (uint64_t number = first; number < last; ++number) {
    imitation.Make(number, &words);
    for (const uint32_t word : words) {
      texts += model.words().Word(word);
      texts += ' ';
    }
    texts.back() = '\n';
  }
  return texts;
}

}  // namespace

// Walks wait for memory most of the time, so every core takes a share of each round.
absl::Status WriteImitation(const Imitation& imitation, const GameModel& model, uint64_t documents,
                            bool with_numbers, std::FILE* out) {
  constexpr uint64_t kShare = 4096;
  const uint64_t shares = std::clamp(std::thread::hardware_concurrency(), 1u, 16u);
  GameLineWriter writer(out, with_numbers);
  while (writer.lines() < documents) {
    std::vector<std::string> texts(shares);
    std::vector<std::thread> threads;
    for (uint64_t share = 0; share < shares; ++share) {
      const uint64_t first = std::min(writer.lines() + share * kShare, documents);
      const uint64_t last = std::min(first + kShare, documents);
      threads.emplace_back([&imitation, &model, &text = texts[share], first, last] {
        text = MakeTexts(imitation, model, first, last);
      });
    }
    for (std::thread& thread : threads) thread.join();
    for (const std::string& text : texts) {
      for (size_t at = 0; at < text.size();) {
        const size_t end = text.find('\n', at);
        SEGUE_RETURN_IF_ERROR(
            writer.Put(Cat(writer.lines()), std::string_view(text).substr(at, end - at)));
        at = end + 1;
      }
    }
  }
  return writer.Flush();
}

}  // namespace segue
