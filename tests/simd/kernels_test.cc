// SPDX-License-Identifier: Apache-2.0
//
// Every kernel table against the definition: the scalar table against naive
// code here where that is shorter than the kernel, and every other table against
// the scalar one, over all widths, counts and alignments that change a path.

#include "engine/simd/kernels.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <limits>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "tests/simd/exact.h"
#include "tests/simd/tables.h"
#include "tests/support/seeded_random.h"

namespace segue {
namespace {

class KernelsTest : public testing::TestWithParam<const Kernels*> {
 protected:
  const Kernels& kernels() const { return *GetParam(); }
};

INSTANTIATE_TEST_SUITE_P(AllTables, KernelsTest, testing::ValuesIn(Tables()),
                         [](const auto& info) { return std::string(info.param->name); });

// Packs 128 codes in lane layout by its definition, bit by bit.
void PackLanes(const uint32_t* codes, uint32_t bits, uint8_t* packed) {
  for (uint32_t i = 0; i < 128; ++i) {
    for (uint32_t bit = 0; bit < bits; ++bit) {
      const uint32_t at = (i % 16) * bits + bit;
      const uint32_t unit = at / 32, lane = i / 16;
      const bool half = 2 * unit + 1 == bits;
      const uint32_t byte = 32 * unit + (half ? 2 : 4) * lane + at % 32 / 8;
      packed[byte] |= static_cast<uint8_t>((codes[i] >> bit & 1) << (at % 8));
    }
  }
}

TEST_P(KernelsTest, UnpackLanesEveryWidth) {
  SeededRandom random(1);
  for (uint32_t bits = 0; bits <= 31; ++bits) {
    for (int round = 0; round < 20; ++round) {
      uint32_t codes[128];
      for (uint32_t& code : codes) {
        code = static_cast<uint32_t>(random.Next() & ((uint64_t{1} << bits) - 1));
        if (round == 0) code = (1u << bits) - 1;
      }
      Exact<uint8_t> packed(16 * bits, 0, 1);
      PackLanes(codes, bits, packed.data());
      Exact<uint32_t> lanes(128);
      kernels().unpack_lanes(packed.data(), bits, lanes.data());
      for (uint32_t i = 0; i < 128; ++i) {
        ASSERT_EQ(lanes[8 * (i % 16) + i / 16], codes[i]) << "bits " << bits << " element " << i;
      }
    }
  }
}

TEST_P(KernelsTest, LanesToDocsSumsModulo32Bits) {
  SeededRandom random(2);
  for (int round = 0; round < 200; ++round) {
    const uint32_t limit_bits = static_cast<uint32_t>(random.Below(33));
    const uint32_t base = random.U32();
    Exact<uint32_t> lanes(128), docs(128);
    for (int i = 0; i < 128; ++i) {
      lanes[static_cast<size_t>(i)] =
          static_cast<uint32_t>(random.Next() & ((uint64_t{1} << limit_bits) - 1));
    }
    kernels().lanes_to_docs(lanes.data(), base, docs.data());
    uint32_t sum = base;
    for (uint32_t i = 0; i < 128; ++i) {
      sum += lanes[8 * (i % 16) + i / 16];
      ASSERT_EQ(docs[i], sum + i) << i;
    }
  }
}

// A bit stream, low bits of each byte first.
void PutBits(std::vector<uint8_t>* bytes, uint64_t* bit, uint64_t value, uint32_t bits) {
  for (uint32_t i = 0; i < bits; ++i, ++*bit) {
    (*bytes)[*bit / 8] |= static_cast<uint8_t>((value >> i & 1) << (*bit % 8));
  }
}

TEST_P(KernelsTest, PatchLanes) {
  SeededRandom random(20);
  for (uint32_t high_bits = 0; high_bits <= 31; ++high_bits) {
    for (int round = 0; round < 20; ++round) {
      const uint32_t shift = static_cast<uint32_t>(random.Below(32 - high_bits));
      std::vector<uint8_t> stream(63 * 38 / 8 + 2 + 64);
      uint64_t bit = 0;
      uint32_t count = 0;
      Exact<uint32_t> lanes(128);
      uint32_t want[128];
      for (uint32_t i = 0; i < 128; ++i) want[i] = lanes[i] = random.U32() & ((1u << shift) - 1);
      for (uint32_t i = 1; i < 128 && count < 63; ++i) {
        if (!random.OneIn(5)) continue;
        const uint64_t high = random.Next() & ((uint64_t{1} << high_bits) - 1);
        PutBits(&stream, &bit, i | high << 7, 7 + high_bits);
        want[8 * (i % 16) + i / 16] += static_cast<uint32_t>(high << shift);
        ++count;
      }
      ASSERT_TRUE(kernels().patch_lanes(stream.data(), count, high_bits, shift, lanes.data()));
      for (uint32_t i = 0; i < 128; ++i) ASSERT_EQ(lanes[i], want[i]);
    }
  }
  std::vector<uint8_t> zeros(100);
  uint32_t lanes[128] = {};
  EXPECT_TRUE(kernels().patch_lanes(zeros.data(), 0, 3, 3, lanes));
  EXPECT_FALSE(kernels().patch_lanes(zeros.data(), 1, 3, 3, lanes)) << "element 0";
  zeros[0] = zeros[1] = 5;
  EXPECT_FALSE(kernels().patch_lanes(zeros.data(), 2, 1, 3, lanes)) << "the same twice";
}

TEST_P(KernelsTest, PatchFreqs) {
  SeededRandom random(21);
  for (int round = 0; round < 200; ++round) {
    const uint32_t greatest = 1u << random.Below(9);
    std::vector<uint8_t> indexes, excesses;
    Exact<uint32_t> freqs(128);
    uint32_t want[128];
    for (uint32_t i = 0; i < 128; ++i) {
      const bool exception = random.OneIn(6);
      want[i] = freqs[i] =
          exception ? greatest : static_cast<uint32_t>(random.Between(1, greatest));
      if (!exception) continue;
      indexes.push_back(static_cast<uint8_t>(i));
      excesses.push_back(static_cast<uint8_t>(random.Next()));
      want[i] += excesses.back() + 1u;
    }
    const uint32_t count = static_cast<uint32_t>(indexes.size());
    ASSERT_TRUE(
        kernels().patch_freqs(indexes.data(), excesses.data(), count, greatest, freqs.data()));
    for (uint32_t i = 0; i < 128; ++i) ASSERT_EQ(freqs[i], want[i]);
  }
  uint32_t freqs[128];
  const auto patches = [&](std::vector<uint8_t> indexes, uint32_t greatest) {
    std::fill(freqs, freqs + 128, 4);
    const std::vector<uint8_t> excesses(indexes.size(), 7);
    return kernels().patch_freqs(indexes.data(), excesses.data(),
                                 static_cast<uint32_t>(indexes.size()), greatest, freqs);
  };
  EXPECT_TRUE(patches({0, 127}, 4));
  EXPECT_FALSE(patches({0, 127}, 2)) << "not the greatest field";
  EXPECT_FALSE(patches({5, 5}, 4));
  EXPECT_FALSE(patches({6, 5}, 4));
  EXPECT_FALSE(patches({5, 128}, 4));
}

TEST_P(KernelsTest, FrequencyFields) {
  SeededRandom random(3);
  for (uint32_t bits : {1u, 2u, 4u, 8u}) {
    const uint32_t stride = 16 * bits, mask = (1u << bits) - 1;
    for (int round = 0; round < 20; ++round) {
      Exact<uint8_t> fields(stride, 64, 3);
      for (uint32_t i = 0; i < stride + 64; ++i) {
        fields[i] = round == 0 ? 0xff : static_cast<uint8_t>(random.Next());
      }
      Exact<uint32_t> freqs(128);
      kernels().unpack_fields(fields.data(), bits, freqs.data());
      uint32_t sum = 0;
      for (uint32_t i = 0; i <= 128; ++i) {
        ASSERT_EQ(kernels().sum_fields(fields.data(), bits, i), sum) << bits << " " << i;
        if (i == 128) break;
        const uint32_t field = (fields[i % stride] >> (bits * (i / stride))) & mask;
        ASSERT_EQ(freqs[i], field + 1) << bits << " " << i;
        sum += field;
      }
    }
  }
}

TEST_P(KernelsTest, SumExcesses) {
  SeededRandom random(22);
  for (uint32_t count = 0; count <= 128; ++count) {
    Exact<uint8_t> bytes(2 * count, 64);
    for (uint32_t i = 0; i < 2 * count + 64; ++i) bytes[i] = static_cast<uint8_t>(random.Next());
    for (uint32_t i = 0; i < count && count % 2 == 0; ++i) bytes[i] = static_cast<uint8_t>(i);
    for (uint32_t below = 0; below <= 128; ++below) {
      uint32_t want = 0;
      for (uint32_t i = 0; i < count; ++i) want += bytes[i] < below ? bytes[count + i] + 1 : 0;
      ASSERT_EQ(kernels().sum_excesses(bytes.data(), bytes.data() + count, count, below), want);
    }
  }
}

TEST_P(KernelsTest, FindLastAtMost) {
  SeededRandom random(6);
  for (uint32_t count = 1; count < 400; count += count < 40 ? 1 : 37) {
    Exact<uint8_t> bytes(4 * count, 64, 1);
    std::vector<uint32_t> values(count);
    uint32_t value = static_cast<uint32_t>(random.Below(5));
    for (uint32_t i = 0; i < count; ++i) {
      values[i] = value;
      value += static_cast<uint32_t>(random.Between(1, 6));
      if (i + 1 == count && random.OneIn(2)) values[i] = UINT32_MAX;
    }
    std::memcpy(bytes.data(), values.data(), 4 * count);
    for (uint32_t from = 0; from < count; from += 1 + count / 50) {
      for (uint32_t target = 0; target < value + 8; target += 1 + count / 60) {
        uint32_t want = from;
        while (want + 1 < count && values[want + 1] <= target) ++want;
        ASSERT_EQ(kernels().find_last_at_most(bytes.data(), count, from, target), want)
            << count << " from " << from << " target " << target;
      }
    }
  }
}

TEST_P(KernelsTest, FindLastAtMostStaysInRangeOnDisorder) {
  SeededRandom random(7);
  for (int round = 0; round < 2000; ++round) {
    const uint32_t count = static_cast<uint32_t>(random.Between(1, 100));
    Exact<uint8_t> bytes(4 * count, 64);
    for (uint32_t i = 0; i < 4 * count; ++i) bytes[i] = static_cast<uint8_t>(random.Next());
    const uint32_t from = static_cast<uint32_t>(random.Below(count));
    const uint32_t found = kernels().find_last_at_most(bytes.data(), count, from, random.U32());
    ASSERT_GE(found, from);
    ASSERT_LT(found, count);
  }
}

TEST_P(KernelsTest, FindInBlockFindsWhatIsThere) {
  SeededRandom random(8);
  for (int round = 0; round < 300; ++round) {
    const uint64_t spread = uint64_t{1} << (round % 18);
    const size_t filled = round % 3 == 0 ? random.Below(128) + 1 : 128;
    Exact<uint32_t> block(128);
    uint32_t value = static_cast<uint32_t>(random.Below(1000));
    for (size_t i = 0; i < 128; ++i) {
      block[i] = i < filled ? value : INT32_MAX;
      value += static_cast<uint32_t>(random.Below(spread)) + 1;
    }
    std::vector<uint32_t> wanted;
    for (uint32_t i = 0; i < 200; ++i) {
      wanted.push_back(random.OneIn(2) ? block[random.Below(filled)]
                                       : static_cast<uint32_t>(random.Below(value + 5)));
    }
    std::sort(wanted.begin(), wanted.end());
    // Else the last ones are often past the end of the block.
    if (random.OneIn(2)) wanted.resize(random.Below(wanted.size()));
    std::vector<uint32_t> indexes, places;
    for (uint32_t i = 0; i < wanted.size(); ++i) {
      const auto* at = std::find(block.data(), block.data() + 128, wanted[i]);
      if (at == block.data() + 128) continue;
      indexes.push_back(i);
      places.push_back(static_cast<uint32_t>(at - block.data()));
    }
    Exact<uint32_t> got_indexes(wanted.size()), got_places(wanted.size());
    ASSERT_EQ(kernels().find_in_block(block.data(), wanted.data(), wanted.size(),
                                      got_indexes.data(), got_places.data()),
              indexes.size());
    EXPECT_TRUE(std::equal(indexes.begin(), indexes.end(), got_indexes.data()));
    EXPECT_TRUE(std::equal(places.begin(), places.end(), got_places.data()));
  }
}

std::vector<uint64_t> RandomWords(SeededRandom* random, size_t count, int kind) {
  std::vector<uint64_t> words(count);
  for (uint64_t& word : words) {
    switch (kind % 4) {
      case 0:
        word = random->Next();
        break;
      case 1:
        word = random->Next() & random->Next() & random->Next() & random->Next();
        break;
      case 2:
        word = random->Next() | random->Next() | random->Next();
        break;
      default:
        word = random->OneIn(3) ? ~uint64_t{0} : random->OneIn(2) ? 0 : 1 | uint64_t{1} << 63;
    }
  }
  return words;
}

TEST_P(KernelsTest, WordOperations) {
  SeededRandom random(9);
  for (size_t count = 0; count < 70; ++count) {
    const std::vector<uint64_t> a = RandomWords(&random, count, static_cast<int>(count));
    const std::vector<uint64_t> b = RandomWords(&random, count, static_cast<int>(count / 4));
    std::vector<uint64_t> both(count), either(count);
    for (size_t i = 0; i < count; ++i) {
      both[i] = a[i] & b[i];
      either[i] = a[i] | b[i];
    }
    std::vector<uint64_t> out(count);
    kernels().and_words(out.data(), a.data(), b.data(), count);
    EXPECT_EQ(out, both);
    kernels().or_words(out.data(), a.data(), b.data(), count);
    EXPECT_EQ(out, either);
    out = a;
    kernels().and_words(out.data(), out.data(), b.data(), count);
    EXPECT_EQ(out, both);
    const Kernels& scalar = *ScalarKernels();
    EXPECT_EQ(kernels().count_words(a.data(), count), scalar.count_words(a.data(), count));
    EXPECT_EQ(kernels().count_and(a.data(), b.data(), count),
              scalar.count_words(both.data(), count));
  }
}

TEST_P(KernelsTest, BitsAndRanks) {
  SeededRandom random(10);
  for (int round = 0; round < 60; ++round) {
    const size_t count = 8 * random.Between(1, 20);
    const std::vector<uint64_t> words = RandomWords(&random, count, round);
    const uint32_t base = round % 2 == 0 ? 0 : 4096 * static_cast<uint32_t>(round);
    std::vector<uint32_t> bits, ranks(count / 8);
    for (uint32_t bit = 0; bit < 64 * count; ++bit) {
      if (bit % 512 == 0) ranks[bit / 512] = static_cast<uint32_t>(bits.size());
      if (words[bit / 64] >> (bit % 64) & 1) bits.push_back(bit);
    }

    Exact<uint32_t> docs(bits.size() + 16);
    ASSERT_EQ(kernels().bits_to_docs(words.data(), count, base, docs.data()), bits.size());
    for (size_t i = 0; i < bits.size(); ++i) ASSERT_EQ(docs[i], base + bits[i]);

    std::vector<uint64_t> rebuilt(count);
    kernels().set_bits(rebuilt.data(), base, docs.data(), bits.size());
    EXPECT_EQ(rebuilt, words);

    const auto* rank_bytes = reinterpret_cast<const uint8_t*>(ranks.data());
    std::vector<uint32_t> asked, want_ranks;
    for (uint32_t doc = 0; doc < 64 * count; doc += 1 + static_cast<uint32_t>(random.Below(40))) {
      const auto place = std::lower_bound(bits.begin(), bits.end(), doc);
      asked.push_back(doc);
      want_ranks.push_back(static_cast<uint32_t>(place - bits.begin()));
      ASSERT_EQ(kernels().rank(words.data(), rank_bytes, doc), want_ranks.back());
    }
    std::vector<uint32_t> got_ranks(asked.size());
    kernels().ranks(words.data(), rank_bytes, asked.data(), asked.size(), got_ranks.data());
    EXPECT_EQ(got_ranks, want_ranks);

    for (int query = 0; query < 20; ++query) {
      const uint64_t from = random.Below(64 * count + 64);
      const uint32_t wanted = static_cast<uint32_t>(random.Below(129));
      Exact<uint32_t> first(wanted);
      const auto place = std::lower_bound(bits.begin(), bits.end(), from);
      const size_t left = static_cast<size_t>(bits.end() - place);
      const size_t want = left < wanted ? left : wanted;
      ASSERT_EQ(kernels().first_bits(words.data(), count, from, wanted, first.data()), want);
      for (size_t i = 0; i < want; ++i) ASSERT_EQ(first[i], place[static_cast<ptrdiff_t>(i)]);
    }
  }
}

TEST_P(KernelsTest, BitFilters) {
  SeededRandom random(11);
  for (int round = 0; round < 100; ++round) {
    const std::vector<uint64_t> words = RandomWords(&random, 16, round);
    std::vector<uint32_t> docs;
    for (uint32_t doc = 0; doc < 1024; ++doc) {
      if (random.OneIn(1 + static_cast<uint64_t>(round) % 9)) docs.push_back(doc);
    }
    std::vector<uint32_t> set, indexes;
    for (size_t i = 0; i < docs.size(); ++i) {
      if ((words[docs[i] / 64] >> (docs[i] % 64) & 1) == 0) continue;
      set.push_back(docs[i]);
      indexes.push_back(static_cast<uint32_t>(i));
    }
    Exact<uint32_t> got_indexes(docs.size()), got(docs.size());
    ASSERT_EQ(kernels().select_set(words.data(), docs.data(), docs.size(), got_indexes.data(),
                                   got.data()),
              set.size());
    EXPECT_TRUE(std::equal(set.begin(), set.end(), got.data()));
    EXPECT_TRUE(std::equal(indexes.begin(), indexes.end(), got_indexes.data()));

    // The same with the documents as bits, and the ranks of those that are set.
    std::vector<uint64_t> mask(words.size());
    kernels().set_bits(mask.data(), 0, docs.data(), docs.size());
    const std::vector<uint32_t> before = {7, 100000};
    const auto* before_bytes = reinterpret_cast<const uint8_t*>(before.data());
    std::vector<uint32_t> ranks(set.size());
    kernels().ranks(words.data(), before_bytes, set.data(), set.size(), ranks.data());
    Exact<uint32_t> rows(set.size() + 8), selected(set.size() + 8), got_ranks(set.size() + 8);
    ASSERT_EQ(kernels().select_ranked(words.data(), before_bytes, mask.data(), 2, rows.data(),
                                      selected.data(), got_ranks.data()),
              set.size());
    EXPECT_TRUE(std::equal(indexes.begin(), indexes.end(), rows.data()));
    EXPECT_TRUE(std::equal(set.begin(), set.end(), selected.data()));
    EXPECT_TRUE(std::equal(ranks.begin(), ranks.end(), got_ranks.data()));
  }
}

TEST_P(KernelsTest, ScoresHaveTheScalarBits) {
  SeededRandom random(14);
  std::vector<uint8_t> norms(5000);
  for (uint8_t& norm : norms) norm = static_cast<uint8_t>(random.Next());
  std::vector<float> scale(256);
  for (float& c : scale) c = static_cast<float>(random.Between(1, 100000)) / 3e4f;
  for (size_t count : {0u, 1u, 7u, 8u, 9u, 127u, 128u, 129u, 300u}) {
    std::vector<uint32_t> docs(count), freqs(count);
    for (size_t i = 0; i < count; ++i) {
      docs[i] = static_cast<uint32_t>(random.Below(norms.size()));
      freqs[i] = 1 + (random.U32() >> random.Below(32));
      if (i % 50 == 3) freqs[i] = UINT32_MAX - static_cast<uint32_t>(i);
    }
    const float weight = 0.1f + static_cast<float>(random.Below(1000)) / 37.0f;
    for (const bool with_freqs : {true, false}) {
      for (const bool with_norms : {true, false}) {
        std::vector<float> got(count), want(count);
        const uint32_t* f = with_freqs ? freqs.data() : nullptr;
        const uint8_t* n = with_norms ? norms.data() : nullptr;
        kernels().score_bm25(docs.data(), f, count, n, scale.data(), weight, got.data());
        ScalarKernels()->score_bm25(docs.data(), f, count, n, scale.data(), weight, want.data());
        for (size_t i = 0; i < count; ++i) {
          ASSERT_EQ(std::bit_cast<uint32_t>(got[i]), std::bit_cast<uint32_t>(want[i]));
        }
      }
    }
  }
}

TEST_P(KernelsTest, FloatFilters) {
  SeededRandom random(15);
  for (size_t count = 0; count < 70; ++count) {
    std::vector<float> values(count);
    for (float& v : values) v = static_cast<float>(random.Below(5));
    if (count > 3) values[3] = std::numeric_limits<float>::quiet_NaN();
    for (float threshold : {-1.0f, 0.0f, 2.0f, 5.0f}) {
      std::vector<uint32_t> above, at_least;
      for (size_t i = 0; i < count; ++i) {
        if (values[i] > threshold) above.push_back(static_cast<uint32_t>(i));
        if (values[i] >= threshold) at_least.push_back(static_cast<uint32_t>(i));
      }
      Exact<uint32_t> out(count + 16);
      ASSERT_EQ(kernels().filter_greater(values.data(), count, threshold, out.data()),
                above.size());
      for (size_t i = 0; i < above.size(); ++i) ASSERT_EQ(out[i], above[i]);
      ASSERT_EQ(kernels().filter_at_least(values.data(), count, threshold, out.data()),
                at_least.size());
      for (size_t i = 0; i < at_least.size(); ++i) ASSERT_EQ(out[i], at_least[i]);
    }
  }
}

TEST_P(KernelsTest, ReachesHaveTheScalarBits) {
  SeededRandom random(16);
  for (size_t count = 0; count < 40; ++count) {
    std::vector<double> sums(count);
    std::vector<int32_t> rests(count);
    for (size_t i = 0; i < count; ++i) {
      sums[i] = static_cast<double>(random.Below(uint64_t{1} << 50)) * 0x1p-44;
      rests[i] = random.OneIn(5) ? 1 << 30 : static_cast<int32_t>(random.Below(300)) - 20;
      if (random.OneIn(9)) rests[i] = 0;  // times infinity: not a number
    }
    for (const double unit : {0.0037, 0.5, std::numeric_limits<double>::infinity()}) {
      const double most = static_cast<double>(random.Below(4000)) / 64, margin = 1 + 0x1p-40;
      std::vector<float> want(count), got(count);
      for (size_t i = 0; i < count; ++i) {
        const double rest = rests[i] * unit;
        want[i] = static_cast<float>((sums[i] + (rest < most ? rest : most)) * margin);
      }
      kernels().reaches(sums.data(), rests.data(), unit, most, margin, count, got.data());
      EXPECT_TRUE(count == 0 || std::memcmp(got.data(), want.data(), count * sizeof(float)) == 0);
    }
  }
}

// So that a test run for such a CPU cannot pass without the table.
TEST(KernelSelectionTest, NeonIsThereOnAarch64) {
#if defined(__aarch64__)
  constexpr bool kAarch64 = true;
#else
  constexpr bool kAarch64 = false;
#endif
  EXPECT_EQ(NeonKernels() != nullptr, kAarch64);
}

TEST(KernelSelectionTest, WishesFallBackToTheBestBelow) {
  EXPECT_EQ(SelectKernels("scalar"), ScalarKernels());
  const Kernels* neon = NeonKernels() != nullptr ? NeonKernels() : ScalarKernels();
  EXPECT_EQ(SelectKernels("neon"), neon);
  const Kernels* avx2 = Avx2Kernels() != nullptr ? Avx2Kernels() : neon;
  EXPECT_EQ(SelectKernels("avx2"), avx2);
  const Kernels* best = Avx512Kernels() != nullptr ? Avx512Kernels() : avx2;
  EXPECT_EQ(SelectKernels("avx512"), best);
  EXPECT_EQ(SelectKernels(""), best);
  EXPECT_EQ(SelectKernels("no such table"), best);
}

}  // namespace
}  // namespace segue
