// SPDX-License-Identifier: Apache-2.0
#include "tests/exec/small_segment.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <utility>

#include "engine/base/status.h"
#include "engine/exec/window.h"
#include "engine/format/norms_format.h"
#include "engine/simd/kernels.h"
#include "tests/simd/tables.h"

namespace segue::exec {

std::vector<DocId> RandomDocs(SeededRandom* random, uint32_t doc_count, uint32_t about) {
  std::vector<DocId> docs;
  uint64_t crowded = 1;
  for (DocId doc = 0; doc < doc_count; ++doc) {
    if (doc % 1024 == 0) crowded = random->OneIn(6) ? 0 : random->OneIn(6) ? 4 : 1;
    if (random->Below(doc_count) < crowded * about) docs.push_back(doc);
  }
  const DocId edges[] = {
      0,     63,    64,    4095,  4096,          8191,
      65535, 65536, 65599, 69631, doc_count - 1, static_cast<DocId>(random->Below(doc_count))};
  for (const DocId edge : edges) {
    if (edge < doc_count && (docs.empty() || random->OneIn(2))) docs.push_back(edge);
  }
  std::sort(docs.begin(), docs.end());
  docs.erase(std::unique(docs.begin(), docs.end()), docs.end());
  return docs;
}

TestList ListOf(const std::vector<DocId>& docs, SeededRandom* random, uint32_t most_freq,
                bool positions) {
  TestList list;
  for (const DocId doc : docs) {
    const uint64_t most = random->OneIn(8) ? most_freq : std::min<uint32_t>(most_freq, 3);
    TestPosting posting{doc, static_cast<uint32_t>(random->Between(1, most)), {}};
    if (positions) {
      std::vector<uint32_t>& places = posting.positions;
      while (places.size() < posting.freq) {
        places.push_back(static_cast<uint32_t>(random->Below(uint64_t{4} * most_freq)));
      }
      std::sort(places.begin(), places.end());
      places.erase(std::unique(places.begin(), places.end()), places.end());
      posting.freq = static_cast<uint32_t>(places.size());
    }
    list.push_back(std::move(posting));
  }
  return list;
}

SmallSegment::SmallSegment(const SegmentShape& shape, std::vector<TestList> lists,
                           SeededRandom* random)
    : shape_(shape), lists_(std::move(lists)), norms_(PaddedNormBytes(shape.doc_count) + 64) {
  for (DocId doc = 0; doc < shape.doc_count; ++doc) {
    norms_[doc] = static_cast<uint8_t>(random->Between(shape.shortest, shape.longest));
  }
  PostingsWriterOptions options;
  options.doc_count = shape.doc_count;
  options.norms = norms_.data();
  options.has_positions = shape.positions;
  options.k1 = shape.built_with.parameters.k1;
  options.b = shape.built_with.parameters.b;
  options.average_length = shape.built_with.average_length;
  PostingsWorld world(options);
  for (const TestList& list : lists_) metas_.push_back(world.Write(list));
  source_ = written_ = world.Finish();
  ScoreWith(shape.built_with);
}

const TestPosting* SmallSegment::Find(size_t term, DocId doc) const {
  const TestList& list = lists_[term];
  const auto at = std::lower_bound(list.begin(), list.end(), doc,
                                   [](const TestPosting& a, DocId b) { return a.doc < b; });
  return at == list.end() || at->doc != doc ? nullptr : &*at;
}

void SmallSegment::ScoreWith(const BoundStatistics& statistics) {
  query_norms_ = std::make_unique<Bm25Norms>(statistics.parameters, statistics.average_length);
  const std::vector<TermScoring> before = std::exchange(scorings_, {});
  for (size_t term = 0; term < lists_.size(); ++term) {
    TermScoring scoring;
    scoring.field = "text";
    scoring.name = "text:t" + std::to_string(term);
    scoring.boost = before.empty() ? 1 : before[term].boost;
    scoring.idf = Idf(lists_[term].size(), shape_.doc_count);
    scoring.doc_freqs = {lists_[term].size()};
    scoring.doc_count = shape_.doc_count;
    scoring.norms = query_norms_.get();
    scorings_.push_back(std::move(scoring));
  }
}

absl::StatusOr<TermSource> SmallSegment::Open(size_t term, bool bounds) const {
  TermSource source;
  SEGUE_ASSIGN_OR_RETURN(source.list, PostingList::Open(source_, metas_[term], shape_.positions));
  if (bounds) {
    SEGUE_ASSIGN_OR_RETURN(source.bounds, BoundList::Open(source_, metas_[term]));
  }
  source.norms = norms_.data();
  source.doc_count = shape_.doc_count;
  source.bounds_built_with = shape_.built_with;
  return source;
}

TermSource SmallSegment::Source(size_t term, bool bounds) const {
  auto source = Open(term, bounds);
  EXPECT_TRUE(source.ok()) << source.status();
  return source.ok() ? *std::move(source) : TermSource();
}

void SmallSegment::Damage(SeededRandom* random) {
  const auto damaged = [&](const Section& section) {
    std::string bytes(section.PinAll()->view());
    for (uint64_t i = random->Between(1, 8); i > 0; --i) bytes = Damaged(std::move(bytes), random);
    return Section::FromBytes(bytes);
  };
  source_ = written_;
  const uint64_t which = random->Below(4);
  if (which <= 1) source_.post = damaged(written_.post);
  if (which == 2) source_.bound = damaged(written_.bound);
  if (which == 3) source_.pos = damaged(written_.pos);
}

std::unique_ptr<TermScorer> SmallSegment::TermOfWeight(size_t term, float weight,
                                                       SearchContext* context, bool bounds) const {
  return std::make_unique<TermScorer>(Source(term, bounds), &scorings_[term], weight, context);
}

void WithEachKernels(const std::function<void()>& fn) {
  const Kernels* before = &ActiveKernels();
  for (const Kernels* table : Tables()) {
    SCOPED_TRACE(std::string(table->name));
    kernels_internal::active.store(table);
    fn();
  }
  kernels_internal::active.store(before);
}

}  // namespace segue::exec
