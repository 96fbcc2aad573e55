// SPDX-License-Identifier: Apache-2.0
//
// The logs of the memory index against plain lists: tokens with marks and truncation, byte strings,
// postings in any order.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "engine/base/strings.h"
#include "engine/write/byte_log.h"
#include "engine/write/posting_sorter.h"
#include "engine/write/token_log.h"
#include "segue/status.h"
#include "tests/support/seeded_random.h"

namespace segue {
namespace {

// One entry of a log of tokens.
struct Entry {
  enum class Kind { kDocument, kSkip, kToken } kind = Kind::kToken;
  uint32_t number = 0;     // document, positions or term
  uint32_t increment = 1;  // of a token

  friend bool operator==(const Entry&, const Entry&) = default;
};

// By what the header says of the units.
std::vector<Entry> Decoded(const TokenLog& log) {
  std::vector<Entry> entries;
  for (size_t chunk = 0; chunk < log.chunk_count(); ++chunk) {
    const uint16_t* at = log.chunk(chunk);
    const auto two = [&at] {
      const uint32_t value = at[0] | uint32_t{at[1]} << 16;
      at += 2;
      return value;
    };
    uint32_t increment = 1;
    for (uint32_t unit = *at++; unit != TokenLog::kChunkEnd; unit = *at++) {
      if (unit < TokenLog::kTwoUnits) {
        entries.push_back({Entry::Kind::kToken, unit, increment});
      } else if (unit < TokenLog::kControl) {
        entries.push_back(
            {Entry::Kind::kToken, (unit - TokenLog::kTwoUnits) << 16 | *at++, increment});
      } else if (unit == TokenLog::kDocument) {
        entries.push_back({Entry::Kind::kDocument, two(), 1});
      } else if (unit == TokenLog::kSkip) {
        entries.push_back({Entry::Kind::kSkip, two(), 1});
      } else {
        increment = unit - TokenLog::kIncrement;
        continue;
      }
      increment = 1;
    }
  }
  return entries;
}

Entry RandomEntry(SeededRandom* random) {
  static const uint32_t kNumbers[] = {
      0,      1,       TokenLog::kTwoUnits - 1, TokenLog::kTwoUnits, TokenLog::kTwoUnits + 1,
      0xffff, 0x10000, TokenLog::kMaxTerm - 1,  TokenLog::kMaxTerm};
  Entry entry;
  switch (random->Below(6)) {
    case 0:
      entry.kind = Entry::Kind::kDocument;
      entry.number = random->U32();
      return entry;
    case 1:
      entry.kind = Entry::Kind::kSkip;
      entry.number = random->OneIn(3) ? random->U32() : static_cast<uint32_t>(random->Below(5));
      return entry;
    default:
      entry.number =
          random->OneIn(2) ? kNumbers[random->Below(std::size(kNumbers))] : random->U32() % 1000;
      if (random->OneIn(3)) {
        entry.increment = static_cast<uint32_t>(random->Below(TokenLog::kMaxIncrement + 1));
      }
      return entry;
  }
}

void Append(const Entry& entry, TokenLog* log) {
  switch (entry.kind) {
    case Entry::Kind::kDocument:
      log->StartDocument(entry.number);
      return;
    case Entry::Kind::kSkip:
      log->Skip(entry.number);
      return;
    case Entry::Kind::kToken:
      log->Add(entry.number, entry.increment);
  }
}

uint64_t TokensOf(const std::vector<Entry>& entries) {
  return static_cast<uint64_t>(
      std::count_if(entries.begin(), entries.end(),
                    [](const Entry& entry) { return entry.kind == Entry::Kind::kToken; }));
}

TEST(TokenLogModel, EveryEntryComesBack) {
  SeededRandom random(821);
  for (int round = 0; round < 20; ++round) {
    TokenLog log;
    std::vector<Entry> entries;
    for (uint64_t left = random.Below(5000); left > 0; --left) {
      entries.push_back(RandomEntry(&random));
      Append(entries.back(), &log);
    }
    log.Seal();
    EXPECT_EQ(Decoded(log), entries);
    EXPECT_EQ(log.tokens(), TokensOf(entries));
    // It may grow afterwards.
    entries.push_back({Entry::Kind::kToken, 7, 1});
    Append(entries.back(), &log);
    log.Seal();
    EXPECT_EQ(Decoded(log), entries);
  }
}

// A document that fails half way leaves no trace, wherever a chunk ended meanwhile.
TEST(TokenLogModel, WhatIsCutOffWasNeverThere) {
  SeededRandom random(822);
  for (int round = 0; round < 60; ++round) {
    TokenLog log;
    std::vector<Entry> entries;
    for (int step = 0; step < 30; ++step) {
      const TokenLog::Mark mark = log.mark();
      const size_t before = entries.size(), memory = log.memory_bytes();
      for (uint64_t left = random.Below(random.OneIn(5) ? 3000 : 60); left > 0; --left) {
        entries.push_back(RandomEntry(&random));
        Append(entries.back(), &log);
      }
      if (random.OneIn(2)) continue;
      log.TruncateTo(mark);
      entries.resize(before);
      EXPECT_EQ(log.memory_bytes(), memory);
      EXPECT_EQ(log.tokens(), TokensOf(entries));
    }
    log.Seal();
    ASSERT_EQ(Decoded(log), entries);
  }
}

// The budget of a writer rests on it: the log never takes more than it said it could.
TEST(TokenLogModel, NeverHoldsMoreThanItSaid) {
  SeededRandom random(823);
  TokenLog log;
  std::vector<Entry> entries;
  for (int step = 0; step < 3000; ++step) {
    const size_t tokens = random.OneIn(20) ? TokenLog::kMaxReserved : random.Between(1, 40);
    const size_t promised = log.memory_bytes() + log.BytesToAdd(tokens);
    // All in one piece, as a batch of tokens is written.
    uint16_t* out = log.Reserve(tokens);
    for (size_t i = 0; i < tokens; ++i) {
      const Entry entry = {Entry::Kind::kToken, random.U32() & TokenLog::kMaxTerm,
                           static_cast<uint32_t>(random.Below(3))};
      entries.push_back(entry);
      out = TokenLog::WriteToken(entry.number, entry.increment, out);
    }
    log.Commit(out, tokens);
    ASSERT_LE(log.memory_bytes(), promised) << tokens;
  }
  log.Seal();
  EXPECT_TRUE(Decoded(log) == entries);
}

TEST(TokenLogModel, AnEmptyLogHasNothing) {
  TokenLog log;
  log.Seal();
  EXPECT_EQ(log.chunk_count(), 0u);
  EXPECT_EQ(log.memory_bytes(), 0u);
  log.TruncateTo(log.mark());
  log.StartDocument(3);
  log.TruncateTo({});
  EXPECT_EQ(log.memory_bytes(), 0u);
  EXPECT_EQ(log.tokens(), 0u);
}

// --- Byte strings ---

TEST(ByteLogModel, StringsOfEveryLengthComeBack) {
  SeededRandom random(824);
  for (int round = 0; round < 20; ++round) {
    ByteLog log;
    std::vector<std::string> strings;
    // Empty ones before the first chunk, too.
    for (uint64_t left = random.Below(4); left > 0; --left) strings.emplace_back();
    for (uint64_t left = random.Below(500); left > 0; --left) {
      const uint64_t most = random.OneIn(30) ? 20000 : random.OneIn(3) ? 1 : 100;
      strings.emplace_back(random.Below(most), static_cast<char>(random.Below(256)));
    }
    for (const std::string& string : strings) {
      const size_t promised = log.memory_bytes() + log.BytesToAdd(string.size());
      log.Append(string);
      ASSERT_LE(log.memory_bytes(), promised);
    }
    ASSERT_EQ(log.size(), strings.size());
    for (size_t i = 0; i < strings.size(); ++i) ASSERT_EQ(log.Get(i), strings[i]) << i;
  }
}

// Chunks never move: what was handed out stays good while the log grows.
TEST(ByteLogModel, ViewsStay) {
  ByteLog log;
  std::vector<std::string_view> views;
  for (int i = 0; i < 3000; ++i) {
    log.Append(Cat("string number ", i));
    views.push_back(log.Get(static_cast<size_t>(i)));
  }
  for (int i = 0; i < 3000; ++i) EXPECT_EQ(views[i], Cat("string number ", i));
}

TEST(ByteLogModel, AStringLargerThanAnyChunkHasItsOwn) {
  ByteLog log;
  log.Append("a");
  log.Append(std::string(size_t{5} << 20, 'x'));
  log.Append("b");
  EXPECT_EQ(log.Get(0), "a");
  EXPECT_EQ(log.Get(1).size(), size_t{5} << 20);
  EXPECT_EQ(log.Get(1).find_first_not_of('x'), std::string_view::npos);
  EXPECT_EQ(log.Get(2), "b");
}

// --- Postings ---

struct Posting {
  uint32_t freq = 0;
  std::vector<uint32_t> positions;
  friend bool operator==(const Posting&, const Posting&) = default;
};

// Documents in any order, some near each other, some far: however many bytes a number has.
TEST(PostingSorterModel, ByDocument) {
  SeededRandom random(825);
  PostingSorter sorter;
  for (int round = 0; round < 40; ++round) {
    std::map<DocId, Posting> wanted;
    const uint64_t shift = random.Below(24);
    for (uint64_t left = random.Below(random.OneIn(5) ? 3000 : 50); left > 0; --left) {
      const auto doc = static_cast<DocId>(random.Below(kEndOfDocs) >> shift);
      Posting posting;
      posting.freq = random.U32();
      for (uint64_t n = random.Below(4); n > 0; --n) posting.positions.push_back(random.U32());
      if (!wanted.try_emplace(doc, posting).second) continue;
      sorter.Add(doc, posting.freq, posting.positions);
    }
    auto next = wanted.begin();
    const absl::Status status = sorter.Take(
        [&](DocId doc, uint32_t freq, std::span<const uint32_t> positions) -> absl::Status {
          EXPECT_TRUE(next != wanted.end());
          EXPECT_EQ(doc, next->first);
          EXPECT_EQ((Posting{freq, {positions.begin(), positions.end()}}), next->second);
          ++next;
          return absl::OkStatus();
        });
    ASSERT_TRUE(status.ok());
    ASSERT_TRUE(next == wanted.end());
  }
}

TEST(PostingSorterModel, TheFirstErrorEndsItAndAllIsForgotten) {
  PostingSorter sorter;
  for (const DocId doc : {5u, 1u, 3u}) sorter.Add(doc, doc, {});
  std::vector<DocId> seen;
  const auto stop_at_three = [&](DocId doc, uint32_t, std::span<const uint32_t>) {
    seen.push_back(doc);
    return doc == 3 ? absl::InternalError("three") : absl::OkStatus();
  };
  EXPECT_EQ(sorter.Take(stop_at_three).message(), "three");
  EXPECT_EQ(seen, (std::vector<DocId>{1, 3}));
  EXPECT_TRUE(sorter.Take(stop_at_three).ok()) << "nothing is left of them";
  EXPECT_EQ(seen.size(), 2u);
}

}  // namespace
}  // namespace segue
