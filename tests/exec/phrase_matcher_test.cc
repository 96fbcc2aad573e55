// SPDX-License-Identifier: Apache-2.0
#include "engine/exec/phrase_matcher.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "tests/format/postings_test_util.h"

namespace segue::exec {
namespace {

// Lists in which every document has every term.
struct World {
  std::vector<TestList> lists;
  std::vector<PostingList> opened;

  World(SeededRandom* random, uint32_t terms, uint32_t doc_count) {
    PostingsWriterOptions options = PlainOptions(doc_count);
    options.has_positions = true;
    PostingsWorld world(options);
    std::vector<TermMeta> metas;
    for (uint32_t t = 0; t < terms; ++t) {
      const uint32_t most = random->OneIn(3) ? 60 : 4;
      const auto gap = static_cast<uint32_t>(random->Between(1, 9));
      TestList list;
      for (DocId doc = 0; doc < doc_count; ++doc) {
        // Some documents are enormous, some have far positions.
        const bool far = random->OneIn(60);
        const auto freq =
            static_cast<uint32_t>(random->OneIn(90) ? 5000 : random->Between(1, most));
        list.push_back(
            {doc, freq, RandomPositions(random, freq, /*repeats=*/false, far ? 1 << 28 : gap)});
        MakeStrict(&list.back());
      }
      metas.push_back(world.Write(list));
      lists.push_back(std::move(list));
    }
    const PostingsSource source = world.Finish();
    for (const TermMeta& meta : metas) {
      auto list = PostingList::Open(source, meta, true);
      EXPECT_TRUE(list.ok()) << list.status();
      opened.push_back(*std::move(list));
    }
  }

  // At their limit positions repeat; then starts would be counted twice.
  static void MakeStrict(TestPosting* posting) {
    auto& positions = posting->positions;
    positions.erase(std::unique(positions.begin(), positions.end()), positions.end());
    posting->freq = static_cast<uint32_t>(positions.size());
  }

  std::vector<const PostingList*> pointers() const {
    std::vector<const PostingList*> lists;
    for (const PostingList& list : opened) lists.push_back(&list);
    return lists;
  }

  std::vector<uint32_t> Starts(DocId doc, const std::vector<PhraseWord>& words) const {
    std::vector<uint32_t> starts;
    std::vector<std::set<uint64_t>> places;
    for (const TestList& list : lists) {
      places.emplace_back(list[doc].positions.begin(), list[doc].positions.end());
    }
    for (const uint64_t place : places[words[0].term]) {
      if (place < words[0].position) continue;
      const uint64_t start = place - words[0].position;
      const bool all = std::all_of(words.begin(), words.end(), [&](const PhraseWord& word) {
        return places[word.term].count(start + word.position) != 0;
      });
      if (all) starts.push_back(static_cast<uint32_t>(start));
    }
    return starts;
  }
};

// Rows are documents from `first` on, `step` apart; the rank of a document is its number.
class Documents final : public PostingRanks {
 public:
  void Ranks(size_t, const uint32_t* rows, size_t count, uint32_t* ranks) override {
    for (size_t i = 0; i < count; ++i) ranks[i] = Doc(rows[i]);
  }
  DocId Doc(uint32_t row) const { return first + row * step; }

  DocId first = 0;
  uint32_t step = 1;
};

std::vector<PhraseWord> RandomWords(SeededRandom* random, uint32_t terms) {
  std::vector<PhraseWord> words;
  auto position = static_cast<uint32_t>(random->OneIn(4) ? random->Below(3) : 0);
  for (uint64_t i = random->Between(1, terms + 2); i > 0; --i) {
    words.push_back({static_cast<uint32_t>(random->Below(terms)), position});
    position += random->OneIn(40) ? 1u << 30 : static_cast<uint32_t>(random->Between(1, 2));
  }
  return words;
}

TEST(PhraseMatcherTest, RandomPhrases) {
  SeededRandom random(31);
  const SearchOptions options;
  for (int round = 0; round < 6; ++round) {
    const auto terms = static_cast<uint32_t>(random.Between(1, 4));
    const uint32_t doc_count = round < 3 ? 1 + static_cast<uint32_t>(round) : 700;
    const World world(&random, terms, doc_count);
    for (int phrase = 0; phrase < 12; ++phrase) {
      const std::vector<PhraseWord> words = RandomWords(&random, terms);
      SearchContext context(options);
      Documents documents;
      PhraseMatcher matcher(world.pointers(), words, &documents, &context);
      documents.step = static_cast<uint32_t>(random.OneIn(2) ? 1 : random.Between(1, 200));
      for (documents.first = 0; documents.first < doc_count;) {
        const uint32_t left = (doc_count - documents.first + documents.step - 1) / documents.step;
        const auto count = static_cast<uint32_t>(
            random.Between(1, std::min<uint32_t>(left, PhraseMatcher::kRows)));
        std::vector<uint32_t> rows, want, want_freqs;
        for (uint32_t row = 0; row < count; ++row) {
          if (random.OneIn(5)) continue;
          rows.push_back(row);
          const auto starts = world.Starts(documents.Doc(row), words);
          if (starts.empty()) continue;
          want.push_back(row);
          want_freqs.push_back(static_cast<uint32_t>(starts.size()));
        }
        matcher.Start();
        std::vector<uint32_t> most(PhraseMatcher::kRows), freqs(rows.size() + 1), kept = rows;
        if (random.OneIn(2)) {
          matcher.MostFreqs(rows.data(), rows.size(), most.data());
          for (size_t i = 0; i < want.size(); ++i) ASSERT_GE(most[want[i]], want_freqs[i]);
        }
        kept.resize(matcher.Match(kept.data(), kept.size(), freqs.data()));
        freqs.resize(kept.size());
        ASSERT_EQ(kept, want);
        ASSERT_EQ(freqs, want_freqs);
        if (rows.size() == 1 && !kept.empty()) {
          ASSERT_EQ(matcher.Starts(), world.Starts(documents.Doc(rows[0]), words));
        }
        matcher.Start();
        kept = rows;
        kept.resize(matcher.Match(kept.data(), kept.size(), nullptr));
        ASSERT_EQ(kept, want);
        ASSERT_TRUE(context.ok()) << context.status();
        documents.first += count * documents.step;
      }
    }
  }
}

// A list of few documents and a damaged one: whatever happens, only documents that were asked for
// come out, and what cannot be read is told.
TEST(PhraseMatcherTest, DamagedPositionsAreTold) {
  SeededRandom random(32);
  PostingsWriterOptions plain = PlainOptions(400);
  plain.has_positions = true;
  PostingsWorld world(plain);
  TestList list;
  for (DocId doc = 0; doc < 400; ++doc) list.push_back({doc, 3, {2, 5, 9}});
  const TermMeta meta = world.Write(list);
  const PostingsSource source = world.Finish();
  const auto bytes = [](const Section& section) { return std::string(section.PinAll()->view()); };
  const std::string post = bytes(source.post), pos = bytes(source.pos);
  int told = 0;
  for (int round = 0; round < 1500; ++round) {
    PostingsSource damaged = source;
    damaged.pos = Section::FromBytes(Damaged(pos, &random));
    damaged.post = Section::FromBytes(random.OneIn(2) ? post : Damaged(post, &random));
    auto opened = PostingList::Open(damaged, meta, true);
    if (!opened.ok()) continue;
    const SearchOptions options;
    SearchContext context(options);
    Documents documents;
    documents.step = static_cast<uint32_t>(random.Between(1, 3));
    PhraseMatcher matcher({&*opened}, {{0, 0}, {0, 3}}, &documents, &context);
    matcher.Start();
    std::vector<uint32_t> rows(PhraseMatcher::kRows), freqs(rows.size());
    for (uint32_t i = 0; i < rows.size(); ++i) rows[i] = i;
    rows.resize(matcher.Match(rows.data(), rows.size(), freqs.data()));
    for (size_t i = 0; i < rows.size(); ++i) {
      ASSERT_LT(rows[i], PhraseMatcher::kRows);
      ASSERT_GE(freqs[i], 1u);
    }
    if (!context.ok()) {
      ++told;
      ASSERT_FALSE(opened->status().ok());
    }
  }
  EXPECT_GT(told, 60);
}

}  // namespace
}  // namespace segue::exec
