// SPDX-License-Identifier: Apache-2.0
//
// A dictionary over the words of a real corpus, for benchmarks.
//
// With SEGUE_DATA set the vocabulary is that of enwiki.jsonl.xz (runs of letters, digits and
// non-ASCII bytes; list lengths estimated from gaps); without it one of 700,000 made-up words with
// a similar spread of frequencies, which is good for comparing versions, not for sizes.
#ifndef SEGUE_BENCH_MICRO_WORDS_DICTIONARY_H_
#define SEGUE_BENCH_MICRO_WORDS_DICTIONARY_H_

#include <algorithm>
#include <bit>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "engine/format/dictionary_reader.h"
#include "engine/format/dictionary_writer.h"
#include "engine/io/memory_env.h"

namespace segue {

struct Word {
  std::string term;
  TermMeta meta;
};

inline bool IsWordByte(unsigned char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c >= 0x80;
}

// What is known of a word while documents are read.
struct Growing {
  uint32_t doc_freq = 0;
  uint64_t total_freq = 0;
  DocId first_doc = 0, last_doc = 0;
  uint64_t post_bits = 0, pos_bits = 0;
};

class CorpusReader {
 public:
  void AddLine(std::string_view line, DocId doc) {
    std::string word;
    uint32_t position = 0;
    for (size_t i = 0; i < line.size();) {
      if (line[i] == '\\') {
        i += 2;
      } else if (!IsWordByte(static_cast<unsigned char>(line[i]))) {
        ++i;
      } else {
        word.clear();
        for (; i < line.size() && IsWordByte(static_cast<unsigned char>(line[i])); ++i) {
          const char c = line[i];
          word.push_back(c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c);
        }
        AddWord(word.substr(0, 255), doc, position++);
      }
    }
  }

  std::vector<Word> Take() {
    std::vector<Word> words;
    for (auto& [term, growing] : words_) {
      Word word{term, {}};
      word.meta.doc_freq = growing.doc_freq;
      word.meta.total_freq = growing.total_freq;
      if (growing.doc_freq == 1) {
        word.meta.single_doc = growing.first_doc;
      } else {
        word.meta.post_bytes = 2 + growing.post_bits / 8;
      }
      word.meta.pos_bytes = 1 + growing.pos_bits / 8;
      if (growing.doc_freq >= 128) word.meta.bound_bytes = growing.doc_freq / 16;
      words.push_back(std::move(word));
    }
    return words;
  }

 private:
  void AddWord(const std::string& term, DocId doc, uint32_t position) {
    Growing& word = words_[term];
    if (word.doc_freq == 0 || word.last_doc != doc) {
      word.post_bits += 1 + static_cast<uint64_t>(std::bit_width(doc - word.last_doc));
      if (word.doc_freq++ == 0) word.first_doc = doc;
      word.last_doc = doc;
    }
    ++word.total_freq;
    word.pos_bits += 1 + static_cast<uint64_t>(std::bit_width(position)) / 2;
  }

  std::unordered_map<std::string, Growing> words_;
};

// A linear congruential sequence: the same words on every machine.
inline std::vector<Word> MadeUpWords() {
  uint64_t state = 1;
  const auto next = [&] {
    return (state = state * 6364136223846793005u + 1442695040888963407u) >> 33;
  };
  std::vector<Word> words(700000);
  for (Word& word : words) {
    for (uint64_t i = 3 + next() % 9; i > 0; --i) {
      word.term.push_back("etaoinshrdlcumwfgypbvkxjqz"[(next() % 26) * (next() % 26) / 26]);
    }
    word.meta.doc_freq = static_cast<uint32_t>(100000 / (1 + next() % 200000)) + 1;
    word.meta.total_freq = word.meta.doc_freq + (next() % 4 == 0 ? word.meta.doc_freq / 2 + 1 : 0);
    if (word.meta.doc_freq == 1) {
      word.meta.single_doc = static_cast<DocId>(next() % 125000);
    } else {
      word.meta.post_bytes = 2 + word.meta.doc_freq;
    }
    word.meta.pos_bytes = 1 + word.meta.total_freq;
  }
  return words;
}

// Empty without the corpus.
inline std::vector<Word> CorpusWords() {
  const char* folder = std::getenv("SEGUE_DATA");
  if (folder == nullptr) return {};
  FILE* const lines = popen(("xz -dc '" + std::string(folder) + "/enwiki.jsonl.xz'").c_str(), "r");
  if (lines == nullptr) return {};
  CorpusReader reader;
  char* line = nullptr;
  size_t capacity = 0;
  DocId doc = 0;
  for (ssize_t bytes; (bytes = getline(&line, &capacity, lines)) > 0; ++doc) {
    reader.AddLine(std::string_view(line, static_cast<size_t>(bytes)), doc);
  }
  std::free(line);
  pclose(lines);
  return reader.Take();
}

inline std::vector<Word> LoadWords() {
  std::vector<Word> words = CorpusWords();
  if (words.empty()) words = MadeUpWords();
  std::sort(words.begin(), words.end(),
            [](const Word& a, const Word& b) { return a.term < b.term; });
  words.erase(std::unique(words.begin(), words.end(),
                          [](const Word& a, const Word& b) { return a.term == b.term; }),
              words.end());
  uint64_t post = 0, pos = 0, bound = 0;
  for (Word& word : words) {
    word.meta.post_offset = std::exchange(post, post + word.meta.post_bytes);
    word.meta.pos_offset = std::exchange(pos, pos + word.meta.pos_bytes);
    word.meta.bound_offset = std::exchange(bound, bound + word.meta.bound_bytes);
  }
  return words;
}

inline const std::vector<Word>& Words() {
  static const std::vector<Word>* const words = new std::vector<Word>(LoadWords());
  return *words;
}

struct Built {
  std::unique_ptr<Env> env = NewMemoryEnv();
  DictionaryFieldMeta meta;
  Section body;
};

inline absl::Status Write(const std::vector<Word>& words, Built* built) {
  auto file = FramedWriter::Create(built->env.get(), "terms", FileKind::Of("term"), 1, {});
  if (!file.ok()) return file.status();
  DictionaryWriter writer(file->get());
  absl::Status status = writer.StartField(0);
  for (const Word& word : words) status.Update(writer.Add(word.term, word.meta));
  auto meta = writer.FinishField();
  status.Update(meta.status());
  status.Update((*file)->Finish().status());
  if (!status.ok()) return status;
  built->meta = *meta;
  auto body = OpenFramed(built->env.get(), "terms", FileKind::Of("term"), {}, {});
  if (!body.ok()) return body.status();
  built->body = *body;
  return absl::OkStatus();
}

inline const Dictionary& SharedDictionary() {
  static const Dictionary* const dictionary = [] {
    auto* built = new Built;
    const absl::Status status = Write(Words(), built);
    auto opened = Dictionary::Open(built->body, built->meta);
    if (!status.ok() || !opened.ok()) std::abort();
    std::printf("%llu terms: blocks %.2f MB, index %.2f MB, %.2f bytes a term\n",
                static_cast<unsigned long long>(built->meta.term_count),
                static_cast<double>(built->meta.blocks_bytes) / 1e6,
                static_cast<double>(built->meta.index_bytes) / 1e6,
                static_cast<double>(built->meta.blocks_bytes + built->meta.index_bytes) /
                    static_cast<double>(built->meta.term_count));
    return new Dictionary(*opened);
  }();
  return *dictionary;
}

// `least_freq`: only terms with so many documents; queries ask for frequent ones.
inline std::vector<std::string> Sample(uint32_t least_freq, size_t count) {
  std::vector<std::string> terms;
  std::vector<const Word*> pool;
  for (const Word& word : Words()) {
    if (word.meta.doc_freq >= least_freq) pool.push_back(&word);
  }
  uint64_t state = 7;
  while (terms.size() < count && !pool.empty()) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    terms.push_back(pool[(state >> 33) % pool.size()]->term);
  }
  return terms;
}

}  // namespace segue

#endif  // SEGUE_BENCH_MICRO_WORDS_DICTIONARY_H_
