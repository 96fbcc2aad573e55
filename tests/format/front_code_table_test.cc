// SPDX-License-Identifier: Apache-2.0
#include "engine/format/front_code_table.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <bitset>
#include <initializer_list>
#include <set>
#include <string>
#include <vector>

#include "engine/io/section.h"
#include "tests/support/seeded_random.h"

namespace segue {
namespace {

// Terms of a few letters, up to `most_bytes` long.
std::vector<std::string> SortedTerms(SeededRandom* random, size_t count, size_t most_bytes) {
  std::set<std::string> terms;
  for (int tries = 0; terms.size() < count && tries < 1000; ++tries) {
    std::string term;
    for (uint64_t i = random->Below(most_bytes + 1); i > 0; --i) {
      term += static_cast<char>('a' + random->Below(random->OneIn(3) ? 26 : 2));
    }
    terms.insert(std::move(term));
  }
  return {terms.begin(), terms.end()};
}

std::string BlockOf(const std::vector<std::string>& terms) {
  DictionaryBlockBuilder builder;
  for (const std::string& term : terms) {
    builder.Add(term, {.doc_freq = 1, .total_freq = 1, .single_doc = 1});
  }
  std::string bytes;
  builder.Finish(&bytes);
  return bytes;
}

size_t SharedBytes(const std::string& a, const std::string& b) {
  return static_cast<size_t>(std::mismatch(a.begin(), a.end(), b.begin(), b.end()).first -
                             a.begin());
}

// For sets of none, all and one of the ASCII characters.
void CheckSharing(const std::vector<std::string>& terms, const FrontCodeTable& table) {
  std::array<uint8_t, 16> none = {}, all, b = {};
  all.fill(0xff);
  b['b' % 16] = 1u << ('b' / 16);
  for (const size_t most :
       std::initializer_list<size_t>{0, 1, 2, 3, 5, 13, 14, 15, 200, SIZE_MAX}) {
    for (const auto& set : {none, all, b}) {
      uint32_t sharing = 0, going_on = 0;
      for (uint32_t i = 1; i < terms.size(); ++i) {
        const size_t shared = SharedBytes(terms[i - 1], terms[i]);
        const bool is_in = set == all || (set == b && terms[i][shared] == 'b');
        const uint32_t bit = uint32_t{1} << (i - 1);
        if (shared <= most) sharing |= bit;
        if (shared < most || (shared == most && !is_in)) going_on |= bit;
      }
      const FrontCodeTable::Terms found = table.SharingAtMost(most, set.data());
      ASSERT_EQ(found.sharing, sharing) << most;
      ASSERT_EQ(found.going_on, going_on) << most;
    }
  }
}

bool MayEnd(const TermEnds& ends, const std::string& bytes) {
  for (size_t i = 0; i < std::min(bytes.size(), TermEnds::kBytes); ++i) {
    if (!ends.Has(i, static_cast<uint8_t>(bytes[bytes.size() - 1 - i]))) return false;
  }
  return true;
}

// What the rest of a term tells, and if there is none, the byte before it.
void CheckEnds(const std::vector<std::string>& terms, const FrontCodeTable& table,
               SeededRandom* random) {
  std::array<std::bitset<128>, TermEnds::kBytes> ascii;
  for (auto& set : ascii) {
    for (const char c : {'a', 'b', 'c', 'd'}) set[static_cast<size_t>(c)] = random->OneIn(2);
  }
  const TermEnds ends(ascii);
  for (uint32_t from = 1; from < terms.size(); ++from) {
    uint32_t wanted = from;
    for (; wanted < terms.size(); ++wanted) {
      const size_t rest = SharedBytes(terms[wanted - 1], terms[wanted]) + 1;
      const std::string& term = terms[wanted];
      if (MayEnd(ends, rest == term.size() ? term.substr(rest - 1) : term.substr(rest))) break;
    }
    ASSERT_EQ(table.NextEndingIn(ends, from), wanted) << "from " << from;
  }
}

TEST(FrontCodeTableTest, SaysOfPlainBlocksWhatTheTermsSay) {
  SeededRandom random(71);
  int filled = 0, refused = 0;
  for (int round = 0; round < 400; ++round) {
    const std::vector<std::string> terms = SortedTerms(&random, random.Between(1, kTermsPerBlock),
                                                       random.OneIn(2) ? 8 : random.Between(1, 24));
    const Section section = Section::FromBytes(BlockOf(terms));
    const PinnedBytes pinned = section.PinAll().value();
    DictionaryBlock block;
    BlockProblem problem;
    ASSERT_TRUE(block.Open(pinned.span(), static_cast<uint32_t>(terms.size()), &problem));
    FrontCodeTable table;
    bool plain = true;
    for (size_t i = 1; i < terms.size(); ++i) {
      const size_t shared = SharedBytes(terms[i - 1], terms[i]);
      plain = plain && shared < 15 && terms[i].size() - shared < 16;
    }
    ASSERT_EQ(table.Fill(block), plain);
    ++(plain ? filled : refused);
    if (!plain) continue;
    CheckSharing(terms, table);
    CheckEnds(terms, table, &random);
    for (uint32_t i = 1; i < terms.size(); ++i) {
      const size_t shared = SharedBytes(terms[i - 1], terms[i]);
      ASSERT_EQ(table.shared_bytes(i), shared);
      ASSERT_EQ(table.next(i), static_cast<uint8_t>(terms[i][shared]));
      ASSERT_EQ(std::string(reinterpret_cast<const char*>(table.rest(i)), table.rest_bytes(i)),
                terms[i].substr(shared + 1));
    }
  }
  EXPECT_GT(filled, 100);
  EXPECT_GT(refused, 20);
}

}  // namespace
}  // namespace segue
