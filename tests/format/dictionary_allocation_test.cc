// SPDX-License-Identifier: Apache-2.0
//
// A look-up in a mapped dictionary allocates nothing: it runs once per query term and segment.
#include <gtest/gtest.h>

#include <cstdlib>
#include <new>

#include "tests/format/dictionary_test_util.h"

// Sanitizers bring their own operator new and count on it.
#if !defined(SEGUE_SANITIZED)
namespace {
thread_local uint64_t allocations = 0;
}

__attribute__((noinline)) void* operator new(size_t bytes) {
  ++allocations;
  if (void* memory = std::malloc(bytes == 0 ? 1 : bytes)) return memory;
  std::abort();
}
__attribute__((noinline)) void operator delete(void* memory) noexcept { std::free(memory); }
__attribute__((noinline)) void operator delete(void* memory, size_t) noexcept { std::free(memory); }
#endif

namespace segue {
namespace {

TEST(DictionaryAllocation, FindAllocatesNothingOnAMappedFile) {
#if defined(SEGUE_SANITIZED)
  GTEST_SKIP() << "allocations are not counted under sanitizers";
#else
  SeededRandom random(80);
  std::vector<std::string> terms;
  for (int i = 0; i < 2000; ++i) terms.push_back(RandomTerm("abcdefgh", 20, &random));
  const BuiltDictionary built = Build(WithMetas(terms, MetaShape::kNatural, &random));
  const auto dictionary = Dictionary::Open(built.terms, built.meta);
  ASSERT_TRUE(dictionary.ok());
  const uint64_t before = allocations;
  uint64_t found = 0;
  for (const std::string& term : terms) {
    dictionary->Prefetch(term);
    const auto entry = dictionary->Find(term);
    found += entry.ok() && entry->has_value();
    const auto absent = dictionary->Find(std::string_view(term).substr(term.size() / 2));
    found += !absent.ok();
  }
  EXPECT_EQ(allocations, before);
  EXPECT_EQ(found, terms.size());
#endif
}

}  // namespace
}  // namespace segue
