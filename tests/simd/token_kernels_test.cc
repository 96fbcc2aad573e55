// SPDX-License-Identifier: Apache-2.0
//
// The kernel over logs of tokens, against a list of the tokens that were written.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "engine/simd/kernels.h"
#include "tests/simd/exact.h"
#include "tests/simd/guarded.h"
#include "tests/simd/tables.h"
#include "tests/support/seeded_random.h"

namespace segue {
namespace {

constexpr uint16_t kTwoUnits = 0xef00, kControl = 0xff00;
constexpr uint32_t kTerms = 1 << 20;
constexpr size_t kSlackBytes = 64;

class TokenKernelsTest : public testing::TestWithParam<const Kernels*> {
 protected:
  const Kernels& kernels() const { return *GetParam(); }
};

INSTANTIATE_TEST_SUITE_P(AllTables, TokenKernelsTest, testing::ValuesIn(Tables()),
                         [](const auto& info) { return std::string(info.param->name); });

struct Log {
  std::vector<uint16_t> units;
  std::vector<uint32_t> terms;
  std::vector<size_t> begins;  // of each term's token, and the end

  void Add(uint32_t term) {
    begins.push_back(units.size());
    terms.push_back(term);
    if (term >= kTwoUnits) units.push_back(static_cast<uint16_t>(kTwoUnits + (term >> 16)));
    units.push_back(static_cast<uint16_t>(term));
  }
};

// Every second unit may look like a first one, or like a control unit.
uint32_t RandomTerm(SeededRandom* random, uint64_t one_in_long) {
  if (!random->OneIn(one_in_long)) return static_cast<uint32_t>(random->Below(kTwoUnits));
  const auto high = static_cast<uint32_t>(random->Below(kTerms >> 16)) << 16;
  if (random->OneIn(2)) return high | static_cast<uint32_t>(random->Between(kTwoUnits, 0xffff));
  return std::max<uint32_t>(high | static_cast<uint32_t>(random->Below(0x10000)), kTwoUnits);
}

struct Answer {
  std::vector<uint32_t> terms;
  std::vector<uint64_t> postings;
  size_t read = 0;
  uint32_t position = 0;
};

Answer Wanted(const Log& log, const std::vector<uint64_t>& wanted, size_t count, uint64_t doc_bits,
              uint32_t position) {
  Answer answer;
  size_t i = 0;
  for (; i < log.terms.size() && log.begins[i] < count; ++i) {
    ++position;
    const uint32_t term = log.terms[i];
    if ((wanted[term / 64] >> (term % 64) & 1) == 0) continue;
    answer.terms.push_back(term);
    answer.postings.push_back(doc_bits | position);
  }
  answer.read = log.begins[i];
  answer.position = position;
  return answer;
}

TEST_P(TokenKernelsTest, PickTokens) {
  SeededRandom random(1);
  for (int round = 0; round < 1500; ++round) {
    Log log;
    const uint64_t one_in_long = random.OneIn(4) ? 1 : random.Between(1, 30);
    for (uint64_t left = random.Below(random.OneIn(3) ? 300 : 40); left > 0; --left) {
      log.Add(RandomTerm(&random, one_in_long));
    }
    log.begins.push_back(log.units.size());
    std::vector<uint64_t> wanted(kTerms / 64);
    const uint64_t one_in = random.Between(1, 6);
    for (const uint32_t term : log.terms) {
      if (random.OneIn(one_in)) wanted[term / 64] |= uint64_t{1} << (term % 64);
    }
    // Behind the last token, a control unit, and then anything.
    const size_t size = log.units.size();
    Exact<uint16_t> units((size + 1), kSlackBytes);
    for (size_t i = 0; i < size + 1 + kSlackBytes / 2; ++i) units[i] = random.U32() & 0xffff;
    std::copy(log.units.begin(), log.units.end(), units.data());
    units[size] = static_cast<uint16_t>(random.Between(kControl, 0xffff));
    const size_t count =
        random.OneIn(3) ? static_cast<size_t>(random.Below(size + 1)) : size + random.Below(100);
    const uint64_t doc_bits = uint64_t{random.U32()} << 32;
    const uint32_t position = random.OneIn(2) ? ~0u : static_cast<uint32_t>(random.Below(1 << 30));

    TokenPick pick = {units.data(), wanted.data(), doc_bits, position, kTwoUnits, kControl};
    Guarded<uint32_t> terms(count, 16);
    Guarded<uint64_t> postings(count, 16);
    const size_t picked = kernels().pick_tokens(&pick, count, terms.data(), postings.data());
    ASSERT_LE(picked, count);
    const Answer answer = {terms.First(picked), postings.First(picked),
                           static_cast<size_t>(pick.units - units.data()), pick.position};
    const Answer right = Wanted(log, wanted, count, doc_bits, position);
    ASSERT_EQ(answer.terms, right.terms) << "round " << round;
    ASSERT_EQ(answer.postings, right.postings) << "round " << round;
    ASSERT_EQ(answer.read, right.read) << "round " << round << ", " << count << " of " << size;
    ASSERT_EQ(answer.position, right.position) << "round " << round;
    ASSERT_TRUE(terms.IsIntact() && postings.IsIntact());
  }
}

}  // namespace
}  // namespace segue
