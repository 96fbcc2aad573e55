// SPDX-License-Identifier: Apache-2.0
//
// Kernels over bitmaps against a loop over their bits: each length from none to more than any
// vector takes at once, at every alignment, with nothing written past what the header allows.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

#include "engine/simd/kernels.h"
#include "tests/simd/exact.h"
#include "tests/simd/guarded.h"
#include "tests/simd/tables.h"
#include "tests/support/seeded_random.h"

namespace segue {
namespace {

using Words = std::vector<uint64_t>;

class WordKernelsTest : public testing::TestWithParam<const Kernels*> {
 protected:
  const Kernels& kernels() const { return *GetParam(); }
};

INSTANTIATE_TEST_SUITE_P(AllTables, WordKernelsTest, testing::ValuesIn(Tables()),
                         [](const auto& info) { return std::string(info.param->name); });

constexpr size_t kMostWords = 67;

// Full words, empty ones and those between.
Words RandomWords(SeededRandom* random, size_t count) {
  Words words(count);
  for (uint64_t& word : words) {
    const uint64_t kind = random->Below(4);
    word = kind == 0 ? 0 : kind == 1 ? ~uint64_t{0} : random->Next() & random->Next();
    if (kind == 2) word |= random->Next();
  }
  return words;
}

bool IsSet(const Words& words, uint64_t bit) { return (words[bit / 64] >> (bit % 64) & 1) != 0; }

std::vector<uint32_t> BitsOf(const Words& words) {
  std::vector<uint32_t> bits;
  for (uint32_t bit = 0; bit < 64 * words.size(); ++bit) {
    if (IsSet(words, bit)) bits.push_back(bit);
  }
  return bits;
}

// The bits before each group of eight words.
std::vector<uint32_t> RanksOf(const Words& words) {
  std::vector<uint32_t> ranks;
  for (size_t w = 0; w < words.size(); w += 8) {
    const auto bits = BitsOf(Words(words.begin(), words.begin() + static_cast<ptrdiff_t>(w)));
    ranks.push_back(static_cast<uint32_t>(bits.size()));
  }
  return ranks;
}

// A copy that ends with its bytes, at another alignment each time.
Exact<uint8_t> BytesOf(const std::vector<uint32_t>& values, size_t misaligned) {
  Exact<uint8_t> bytes(4 * values.size(), 0, misaligned);
  if (!values.empty()) std::memcpy(bytes.data(), values.data(), 4 * values.size());
  return bytes;
}

TEST_P(WordKernelsTest, AndOrAndCounts) {
  SeededRandom random(401);
  for (size_t count = 0; count <= kMostWords; ++count) {
    const Words a = RandomWords(&random, count), b = RandomWords(&random, count);
    Words both(count), any(count);
    for (size_t i = 0; i < count; ++i) {
      both[i] = a[i] & b[i];
      any[i] = a[i] | b[i];
    }
    for (size_t misaligned = 0; misaligned < 8; ++misaligned) {
      Guarded<uint64_t> in_a(count, 0, misaligned), in_b(count, 0, 7 - misaligned);
      Guarded<uint64_t> out(count, 0, misaligned / 2);
      in_a.Fill(a);
      in_b.Fill(b);
      ASSERT_EQ(kernels().count_words(in_a.data(), count), BitsOf(a).size());
      ASSERT_EQ(kernels().count_and(in_a.data(), in_b.data(), count), BitsOf(both).size());
      kernels().and_words(out.data(), in_a.data(), in_b.data(), count);
      ASSERT_EQ(out.First(count), both);
      kernels().or_words(out.data(), in_a.data(), in_b.data(), count);
      ASSERT_EQ(out.First(count), any);
      ASSERT_TRUE(out.IsIntact());
      // The output may be one of the inputs.
      kernels().or_words(in_a.data(), in_a.data(), in_b.data(), count);
      ASSERT_EQ(in_a.First(count), any);
      kernels().and_words(in_b.data(), in_a.data(), in_b.data(), count);
      ASSERT_EQ(in_b.First(count), b);
      ASSERT_TRUE(in_a.IsIntact() && in_b.IsIntact());
    }
  }
}

TEST_P(WordKernelsTest, GroupsAreCountedAndNarrowed) {
  SeededRandom random(402);
  for (size_t groups = 0; groups <= 130; ++groups) {
    const Words words = RandomWords(&random, 8 * groups), other = RandomWords(&random, 8 * groups);
    Words chosen((groups + 63) / 64);
    for (size_t g = 0; g < groups; ++g) {
      if (random.OneIn(2)) chosen[g / 64] |= uint64_t{1} << (g % 64);
    }
    const size_t misaligned = groups % 8;
    Guarded<uint32_t> counts(groups, 0, misaligned);
    kernels().count_groups(words.data(), groups, counts.data());
    for (size_t g = 0; g < groups; ++g) {
      const auto first = words.begin() + static_cast<ptrdiff_t>(8 * g);
      ASSERT_EQ(counts[g], BitsOf(Words(first, first + 8)).size());
    }
    ASSERT_TRUE(counts.IsIntact());
    for (const bool without : {false, true}) {
      Guarded<uint64_t> got(words.size(), 0, misaligned), bits(chosen.size(), 0, misaligned);
      got.Fill(words);
      bits.Fill(chosen);
      Words want = words, left(chosen.size());
      for (size_t w = 0; w < words.size(); ++w) {
        if (!IsSet(chosen, w / 8)) continue;
        want[w] &= without ? ~other[w] : other[w];
        if (want[w] != 0) left[w / 8 / 64] |= uint64_t{1} << (w / 8 % 64);
      }
      const auto narrow = without ? kernels().and_not_groups : kernels().and_groups;
      narrow(got.data(), other.data(), groups, bits.data());
      ASSERT_EQ(got.First(words.size()), want);
      ASSERT_EQ(bits.First(chosen.size()), left);
      ASSERT_TRUE(got.IsIntact() && bits.IsIntact());
    }
  }
}

TEST_P(WordKernelsTest, BitsBecomeNumbersAndNumbersBits) {
  SeededRandom random(403);
  for (size_t count = 0; count <= kMostWords; ++count) {
    const Words words = RandomWords(&random, count);
    const std::vector<uint32_t> bits = BitsOf(words);
    const auto base = static_cast<uint32_t>(random.Below(uint64_t{1} << 31));
    Guarded<uint32_t> docs(bits.size(), 16, count % 16);
    ASSERT_EQ(kernels().bits_to_docs(words.data(), count, base, docs.data()), bits.size());
    for (size_t i = 0; i < bits.size(); ++i) ASSERT_EQ(docs[i], base + bits[i]);
    ASSERT_TRUE(docs.IsIntact());

    // Back again, onto bits that are there already.
    Guarded<uint64_t> again(count, 0, count % 8);
    const Words before = RandomWords(&random, count);
    again.Fill(before);
    kernels().set_bits(again.data(), base, docs.data(), bits.size());
    for (size_t w = 0; w < count; ++w) ASSERT_EQ(again[w], words[w] | before[w]);
    ASSERT_TRUE(again.IsIntact());

    for (int i = 0; i < 8; ++i) {
      const uint64_t from = random.Below(64 * count + 1);
      const auto wanted = static_cast<uint32_t>(random.Below(129));
      std::vector<uint32_t> want;
      for (const uint32_t bit : bits) {
        if (bit >= from && want.size() < wanted) want.push_back(bit);
      }
      Guarded<uint32_t> first(wanted, 0, count % 16);
      ASSERT_EQ(kernels().first_bits(words.data(), count, from, wanted, first.data()), want.size());
      ASSERT_EQ(first.First(want.size()), want);
      ASSERT_TRUE(first.IsIntact());
    }
  }
}

TEST_P(WordKernelsTest, RanksCountTheBitsBefore) {
  SeededRandom random(404);
  for (size_t groups = 1; groups <= 20; ++groups) {
    const Words words = RandomWords(&random, 8 * groups);
    const std::vector<uint32_t> bits = BitsOf(words);
    Exact<uint8_t> ranks = BytesOf(RanksOf(words), groups % 4);
    const size_t count = groups == 1 ? 0 : random.Below(131);
    std::vector<uint32_t> docs, want;
    for (size_t i = 0; i < count; ++i)
      docs.push_back(static_cast<uint32_t>(random.Below(512 * groups)));
    for (const uint32_t doc : docs) {
      want.push_back(
          static_cast<uint32_t>(std::lower_bound(bits.begin(), bits.end(), doc) - bits.begin()));
      ASSERT_EQ(kernels().rank(words.data(), ranks.data(), doc), want.back());
    }
    Guarded<uint32_t> out(count, 0, groups % 16);
    kernels().ranks(words.data(), ranks.data(), docs.data(), count, out.data());
    ASSERT_EQ(out.First(count), want);
    ASSERT_TRUE(out.IsIntact());
  }
}

TEST_P(WordKernelsTest, SelectsWhatIsSetInBoth) {
  SeededRandom random(405);
  for (size_t count = 0; count <= 130; ++count) {
    const size_t groups = count % 17;
    const Words words = RandomWords(&random, 8 * groups), mask = RandomWords(&random, 8 * groups);
    // Of the bits of a mask.
    const std::vector<uint32_t> bits = BitsOf(words), of_mask = BitsOf(mask);
    std::vector<uint32_t> indexes, selected, ranks;
    for (uint32_t i = 0; i < of_mask.size(); ++i) {
      const auto at = std::lower_bound(bits.begin(), bits.end(), of_mask[i]);
      if (at == bits.end() || *at != of_mask[i]) continue;
      indexes.push_back(i);
      selected.push_back(of_mask[i]);
      ranks.push_back(static_cast<uint32_t>(at - bits.begin()));
    }
    const size_t found = indexes.size();
    Exact<uint8_t> before = BytesOf(RanksOf(words), count % 4);
    Guarded<uint32_t> got_indexes(found, 8, count % 16), got(found, 8), got_ranks(found, 8, 3);
    ASSERT_EQ(kernels().select_ranked(words.data(), before.data(), mask.data(), groups,
                                      got_indexes.data(), got.data(), got_ranks.data()),
              found);
    ASSERT_EQ(got_indexes.First(found), indexes);
    ASSERT_EQ(got.First(found), selected);
    ASSERT_EQ(got_ranks.First(found), ranks);
    ASSERT_TRUE(got_indexes.IsIntact() && got.IsIntact() && got_ranks.IsIntact());
    if (groups == 0) continue;
    // Of any numbers.
    std::vector<uint32_t> docs;
    indexes.clear();
    selected.clear();
    for (uint32_t i = 0; i < count; ++i) {
      docs.push_back(static_cast<uint32_t>(random.Below(512 * groups)));
      if (!IsSet(words, docs.back())) continue;
      indexes.push_back(i);
      selected.push_back(docs.back());
    }
    Guarded<uint32_t> rows(count, 0, count % 16), set(count, 0, 15 - count % 16);
    ASSERT_EQ(kernels().select_set(words.data(), docs.data(), count, rows.data(), set.data()),
              indexes.size());
    ASSERT_EQ(rows.First(indexes.size()), indexes);
    ASSERT_EQ(set.First(indexes.size()), selected);
    ASSERT_TRUE(rows.IsIntact() && set.IsIntact());
  }
}

}  // namespace
}  // namespace segue
