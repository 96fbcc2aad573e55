// SPDX-License-Identifier: Apache-2.0
//
// A stream that has seen a value some times allocates nothing any more. Its own program, because
// it replaces the global operator new.
#include <atomic>
#include <cstdlib>
#include <new>
#include <string>

#include "tests/text/text_test_util.h"

// Sanitizers replace it themselves.
#ifndef SEGUE_SANITIZED

namespace {
std::atomic<uint64_t> allocations{0};
}

// noinline: else the compiler sees malloc and delete meet, and warns.
__attribute__((noinline)) void* operator new(size_t bytes) {
  allocations.fetch_add(1, std::memory_order_relaxed);
  if (void* memory = std::malloc(bytes == 0 ? 1 : bytes)) return memory;
  throw std::bad_alloc();
}
__attribute__((noinline)) void operator delete(void* memory) noexcept { std::free(memory); }
__attribute__((noinline)) void operator delete(void* memory, size_t) noexcept { std::free(memory); }

namespace segue {
namespace {

class AllocationTest : public testing::TestWithParam<const char*> {};

TEST_P(AllocationTest, NoneInSteadyState) {
  const auto analyzer = MakeAnalyzer(GetParam());
  const auto stream = analyzer->NewStream();
  SeededRandom random(7);
  const std::string text = RandomText(&random, 5000, 8);
  size_t tokens = 0;
  const auto analyze = [&] {
    if (!stream->Start(text).ok()) return;
    while (const TokenBatch* batch = stream->Next()) tokens += batch->size();
  };
  // Parts exchange buffers, and each of those grows once.
  for (int quiet = 0, runs = 0; quiet < 3 && runs < 40; ++runs) {
    const uint64_t before_run = allocations.load();
    analyze();
    quiet = allocations.load() == before_run ? quiet + 1 : 0;
  }
  const uint64_t before = allocations.load();
  for (int i = 0; i < 10; ++i) analyze();
  EXPECT_EQ(allocations.load(), before);
  EXPECT_GT(tokens, 12u);
}

INSTANTIATE_TEST_SUITE_P(
    Chains, AllocationTest,
    testing::Values("standard", "english", "simple", "whitespace", "arabic", "cjk", "french",
                    "hindi", "persian", "turkish",
                    R"({"tokenizer":"whitespace","filters":["word_delimiter","lowercase",
                        {"type":"compound","words":["or","rd","bcd"],"min_part":2},"shingle"]})",
                    R"({"tokenizer":"standard","filters":["lowercase",
                        {"type":"language_stem","languages":["english","german"]}]})",
                    R"({"tokenizer":"standard","filters":["metaphone",
                        {"type":"synonym","rules":["a, word b","the => an, in a"]}]})",
                    R"({"tokenizer":"standard","filters":["ngram",{"type":"keep","words":["wo"]},
                        "edge_ngram"]})",
                    R"({"char_filters":["nfkc_casefold","diacriticfolding"],"tokenizer":"standard",
                        "filters":["nfc","nfkc","cjk_bigram","decimal_digit"]})",
                    R"({"tokenizer":"standard","filters":["casefold","asciifolding","snowball"]})",
                    R"({"char_filters":[{"type":"mapping","mappings":["a=>b","é=>e"]}],
                        "tokenizer":"standard","filters":["lowercase"]})"));

}  // namespace
}  // namespace segue

#endif  // SEGUE_SANITIZED
