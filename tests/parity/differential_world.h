// SPDX-License-Identifier: Apache-2.0
//
// The same documents for segue and for Lucene: an index of several segments, with deleted documents
// in it, and the lines of which lucene/…/Collection.java makes one.
#ifndef SEGUE_TESTS_PARITY_DIFFERENTIAL_WORLD_H_
#define SEGUE_TESTS_PARITY_DIFFERENTIAL_WORLD_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "segue/index.h"
#include "tests/support/seeded_random.h"

namespace segue {

// Texts are lower-case words of ASCII letters and digits between single spaces, so that analysis is
// no question.
struct DifferentialDocument {
  std::string title;
  std::string body;
  std::optional<int64_t> integer;
  std::vector<double> decimals;
  std::vector<GeoPoint> points;
  std::vector<std::string> tags;
};

class DifferentialWorld {
 public:
  // Every seventeenth document is deleted after it was committed.
  DifferentialWorld(std::vector<DifferentialDocument> documents, uint32_t segments);

  const std::vector<DifferentialDocument>& documents() const { return documents_; }
  const Snapshot& snapshot() const { return *snapshot_; }
  const std::string& lines() const { return lines_; }

 private:
  std::vector<DifferentialDocument> documents_;
  std::unique_ptr<Env> env_;
  std::shared_ptr<const Snapshot> snapshot_;
  std::string lines_;
};

// The key of document i.
std::string DifferentialKey(size_t i);

// The words of a text.
std::vector<std::string_view> PlainWords(std::string_view text);

// Few words, many of them rare, and copies of documents, for ties. Needs no data.
std::vector<DifferentialDocument> MadeUpDocuments(SeededRandom& random, size_t count);

// The beginnings of articles of the Simple English Wikipedia. REQUIRES: the shared data.
std::vector<DifferentialDocument> ArticleDocuments(SeededRandom& random, size_t count);

}  // namespace segue

#endif  // SEGUE_TESTS_PARITY_DIFFERENTIAL_WORLD_H_
