// SPDX-License-Identifier: Apache-2.0
//
// A made-up audio catalogue of any size: artists, albums, tracks, podcasts and episodes with
// transcripts. For tests, examples and measurements.
//
//   Catalogue catalogue({.documents = 1000, .seed = 7});
//   Record record;
//   for (uint64_t i = 0; i < catalogue.documents(); ++i) catalogue.Make(i, &record);
//
// A document depends on the seed and its number only, not on the size of the catalogue, and is the
// same on every machine. Out of each 100 documents 2 are artists, 6 albums, 60 tracks, 4 podcasts
// and 28 episodes; albums name an artist that came before them, and so on.
#ifndef SEGUE_CORPUS_CATALOGUE_H_
#define SEGUE_CORPUS_CATALOGUE_H_

#include <cstdint>
#include <memory>
#include <string>

#include "corpus/catalogue_words.h"
#include "corpus/record.h"
#include "segue/schema.h"

namespace segue {

struct CatalogueOptions {
  uint64_t documents = 10'000;
  uint64_t seed = 1;
  uint64_t transcript_words = 300;  // mean length of an episode's transcript
};

// Immutable; thread-safe.
class Catalogue {
 public:
  explicit Catalogue(const CatalogueOptions& options);

  uint64_t documents() const { return options_.documents; }
  // REQUIRES: number < documents().
  void Make(uint64_t number, Record* record) const;

  // id (key), kind, title, artist, album, show, text, genre (several), year, released,
  // duration_ms, explicit, popularity, plays.
  static Schema MakeSchema();

 private:
  struct Place;
  Place PlaceOf(uint64_t number) const;
  uint64_t Earlier(uint64_t kind, uint64_t made, StableRandom* random) const;
  std::string NameOf(uint64_t kind, uint64_t ordinal) const;
  void AddFacts(uint64_t kind, StableRandom* random, Record* record) const;

  const CatalogueOptions options_;
  const CatalogueWords words_;
};

}  // namespace segue

#endif  // SEGUE_CORPUS_CATALOGUE_H_
