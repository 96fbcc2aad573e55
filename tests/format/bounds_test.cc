// SPDX-License-Identifier: Apache-2.0
//
// Bounds against the postings they are made from: every posting is dominated by
// its frontiers, every tf-norm is below its window's byte, and zero means empty.

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <string>
#include <vector>

#include "engine/base/byte_writer.h"
#include "engine/format/bounds_reader.h"
#include "engine/format/bounds_writer.h"
#include "engine/format/tf_norm.h"
#include "engine/rank/bm25.h"
#include "tests/format/postings_test_util.h"

namespace segue {
namespace {

bool Dominated(uint32_t freq, uint8_t norm, std::span<const Impact> frontier) {
  return std::any_of(frontier.begin(), frontier.end(), [=](const Impact& impact) {
    return impact.freq >= freq && impact.norm <= norm;
  });
}

void ExpectBounds(const BoundList& bounds, const TestList& list, const std::vector<uint8_t>& norms,
                  const TfNormTable& table) {
  const auto norm_of = [&norms](DocId doc) { return norms.empty() ? uint8_t{1} : norms[doc]; };
  const auto frontier = bounds.list_frontier();
  ASSERT_FALSE(frontier.empty());
  // Exact for the list: each pair is a posting's own.
  for (const Impact& impact : frontier) {
    EXPECT_TRUE(std::any_of(list.begin(), list.end(), [&](const TestPosting& posting) {
      return posting.freq == impact.freq && norm_of(posting.doc) == impact.norm;
    }));
  }
  std::vector<std::vector<Impact>> superblocks(bounds.superblock_count());
  for (uint32_t i = 0; i < bounds.superblock_count(); ++i) {
    superblocks[i].resize(kMaxSuperblockFrontier);
    const auto count = bounds.ReadFrontier(i, superblocks[i].data());
    ASSERT_TRUE(count.ok()) << count.status();
    superblocks[i].resize(*count);
  }
  std::vector<bool> in_window(bounds.windows().size());
  for (const TestPosting& posting : list) {
    const uint8_t norm = norm_of(posting.doc);
    ASSERT_TRUE(Dominated(posting.freq, norm, frontier));
    if (!superblocks.empty()) {
      ASSERT_TRUE(Dominated(posting.freq, norm, superblocks[posting.doc >> kSuperblockShift]));
    }
    if (!bounds.has_windows()) continue;
    const size_t window = posting.doc >> bounds.window_shift();
    in_window[window] = true;
    const double product =
        static_cast<double>(posting.freq) * static_cast<double>(table.scale(norm));
    const double least = bounds.least_tf_norm();
    const double range = static_cast<double>(bounds.max_tf_norm()) - least;
    ASSERT_LE(product / (1 + product), least + bounds.windows()[window] / 255.0 * range);
  }
  for (size_t i = 0; i < in_window.size(); ++i) {
    ASSERT_EQ(bounds.windows()[i] != 0, in_window[i]) << "window " << i;
  }
  for (uint32_t i = 0; i < superblocks.size(); ++i) {
    const bool holds = std::any_of(list.begin(), list.end(), [i](const TestPosting& posting) {
      return posting.doc >> kSuperblockShift == i;
    });
    ASSERT_EQ(!superblocks[i].empty(), holds);
  }
}

TEST(BoundsTest, EveryPostingIsBounded) {
  SeededRandom random(1);
  int with_superblocks = 0, without = 0;  // of lists with windows
  for (int round = 0; round < 12; ++round) {
    SCOPED_TRACE(round);
    // In the greatest, lists of a few thousand have no superblocks.
    const uint32_t doc_count =
        static_cast<uint32_t>(random.Between(round % 3 == 0 ? 38000 : 5000, 40000));
    std::vector<uint8_t> norms(round % 4 == 3 ? 0 : doc_count);
    for (uint8_t& norm : norms) {
      norm = static_cast<uint8_t>(round % 2 == 0 ? random.Below(256) : 30 + random.Below(20));
    }
    PostingsWriterOptions options = PlainOptions(doc_count);
    options.has_positions = false;
    options.norms = norms.empty() ? nullptr : norms.data();
    options.k1 = round % 3 == 0 ? 0.0f : 1.2f;
    options.b = round % 5 == 0 ? 1.0f : 0.75f;
    PostingsWorld world(options);
    const uint32_t sizes[] = {127, 128, 500, 2047, 2048, 4999};
    std::vector<TestList> lists;
    std::vector<TermMeta> metas;
    for (const uint32_t doc_freq : sizes) {
      lists.push_back(RandomList(&random, doc_freq, doc_count, round, false));
      metas.push_back(world.Write(lists.back()));
    }
    const PostingsSource source = world.Finish(round % 2 == 0 ? ReadMode::kMmap : ReadMode::kPread);
    const TfNormTable table(options.k1, options.b, options.average_length);
    for (size_t i = 0; i < lists.size(); ++i) {
      auto bounds = BoundList::Open(source, metas[i]);
      ASSERT_TRUE(bounds.ok()) << bounds.status();
      EXPECT_EQ(bounds->empty(), sizes[i] < kBoundMinDocFreq);
      EXPECT_EQ(bounds->has_windows(), sizes[i] >= kWindowMinDocFreq);
      if (bounds->empty()) continue;
      if (bounds->has_windows()) {
        EXPECT_EQ(bounds->superblock_count() != 0, bounds->window_shift() <= kMaxFrontierShift);
        (bounds->superblock_count() != 0 ? with_superblocks : without) += 1;
        EXPECT_EQ(bounds->windows().size() % kWindowPadding, 0u);
        EXPECT_EQ(reinterpret_cast<uintptr_t>(bounds->windows().data()) % kWindowPadding, 0u);
        EXPECT_GE(uint64_t{sizes[i]} << bounds->window_shift(),
                  uint64_t{kPostingsPerWindow} * doc_count);
      }
      ExpectBounds(*bounds, lists[i], norms, table);
      if (HasFatalFailure()) return;
    }
  }
  EXPECT_GT(with_superblocks, 0);
  EXPECT_GT(without, 0);
}

TEST(BoundsTest, FrontierKeepsWhatNothingDominates) {
  ImpactCollector collector;
  collector.Add(3, 10);
  collector.Add(3, 20);  // dominated by (3, 10)
  collector.Add(9, 200);
  collector.Add(1, 5);
  collector.Add(2, 10);   // dominated
  collector.Add(9, 255);  // dominated
  const std::vector<Impact> want = {{1, 5}, {3, 10}, {9, 200}};
  EXPECT_EQ(collector.TakeFrontier(), want);
  EXPECT_TRUE(collector.TakeFrontier().empty()) << "taking empties it";
  collector.Add(7, 0);
  EXPECT_EQ(collector.TakeFrontier(), (std::vector<Impact>{{7, 0}}));
}

TEST(BoundsTest, ShrinkingKeepsTheFrontierAbove) {
  SeededRandom random(2);
  const TfNormTable table(1.2f, 0.75f, 100);
  for (int round = 0; round < 200; ++round) {
    ImpactCollector collector;
    for (int i = 0; i < 300; ++i) {
      collector.Add(static_cast<uint32_t>(random.Between(1, 1000)),
                    static_cast<uint8_t>(random.Next()));
    }
    const std::vector<Impact> full = collector.TakeFrontier();
    for (size_t limit : {1u, 2u, 8u, 255u}) {
      std::vector<Impact> small = full;
      ShrinkFrontier(table, limit, &small);
      EXPECT_EQ(small.size(), std::min(full.size(), limit));
      for (const Impact& impact : full) ASSERT_TRUE(Dominated(impact.freq, impact.norm, small));
      for (size_t i = 1; i < small.size(); ++i) {
        ASSERT_LT(small[i - 1].freq, small[i].freq);
        ASSERT_LT(small[i - 1].norm, small[i].norm);
      }
    }
  }
}

TEST(BoundsTest, ScalesArePositiveFiniteAndFallWithTheNorm) {
  for (const float k1 : {0.0f, 0.9f, 1.2f, 1000.0f}) {
    for (const float b : {0.0f, 0.4f, 0.75f, 1.0f}) {
      const TfNormTable table(k1, b, 37.5f);
      for (int norm = 0; norm < 256; ++norm) {
        const float scale = table.scale(static_cast<uint8_t>(norm));
        ASSERT_TRUE(std::isfinite(scale) && scale > 0);
        if (norm > 0) {
          ASSERT_LE(scale, table.scale(static_cast<uint8_t>(norm - 1)));
        }
      }
    }
  }
  for (const float k1 : {0.9f, 1.2f, 3.0f}) {
    for (const float b : {0.0f, 0.4f, 1.0f}) {
      const TfNormTable table(k1, b, 255.9f);
      // Norm byte 0 with b = 1 has no length: infinite there, capped here.
      for (int norm = b == 1.0f ? 1 : 0; norm < 256; ++norm) {
        const uint8_t byte = static_cast<uint8_t>(norm);
        ASSERT_EQ(table.scale(byte), NormInverse({k1, b}, 255.9f, byte)) << norm;
      }
    }
  }
  // By hand, in double: length 40 of norm byte 40, 1 / (1.2 * (.25 + .75 * .4)).
  const TfNormTable table(1.2f, 0.75f, 100);
  EXPECT_NEAR(static_cast<double>(table.scale(40)), 1 / (1.2 * (0.25 + 0.75 * 0.40)), 1e-6);
  EXPECT_NEAR(static_cast<double>(table.scale(10)), 1 / (1.2 * (0.25 + 0.75 * 0.10)), 1e-6);
}

// ---- Bounds made by hand ----

// Of a list in 100 documents, at the start of its section.
struct HandMade {
  uint32_t shift = kMinWindowShift;
  bool wide = false;
  std::string frontier = std::string("\1\0\0", 3);  // the list's own, one pair: frequency 1, norm 0
  std::string superblocks = std::string("\0\0", 2);  // the same pair
  std::vector<size_t> ends = {superblocks.size()};
  float greatest = 0.5f;
  float least = 0.25f;
  uint32_t doc_count = 100;
  size_t more_windows = 0;  // behind the four, without a posting

  std::string Bytes() const {
    ByteWriter out;
    out.PutU8(static_cast<uint8_t>(shift | (wide ? 16 : 0)));
    out.PutBytes(frontier);
    if (shift <= kMaxFrontierShift) PutSuperblocks(&out);
    out.PutU32(std::bit_cast<uint32_t>(greatest));
    out.PutU32(std::bit_cast<uint32_t>(least));
    out.PadTo(kWindowPadding);
    out.PutBytes("\1\2\3\4");
    out.PutBytes(std::string(more_windows, '\0'));
    out.PadTo(kWindowPadding);
    return out.Take();
  }

  void PutSuperblocks(ByteWriter* out) const {
    for (const size_t end : ends) {
      if (wide) {
        out->PutU32(static_cast<uint32_t>(end));
      } else {
        out->PutU16(static_cast<uint16_t>(end));
      }
    }
    out->PutBytes(superblocks);
  }
};

absl::StatusOr<BoundList> OpenBounds(std::string_view bytes, uint32_t doc_count,
                                     uint64_t bound_bytes) {
  PostingsSource source;
  source.bound = Section::FromBytes(bytes);
  source.doc_count = doc_count;
  TermMeta meta;
  meta.bound_bytes = bound_bytes;
  return BoundList::Open(source, meta);
}

std::string ProblemOf(const HandMade& made) {
  const std::string bytes = made.Bytes();
  const absl::Status status = OpenBounds(bytes, made.doc_count, bytes.size()).status();
  EXPECT_TRUE(status.ok() || CodeOf(status) == ErrorCode::kDataLoss) << status;
  return std::string(MessageOf(status));
}

TEST(BoundsTest, EndsOfTwoOrFourBytes) {
  for (const bool wide : {false, true}) {
    const std::string bytes = HandMade{.wide = wide}.Bytes();
    const auto list = OpenBounds(bytes, 100, bytes.size());
    ASSERT_TRUE(list.ok()) << list.status();
    EXPECT_EQ(list->windows()[3], 4);
    EXPECT_EQ(list->max_tf_norm(), 0.5f);
    Impact frontier[kMaxSuperblockFrontier];
    EXPECT_EQ(list->ReadFrontier(0, frontier).value(), 1u);
    EXPECT_EQ(frontier[0].freq, 1u);
  }
}

TEST(BoundsTest, WhatDoesNotFitIsDataLoss) {
  const std::string good = HandMade().Bytes();
  const std::string misfit = "memory: window map does not fit at byte 0 of the body";
  EXPECT_EQ(CodeOf(OpenBounds(good, 100, good.size() + 1).status()), ErrorCode::kDataLoss);
  // Cut within the ends, the frontiers, the floats, the padding and the windows.
  for (const size_t size : {5, 7}) {
    EXPECT_EQ(MessageOf(OpenBounds(good, 100, size).status()),
              "memory: superblocks do not fit at byte 0 of the body");
  }
  for (const size_t size : {12, 20, 33, 63}) {
    EXPECT_EQ(MessageOf(OpenBounds(good, 100, size).status()), misfit) << size;
  }
  EXPECT_EQ(ProblemOf({.doc_count = 0}), "memory: bad window shift at byte 0 of the body");
  EXPECT_EQ(ProblemOf({.doc_count = 2000}), misfit) << "more windows than bytes";
  EXPECT_EQ(ProblemOf({.greatest = 1.5f}), misfit);
  EXPECT_EQ(ProblemOf({.greatest = 0}), misfit);
  EXPECT_EQ(ProblemOf({.greatest = std::nanf("")}), misfit);
  EXPECT_EQ(ProblemOf({.least = -1}), misfit);
  EXPECT_EQ(ProblemOf({.least = 0.75f}), misfit);
}

TEST(BoundsTest, WideWindowsHaveNoSuperblocks) {
  for (const uint32_t shift : {kMaxFrontierShift, kMaxFrontierShift + 1, kMaxWindowShift}) {
    const std::string bytes = HandMade{.shift = shift}.Bytes();
    const auto list = OpenBounds(bytes, 4u << shift, bytes.size());
    ASSERT_TRUE(list.ok()) << list.status();
    EXPECT_EQ(list->windows()[3], 4);
    EXPECT_EQ(list->superblock_count(), shift == kMaxFrontierShift ? 1u : 0u);
  }
  EXPECT_EQ(ProblemOf({.shift = kMaxFrontierShift + 1, .wide = true}),
            "memory: ends without superblocks at byte 0 of the body");
}

TEST(BoundsTest, FrontiersOfNumbersThatCannotBe) {
  const auto frontier = [](uint32_t count, std::initializer_list<std::pair<uint32_t, int>> steps) {
    ByteWriter out;
    out.PutVarint32(count);
    for (const auto& [freq_step, norm_step] : steps) {
      out.PutVarint32(freq_step);
      out.PutU8(static_cast<uint8_t>(norm_step));
    }
    return out.Take();
  };
  const std::string bad = "memory: bad list frontier at byte 0 of the body";
  EXPECT_EQ(ProblemOf({.frontier = frontier(1, {{UINT32_MAX - 1, 255}})}), "") << "the greatest";
  EXPECT_EQ(ProblemOf({.frontier = frontier(1, {{UINT32_MAX, 0}})}), bad) << "a frequency of 2^32";
  EXPECT_EQ(ProblemOf({.frontier = frontier(2, {{0, 255}, {0, 0}})}), bad) << "a norm of 256";
  EXPECT_EQ(ProblemOf({.frontier = frontier(0, {})}), bad);
  EXPECT_EQ(ProblemOf({.frontier = frontier(kMaxFrontier + 1, {})}), bad);
}

// What reading the frontier of a superblock says.
std::string ProblemOfSuperblock(const HandMade& made, uint32_t superblock) {
  const std::string bytes = made.Bytes();
  const auto list = OpenBounds(bytes, made.doc_count, bytes.size());
  EXPECT_TRUE(list.ok()) << list.status();
  if (!list.ok()) return "";
  Impact frontier[kMaxSuperblockFrontier];
  const absl::Status status = list->ReadFrontier(superblock, frontier).status();
  EXPECT_TRUE(status.ok() || CodeOf(status) == ErrorCode::kDataLoss) << status;
  return std::string(MessageOf(status));
}

TEST(BoundsTest, SuperblocksOfPairsThatCannotBe) {
  const std::string bad = "memory: bad superblock frontier at byte 0 of the body";
  const std::string most(2 * kMaxSuperblockFrontier, '\0'), more = most + std::string(2, '\0');
  EXPECT_EQ(ProblemOfSuperblock({.superblocks = most, .ends = {most.size()}}, 0), "");
  EXPECT_EQ(ProblemOfSuperblock({.superblocks = more, .ends = {more.size()}}, 0), bad);
  EXPECT_EQ(ProblemOfSuperblock({.superblocks = "\x80", .ends = {1}}, 0), bad) << "cut";
  EXPECT_EQ(ProblemOfSuperblock({.superblocks = "\1", .ends = {1}}, 0), bad) << "without a norm";
}

TEST(BoundsTest, SuperblocksOutOfOrder) {
  const auto problem = [](std::vector<size_t> ends, uint32_t superblock) {
    return ProblemOfSuperblock({.shift = kMaxFrontierShift,
                                .superblocks = std::string(4, '\0'),
                                .ends = std::move(ends),
                                .doc_count = 2 * kSuperblockDocs,
                                .more_windows = 60},
                               superblock);
  };
  const std::string bad = "memory: superblock offsets at byte 0 of the body";
  EXPECT_EQ(problem({2, 4}, 0), "");
  EXPECT_EQ(problem({2, 4}, 1), "");
  EXPECT_EQ(problem({6, 4}, 0), bad) << "ends behind the last";
  EXPECT_EQ(problem({6, 4}, 1), bad) << "ends before it begins";
}

}  // namespace
}  // namespace segue
