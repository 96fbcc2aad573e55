// SPDX-License-Identifier: Apache-2.0
//
// What MergePolicy promises, over tables of segments of all sizes: limits that no merge passes, an
// end of asking, and the answers of searches that try everything.
#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "engine/base/limits.h"
#include "engine/base/strings.h"
#include "engine/write/merge_policy.h"
#include "tests/support/seeded_random.h"

namespace segue {
namespace {

using Segments = std::vector<SegmentSize>;

uint64_t LiveDocs(const SegmentSize& segment) { return segment.doc_count - segment.deleted_count; }

// As much of the bytes as of the documents is live.
double LiveBytes(const SegmentSize& segment) {
  if (segment.doc_count == 0) return 0;
  return static_cast<double>(segment.bytes) * static_cast<double>(LiveDocs(segment)) /
         segment.doc_count;
}

double DeletedShare(const SegmentSize& segment) {
  return segment.doc_count == 0 ? 0 : double{1} * segment.deleted_count / segment.doc_count;
}

std::string Described(const Segments& segments) {
  std::string all;
  for (const SegmentSize& segment : segments) {
    CatTo(&all, segment.bytes, "/", segment.doc_count, "-", segment.deleted_count, " ");
  }
  return all;
}

SegmentSize RandomSegment(SeededRandom* random) {
  SegmentSize segment;
  segment.bytes = random->Next() >> random->Between(24, 63);  // up to a terabyte, mostly small
  segment.doc_count = static_cast<uint32_t>(random->Between(1, uint64_t{1} << random->Below(22)));
  switch (random->Below(4)) {
    case 0:
      segment.deleted_count = static_cast<uint32_t>(random->Below(segment.doc_count + uint64_t{1}));
      break;
    case 1:
      segment.deleted_count = segment.doc_count / 4;
      break;
    default:
      break;
  }
  return segment;
}

Segments RandomSegments(SeededRandom* random, uint64_t most) {
  Segments segments;
  for (uint64_t left = random->Below(most + 1); left > 0; --left) {
    segments.push_back(RandomSegment(random));
  }
  return segments;
}

MergePolicyOptions RandomOptions(SeededRandom* random) {
  MergePolicyOptions options;
  if (random->OneIn(2)) return options;
  options.max_width = static_cast<uint32_t>(random->Between(2, 12));
  options.segments_per_tier = static_cast<uint32_t>(random->Between(1, 10));
  options.floor_bytes = uint64_t{1} << random->Between(10, 24);
  options.max_merged_bytes = uint64_t{1} << random->Between(20, 40);
  options.max_deleted_share = static_cast<double>(random->Below(10)) / 10;
  return options;
}

SegmentSize Merged(const Segments& segments, MergeRange range) {
  SegmentSize merged;
  double bytes = 0;
  for (size_t i = range.begin; i < range.end; ++i) {
    merged.doc_count += static_cast<uint32_t>(LiveDocs(segments[i]));
    bytes += LiveBytes(segments[i]);
  }
  merged.bytes = static_cast<uint64_t>(bytes);
  return merged;
}

void Apply(Segments* segments, MergeRange range) {
  const SegmentSize merged = Merged(*segments, range);
  const auto first = segments->begin() + static_cast<ptrdiff_t>(range.begin);
  segments->erase(first, segments->begin() + static_cast<ptrdiff_t>(range.end));
  if (merged.doc_count == 0) return;
  segments->insert(segments->begin() + static_cast<ptrdiff_t>(range.begin), merged);
}

void ExpectAllowed(const Segments& segments, MergeRange range, const MergePolicyOptions& options) {
  ASSERT_LT(range.begin, range.end) << Described(segments);
  ASSERT_LE(range.end, segments.size()) << Described(segments);
  if (range.end - range.begin == 1) {
    const SegmentSize& alone = segments[range.begin];
    EXPECT_GT(DeletedShare(alone), options.max_deleted_share) << Described(segments);
    EXPECT_GT(LiveDocs(alone), 0u) << "nothing would be written";
    return;
  }
  EXPECT_LE(range.end - range.begin, options.max_width) << Described(segments);
  uint64_t docs = 0;
  double bytes = 0;
  for (size_t i = range.begin; i < range.end; ++i) {
    docs += LiveDocs(segments[i]);
    bytes += LiveBytes(segments[i]);
  }
  EXPECT_LE(docs, kMaxDocsInSegment) << Described(segments);
  EXPECT_LE(bytes, static_cast<double>(options.max_merged_bytes) + 16) << Described(segments);
}

TEST(MergeInvariants, NoMergePassesALimitAndAskingComesToAnEnd) {
  SeededRandom random(811);
  size_t merges = 0;
  for (int round = 0; round < 400; ++round) {
    Segments segments = RandomSegments(&random, 60);
    const MergePolicyOptions options = RandomOptions(&random);
    const size_t most = 2 * segments.size() + 2;
    for (size_t asked = 0;; ++asked) {
      const auto range = PickMerge(segments, options);
      EXPECT_EQ(PickMerge(segments, options), range) << "the same answer every time";
      if (!range) break;
      ASSERT_LT(asked, most) << "no end: " << Described(segments);
      ExpectAllowed(segments, *range, options);
      if (HasFailure()) return;
      Apply(&segments, *range);
      ++merges;
    }
    // Then an index holds at most 1 / (1 - share) times its live documents.
    for (const SegmentSize& segment : segments) {
      EXPECT_TRUE(DeletedShare(segment) <= options.max_deleted_share || LiveDocs(segment) == 0)
          << Described(segments);
    }
  }
  EXPECT_GT(merges, 1000u);
}

// Sizes do not matter where all count as the smallest one: so many are left as the classes allow.
TEST(MergeInvariants, TinySegmentsAreMergedDownToWhatTheClassesAllow) {
  for (const uint32_t per_tier : {1u, 4u, 8u}) {
    for (const uint32_t width : {2u, 5u, 10u}) {
      MergePolicyOptions options;
      options.segments_per_tier = per_tier;
      options.max_width = width;
      Segments segments(500, SegmentSize{.bytes = 1000, .doc_count = 10});
      while (const auto range = PickMerge(segments, options)) Apply(&segments, *range);
      // 500 tiny ones have half a million bytes, which is less than the floor of one segment: the
      // first class, and what is left of the bytes counts as one of the next.
      EXPECT_LE(segments.size(), per_tier + 1) << per_tier << " " << width;
    }
  }
}

// Documents keep their order: a merge is of neighbours, and what is not in it stays.
TEST(MergeInvariants, FlushAfterFlushTheNumberStaysLogarithmic) {
  SeededRandom random(812);
  const MergePolicyOptions options;
  Segments segments;
  uint64_t docs = 0;
  for (int flush = 0; flush < 1500; ++flush) {
    const auto fresh = static_cast<uint32_t>(random.Between(1, 5000));
    segments.push_back({.bytes = fresh * uint64_t{1000}, .doc_count = fresh});
    docs += fresh;
    while (const auto range = PickMerge(segments, options)) Apply(&segments, *range);
    uint64_t now = 0;
    for (const SegmentSize& segment : segments) now += LiveDocs(segment);
    ASSERT_EQ(now, docs) << "a document is lost";
    ASSERT_FALSE(IsBehind(segments, options)) << "after all merges nothing is behind";
    ASSERT_LE(segments.size(), 40u);
  }
}

TEST(MergeInvariants, BehindIsByNumberOrByDeletions) {
  const MergePolicyOptions options;
  const uint64_t floor = options.floor_bytes;
  // n segments of the floor's size: 8 are allowed of the first class, and of those ten times as
  // large as many as the bytes that are left fill.
  const auto allowed = [&](size_t n) {
    return n <= options.segments_per_tier
               ? n
               : options.segments_per_tier +
                     (n - options.segments_per_tier + options.max_width - 1) / options.max_width;
  };
  for (size_t n = 1; n <= 80; ++n) {
    const Segments segments(n, SegmentSize{.bytes = floor, .doc_count = 100});
    EXPECT_EQ(IsBehind(segments, options), n > 3 * allowed(n)) << n;
  }
  // One segment: deleted bytes against the live ones, and against the floor.
  for (const uint32_t deleted : {0u, 499u, 500u, 501u, 1000u}) {
    const Segments large = {{.bytes = 100 * floor, .doc_count = 1000, .deleted_count = deleted}};
    EXPECT_EQ(IsBehind(large, options), deleted > 500) << deleted;
    const Segments small = {{.bytes = floor, .doc_count = 1000, .deleted_count = deleted}};
    EXPECT_FALSE(IsBehind(small, options)) << deleted;
  }
}

TEST(MergeInvariants, ForcedMergesAreTheCheapestOfAllRuns) {
  SeededRandom random(813);
  for (int round = 0; round < 500; ++round) {
    const Segments segments = RandomSegments(&random, 12);
    const size_t most = random.Below(14);  // 0 counts as 1
    const size_t left = std::max<size_t>(most, 1);
    const auto range = PickForcedMerge(segments, most);
    if (segments.size() <= left) {
      const bool rewrites = left == 1 && segments.size() == 1 && segments[0].deleted_count > 0;
      EXPECT_EQ(range, rewrites ? std::optional(MergeRange{0, 1}) : std::nullopt);
      continue;
    }
    ASSERT_TRUE(range.has_value());
    // What is left is as many as was asked.
    EXPECT_EQ(segments.size() - (range->end - range->begin) + 1, left);
    const auto cost = [&](MergeRange run) {
      double bytes = 0;
      for (size_t i = run.begin; i < run.end; ++i) bytes += LiveBytes(segments[i]);
      return bytes;
    };
    const size_t width = range->end - range->begin;
    for (size_t begin = 0; begin + width <= segments.size(); ++begin) {
      // But for what is rounded off each of them.
      EXPECT_LE(cost(*range), cost({begin, begin + width}) + 16) << Described(segments);
    }
  }
}

TEST(MergeInvariants, OneAfterTheOtherForcedMergesLeaveOne) {
  SeededRandom random(814);
  for (int round = 0; round < 50; ++round) {
    Segments segments = RandomSegments(&random, 20);
    for (size_t left = segments.size(); left > 1; --left) {
      while (const auto range = PickForcedMerge(segments, left - 1)) {
        Apply(&segments, *range);
        if (segments.size() <= left - 1) break;
      }
      ASSERT_LE(segments.size(), left - 1);
    }
    if (const auto last = PickForcedMerge(segments, 1)) Apply(&segments, *last);
    EXPECT_EQ(PickForcedMerge(segments, 1), std::nullopt) << "and none is left to do";
  }
}

// Segments without documents, and numbers at the ends of their types.
TEST(MergeInvariants, EdgesOfSizes) {
  const Segments empty(30, SegmentSize{});
  for (const MergePolicyOptions& options :
       {MergePolicyOptions{}, MergePolicyOptions{.floor_bytes = 1}}) {
    if (const auto range = PickMerge(empty, options)) ExpectAllowed(empty, *range, options);
    EXPECT_FALSE(PickForcedMerge({}, 0).has_value());
    EXPECT_FALSE(IsBehind(Segments(1, SegmentSize{}), options));
  }
  const Segments huge(30, SegmentSize{.bytes = uint64_t{1} << 50, .doc_count = kMaxDocsInSegment});
  EXPECT_EQ(PickMerge(huge, {}), std::nullopt);
  EXPECT_EQ(PickForcedMerge(huge, 29), (MergeRange{0, 2}));
  // Two that just fit one segment, and two that do not.
  const uint32_t half = kMaxDocsInSegment / 2;
  Segments two(40, SegmentSize{.bytes = 1, .doc_count = half});
  const auto range = PickMerge(two, {});
  ASSERT_TRUE(range.has_value());
  EXPECT_EQ(range->end - range->begin, 2u);
  for (SegmentSize& segment : two) segment.doc_count = half + 1;
  EXPECT_EQ(PickMerge(two, {}), std::nullopt);
}

}  // namespace
}  // namespace segue
