// SPDX-License-Identifier: Apache-2.0
//
// Queries drawn class by class. The n-th query of a class depends on the corpus, the seed, the
// class and n alone. What the corpus cannot give is passed over.
#ifndef SEGUE_CORPUS_GAME_QUERY_CLASSES_H_
#define SEGUE_CORPUS_GAME_QUERY_CLASSES_H_

#include <cstdint>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "corpus/catalogue_words.h"
#include "corpus/game_model.h"
#include "corpus/game_queries.h"
#include "corpus/game_query.h"
#include "corpus/game_query_maker.h"
#include "engine/base/strings.h"

namespace segue {

// `Draw` draws one query: it is made of a GameModel, its StopWords and a StableRandom.
template <typename Draw>
struct GameQueryClass {
  std::string_view name;
  std::optional<GameQuery> (Draw::*draw)(uint64_t turn);
};

// All different, about equally many of each class; fewer than asked for if the corpus has no more.
template <typename Draw>
std::vector<GameQuery> DrawByClass(std::span<const GameQueryClass<Draw>> classes,
                                   const GameModel& model, const GameQueryOptions& options) {
  const StopWords stop_words(model);
  std::vector<GameQuery> queries;
  std::set<std::string> seen;
  for (size_t i = 0; i < classes.size(); ++i) {
    uint64_t wanted = options.count / classes.size() + (i < options.count % classes.size());
    // A class whose turns fail so often has no more to give.
    const uint64_t turns = 10 * wanted + 100;
    for (uint64_t turn = 0; turn < turns && wanted > 0; ++turn) {
      Draw draw(model, stop_words, StableRandom(options.seed, i, turn));
      std::optional<GameQuery> query = (draw.*classes[i].draw)(turn);
      if (!query || !seen.insert(Cat(QueryText(*query), "\t", query->filter)).second) continue;
      query->tags.insert(query->tags.begin(), std::string(classes[i].name));
      queries.push_back(*std::move(query));
      --wanted;
    }
  }
  return queries;
}

}  // namespace segue

#endif  // SEGUE_CORPUS_GAME_QUERY_CLASSES_H_
