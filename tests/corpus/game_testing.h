// SPDX-License-Identifier: Apache-2.0
//
// What the tests of the comparison's corpora share.
#ifndef SEGUE_TESTS_CORPUS_GAME_TESTING_H_
#define SEGUE_TESTS_CORPUS_GAME_TESTING_H_

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "corpus/catalogue_words.h"
#include "corpus/game_line.h"
#include "corpus/game_model.h"
#include "segue/status.h"
#include "tests/corpus/temp_folder.h"

namespace segue {

// What `write` writes to the stream that it gets.
template <typename Write>
std::string Captured(Write write) {
  char* text = nullptr;
  size_t bytes = 0;
  std::FILE* const stream = ::open_memstream(&text, &bytes);
  write(stream);
  std::fclose(stream);
  std::string captured(text, bytes);
  std::free(text);
  return captured;
}

inline std::vector<std::string> LinesOf(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size());
    lines.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

// A corpus file with these texts, under their line numbers.
inline std::string CorpusFile(const std::vector<std::string>& texts) {
  return Captured([&texts](std::FILE* out) {
    GameLineWriter writer(out);
    for (size_t i = 0; i < texts.size(); ++i) (void)writer.Put(std::to_string(i), texts[i]);
    (void)writer.Flush();
  });
}

inline GameModel ModelOf(const std::vector<std::string>& texts) {
  const TempFolder folder;
  absl::StatusOr<GameModel> model =
      GameModel::Read({folder.Write("model.jsonl", CorpusFile(texts))});
  return *std::move(model);
}

// 30,000 documents of made-up words whose frequencies fill every band.
inline GameModel ModelOfMadeUpWords() {
  const CatalogueWords names;
  std::vector<std::string> texts;
  StableRandom random(9);
  for (int i = 0; i < 30'000; ++i) {
    std::string text;
    for (uint64_t left = random.Between(5, 60); left > 0; --left) {
      if (!text.empty()) text += ' ';
      text += names.Word(names.DrawRank(&random));
    }
    texts.push_back(text);
  }
  return ModelOf(texts);
}

}  // namespace segue

#endif  // SEGUE_TESTS_CORPUS_GAME_TESTING_H_
