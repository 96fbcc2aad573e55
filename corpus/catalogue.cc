// SPDX-License-Identifier: Apache-2.0
//
// Names are functions of (seed, kind, ordinal), so that a track can name its artist without anybody
// remembering the artist.
#include "corpus/catalogue.h"

#include <algorithm>
#include <cstdio>

#include "engine/base/strings.h"

namespace segue {
namespace {

enum Kind : uint64_t { kArtist, kAlbum, kPodcast, kTrack, kEpisode, kKinds };

struct KindShape {
  const char* name;
  uint64_t per_hundred;
};
// In this order within each hundred documents, so that what is named comes first.
constexpr KindShape kShapes[kKinds] = {
    {"artist", 2}, {"album", 6}, {"podcast", 4}, {"track", 60}, {"episode", 28}};

constexpr const char* kGenres[] = {
    "jazz",      "rock",  "soul",   "folk", "ambient", "opera",  "metal",   "hip hop", "electronic",
    "classical", "blues", "reggae", "punk", "country", "comedy", "history", "science", "news"};

// Fixed streams of the random numbers for a document's parts.
enum Stream : uint64_t { kContentStream = 1, kNameStream = 100 };

}  // namespace

struct Catalogue::Place {
  uint64_t kind;
  uint64_t ordinal;              // among the documents of its kind, from 0
  uint64_t made_before[kKinds];  // documents of each kind with smaller numbers
};

Catalogue::Catalogue(const CatalogueOptions& options) : options_(options) {}

Catalogue::Place Catalogue::PlaceOf(uint64_t number) const {
  Place place = {};
  uint64_t rest = number % 100;
  bool found = false;
  for (uint64_t kind = 0; kind < kKinds; ++kind) {
    const uint64_t here = found ? 0 : std::min(rest, kShapes[kind].per_hundred);
    place.made_before[kind] = number / 100 * kShapes[kind].per_hundred + here;
    if (!found && rest < kShapes[kind].per_hundred) {
      found = true;
      place.kind = kind;
      place.ordinal = place.made_before[kind];
    }
    rest -= here;
  }
  return place;
}

// One of the `made` earlier documents of a kind; early ones are popular.
uint64_t Catalogue::Earlier(uint64_t /*kind*/, uint64_t made, StableRandom* random) const {
  const uint64_t among = random->Below(made) + 1;
  return random->Below(among);
}

std::string Catalogue::NameOf(uint64_t kind, uint64_t ordinal) const {
  StableRandom random(options_.seed, kNameStream + kind, ordinal);
  return words_.Title(random.Between(1, kind == kArtist ? 3 : 5), &random);
}

void Catalogue::AddFacts(uint64_t kind, StableRandom* random, Record* record) const {
  const auto add = [record](const char* name, Value value) {
    record->fields.push_back({name, std::move(value)});
  };
  const uint64_t year = random->Between(1950, 2025);
  if (kind != kArtist) {
    // One draw a statement: the order of draws within an expression is the compiler's choice.
    const int month = static_cast<int>(random->Between(1, 12));
    const int day = static_cast<int>(random->Between(1, 28));
    const int hour = static_cast<int>(random->Below(24));
    char released[32];
    std::snprintf(released, sizeof released, "%04d-%02d-%02dT%02d:00:00Z", static_cast<int>(year),
                  month, day, hour);
    add("released", std::string(released));
  }
  add("year", static_cast<int64_t>(year));
  if (kind == kTrack || kind == kEpisode) {
    const uint64_t seconds = kind == kTrack ? random->Between(90, 600) : random->Between(600, 7200);
    const uint64_t milliseconds = random->Below(1000);
    add("duration_ms", static_cast<int64_t>(seconds * 1000 + milliseconds));
    add("explicit", random->OneIn(9));
  }
  uint64_t plays = uint64_t{1} << random->Below(31);
  plays += random->Below(1000);
  add("plays", static_cast<int64_t>(plays));
  add("popularity", static_cast<double>(random->Below(10'000)) / 10'000);
}

void Catalogue::Make(uint64_t number, Record* record) const {
  const Place place = PlaceOf(number);
  StableRandom random(options_.seed, kContentStream, number);
  record->Clear();
  record->typed = true;
  record->file = "catalogue";
  record->line = number + 1;
  const auto add = [record](const char* name, Value value) {
    record->fields.push_back({name, std::move(value)});
  };
  add("id", Cat(kShapes[place.kind].name, "-", place.ordinal));
  add("kind", std::string(kShapes[place.kind].name));
  add("title", NameOf(place.kind, place.ordinal));
  if (place.kind == kAlbum || place.kind == kTrack) {
    add("artist", NameOf(kArtist, Earlier(kArtist, place.made_before[kArtist], &random)));
  }
  if (place.kind == kTrack) {
    add("album", NameOf(kAlbum, Earlier(kAlbum, place.made_before[kAlbum], &random)));
  }
  if (place.kind == kEpisode) {
    add("show", NameOf(kPodcast, Earlier(kPodcast, place.made_before[kPodcast], &random)));
  }
  const uint64_t genre = random.Below(std::size(kGenres));
  add("genre", std::string(kGenres[genre]));
  if (random.OneIn(3)) {
    add("genre", std::string(kGenres[(genre + 1 + random.Below(4)) % std::size(kGenres)]));
  }
  const uint64_t mean = place.kind == kEpisode ? std::max<uint64_t>(options_.transcript_words, 2)
                                               : (place.kind == kTrack ? 24 : 60);
  std::string text;
  // The sum of two draws: lengths vary by a factor, as in life.
  const uint64_t topic = genre * 7 + random.Below(7);
  uint64_t length = random.Between(1, mean);
  length += random.Below(mean);
  words_.AppendProse(topic, length, &random, &text);
  add("text", std::move(text));
  AddFacts(place.kind, &random, record);
}

Schema Catalogue::MakeSchema() {
  absl::StatusOr<Schema> schema = Schema::FromJson(R"({
    "key":"id","default":["title","artist","album","show","text"],
    "fields":{
      "id":{"type":"keyword","stored":true},
      "kind":{"type":"keyword","stored":true},
      "title":{"type":"text","stored":true},
      "artist":{"type":"text","stored":true},
      "album":{"type":"text","stored":true},
      "show":{"type":"text","stored":true},
      "text":{"type":"text","stored":true},
      "genre":{"type":"keyword","stored":true,"multi":true},
      "year":{"type":"int64","stored":true},
      "released":{"type":"timestamp","stored":true},
      "duration_ms":{"type":"int64","stored":true},
      "explicit":{"type":"bool","stored":true},
      "popularity":{"type":"float64","stored":true},
      "plays":{"type":"int64","stored":true}}})");
  return schema.ok() ? *std::move(schema) : Schema();
}

}  // namespace segue
