// SPDX-License-Identifier: Apache-2.0
//
// Orders by value against values sorted by the standard library, and ranges found in them against
// looking at every value.
#include <gtest/gtest.h>

#include <limits>
#include <set>
#include <vector>

#include "engine/format/column_reader.h"
#include "engine/format/column_writer.h"
#include "engine/format/value_order_writer.h"
#include "tests/format/format_test_util.h"

namespace segue {
namespace {

constexpr int64_t kMin = std::numeric_limits<int64_t>::min();
constexpr int64_t kMax = std::numeric_limits<int64_t>::max();

// So many documents with values in no order have an order by value, whatever the values are: 17
// blocks, of which at the least a quarter lies around a value.
constexpr size_t kDocsOfOrder = 18000;

using Values = std::vector<std::vector<int64_t>>;  // of each document

absl::Status RunThrough(const Values& values, AddColumnValue add) {
  for (DocId doc = 0; doc < values.size(); ++doc) {
    for (const int64_t value : values[doc]) SEGUE_RETURN_IF_ERROR(add(doc, value));
  }
  return absl::OkStatus();
}

struct BuiltColumn {
  Section body;
  ColumnMeta meta;

  size_t order_at() const { return meta.offset + meta.blocks_bytes + meta.directory_bytes; }
};

BuiltColumn Build(const Values& values, ValueType type, bool multi,
                  ReadMode mode = ReadMode::kMmap) {
  TestFile file;
  EXPECT_TRUE(file.file()->Append("before").ok());
  ColumnWriter writer(file.file(), type, multi);
  const auto again = [&](AddColumnValue add) { return RunThrough(values, add); };
  EXPECT_TRUE(again([&](DocId doc, int64_t value) { return writer.Add(doc, value); }).ok());
  const auto meta = writer.Finish(static_cast<DocId>(values.size()), again);
  EXPECT_TRUE(meta.ok()) << meta.status();
  EXPECT_TRUE(file.file()->Append("behind").ok());
  return {file.Body(mode), meta.ok() ? *meta : ColumnMeta{}};
}

// `span`: of the values, around 0; 0: all there are.
Values RandomValues(size_t doc_count, uint64_t span, uint64_t most_per_doc, bool all,
                    SeededRandom* random) {
  Values values(doc_count);
  for (auto& of_doc : values) {
    if (!all && random->OneIn(3)) continue;
    for (uint64_t i = random->Between(1, most_per_doc); i > 0; --i) {
      of_doc.push_back(span == 0 ? static_cast<int64_t>(random->Next())
                                 : static_cast<int64_t>(random->Below(span)) -
                                       static_cast<int64_t>(span / 2));
    }
  }
  return values;
}

bool HasValueIn(const std::vector<int64_t>& values, const ValueRange& range) {
  return std::any_of(values.begin(), values.end(),
                     [&](int64_t value) { return range.low <= value && value <= range.high; });
}

void ExpectRange(const Column& column, const Values& values, const ValueRange& range) {
  SCOPED_TRACE(testing::Message() << range.low << " to " << range.high);
  std::set<DocId> expected;
  for (DocId doc = 0; doc < values.size(); ++doc) {
    if (HasValueIn(values[doc], range)) expected.insert(doc);
  }
  const auto run = column.FindRun(range);
  ASSERT_TRUE(run.ok()) << run.status();
  if (column.single()) {
    EXPECT_EQ(run->all.size(), expected.size());
    EXPECT_EQ(run->sure.size(), expected.size());
  } else {
    EXPECT_GE(run->all.size(), expected.size());
    EXPECT_LE(run->all.size() - run->sure.size(), 2 * kValueLeafEntries);
  }
  std::vector<DocId> docs;
  ASSERT_TRUE(column.AddDocs(*run, range, &docs).ok());
  EXPECT_EQ(std::set<DocId>(docs.begin(), docs.end()), expected);
}

void ExpectOrder(const Values& values, ValueType type, bool multi, SeededRandom* random,
                 ReadMode mode = ReadMode::kMmap) {
  const BuiltColumn built = Build(values, type, multi, mode);
  const auto column = Column::Open(built.body, built.meta);
  ASSERT_TRUE(column.ok()) << column.status();
  const ValueOrder& order = column->order();
  ASSERT_FALSE(order.empty());
  EXPECT_EQ(built.order_at() + order.bytes() + 6, built.body.size());
  std::vector<std::pair<int64_t, DocId>> sorted;
  ASSERT_TRUE(RunThrough(values, [&](DocId doc, int64_t value) {
                sorted.emplace_back(value, doc);
                return absl::OkStatus();
              }).ok());
  std::sort(sorted.begin(), sorted.end());
  ASSERT_EQ(order.entry_count(), sorted.size());
  const auto docs = order.Pin({0, sorted.size()});
  ASSERT_TRUE(docs.ok());
  for (size_t i = 0; i < sorted.size(); ++i) ASSERT_EQ((*docs)[i], sorted[i].second) << i;
  for (uint64_t leaf = 0; leaf < order.leaf_count(); ++leaf) {
    ASSERT_EQ(order.FirstValue(leaf), sorted[leaf * kValueLeafEntries].first);
  }
  const auto any = [&] { return sorted[random->Below(sorted.size())].first; };
  for (int i = 0; i < 6; ++i) {
    const int64_t a = any(), b = any();
    ExpectRange(*column, values, {std::min(a, b), std::max(a, b)});
    ExpectRange(*column, values, {a, a});
    ExpectRange(*column, values, {a, a < kMax - 100 ? a + 100 : kMax});
    const int64_t leaf = order.FirstValue(random->Below(order.leaf_count()));
    ExpectRange(*column, values, {leaf, std::max(leaf, a)});
    ExpectRange(*column, values, {kMin, leaf});
  }
  for (const int64_t value : {kMin, kMin + 1, int64_t{0}, kMax - 1, kMax}) {
    ExpectRange(*column, values, {value, value});
    ExpectRange(*column, values, {value, kMax});
    ExpectRange(*column, values, {kMin, value});
  }
}

TEST(ValueOrder, IsThatOfTheValues) {
  SeededRandom random(70);
  for (const uint64_t span : {uint64_t{2}, uint64_t{700}, uint64_t{1} << 40, uint64_t{0}}) {
    for (const bool all : {false, true}) {
      for (const uint64_t most : {1, 3}) {
        const bool multi = most > 1;
        ExpectOrder(RandomValues(kDocsOfOrder + random.Below(2000), span, most, all, &random),
                    multi ? ValueType::kFloat64 : ValueType::kInt64, multi, &random);
        if (HasFatalFailure()) return;
      }
    }
  }
  ExpectOrder(RandomValues(kDocsOfOrder, 3000, 1, true, &random), ValueType::kTimestamp, true,
              &random, ReadMode::kPread);
}

TEST(ValueOrder, HoldsExtremes) {
  SeededRandom random(71);
  Values values = RandomValues(12000, 0, 1, true, &random);
  for (auto& of_doc : values) {
    if (random.OneIn(4)) of_doc[0] = random.OneIn(2) ? kMin : kMax;
  }
  ExpectOrder(values, ValueType::kInt64, false, &random);
}

TEST(ValueOrder, IsWrittenWhereBlocksLeaveMuchToSearch) {
  SeededRandom random(72);
  const auto has_order = [](const Values& values, ValueType type = ValueType::kInt64) {
    const BuiltColumn built = Build(values, type, false);
    return !Column::Open(built.body, built.meta)->order().empty();
  };
  const auto values_of = [](size_t docs, auto&& value_of) {
    Values values(docs);
    for (size_t doc = 0; doc < docs; ++doc) values[doc] = {static_cast<int64_t>(value_of(doc))};
    return values;
  };
  const auto any = [&](size_t) { return random.Below(1000); };
  EXPECT_TRUE(has_order(values_of(20000, any)));
  EXPECT_FALSE(has_order(values_of(3000, any)));
  EXPECT_FALSE(
      has_order(values_of(20000, [&](size_t) { return random.Below(2); }), ValueType::kBool));
  EXPECT_FALSE(has_order(values_of(20000, [](size_t doc) { return doc; })));
  EXPECT_FALSE(has_order(values_of(20000, [&](size_t doc) { return doc + random.Below(1000); })));
  EXPECT_FALSE(has_order(values_of(20000, [](size_t) { return 7; })));
  EXPECT_FALSE(has_order(Values(20000)));
}

TEST(ValueOrder, ValuesThatAreOthersTheSecondTimeAreAnError) {
  TestFile file;
  const auto values_of = [](uint64_t count) {
    return [count](AddColumnValue add) -> absl::Status {
      for (DocId doc = 0; doc < count; ++doc) SEGUE_RETURN_IF_ERROR(add(doc, doc % 5));
      return absl::OkStatus();
    };
  };
  EXPECT_TRUE(WriteValueOrder(values_of(100), 100, 100, file.file()).ok());
  EXPECT_EQ(CodeOf(WriteValueOrder(values_of(99), 100, 100, file.file())), ErrorCode::kInternal);
  EXPECT_EQ(CodeOf(WriteValueOrder(values_of(101), 200, 100, file.file())), ErrorCode::kInternal);
  EXPECT_EQ(CodeOf(WriteValueOrder(values_of(100), 99, 100, file.file())), ErrorCode::kInternal);
  const uint64_t many = kValueSortEntries + 1;
  EXPECT_EQ(CodeOf(WriteValueOrder(values_of(many - 1), many, many, file.file())),
            ErrorCode::kInternal);
}

// More values than are sorted at once. The order is right if it ascends, has the values that the
// documents have, and as many.
template <typename ValueOf>
void ExpectSorted(DocId doc_count, ValueOf value_of) {
  uint64_t rounds = 0, count = 0;
  std::pair<int64_t, DocId> last{kMin, 0};
  bool ascends = true, same = true;
  const auto values = [&](AddColumnValue add) -> absl::Status {
    ++rounds;
    for (DocId doc = 0; doc < doc_count; ++doc) SEGUE_RETURN_IF_ERROR(add(doc, value_of(doc)));
    return absl::OkStatus();
  };
  ASSERT_TRUE(SortColumnValues(values, doc_count, [&](DocId doc, int64_t value) {
                const std::pair<int64_t, DocId> next{value, doc};
                ascends = ascends && (count == 0 || last < next);
                same = same && value == value_of(doc);
                last = next;
                ++count;
                return absl::OkStatus();
              }).ok());
  EXPECT_TRUE(ascends);
  EXPECT_TRUE(same);
  EXPECT_EQ(count, doc_count);
  EXPECT_LE(rounds, 2 + 6 * (1 + doc_count / kValueSortEntries));
}

uint64_t Scatter(uint64_t number) {
  number = (number + 1) * 0x9e3779b97f4a7c15u;
  return (number ^ number >> 29) * 0xbf58476d1ce4e5b9u;
}

TEST(ValueOrder, SortsMoreValuesThanFit) {
  constexpr DocId kDocs = 9 * kValueSortEntries / 8;
  ExpectSorted(kDocs, [](DocId doc) { return static_cast<int64_t>(Scatter(doc)); });
  ExpectSorted(kDocs, [](DocId doc) { return static_cast<int64_t>(Scatter(doc) % 1000); });
  // Nearly all values are near each other; a few are as far away as can be.
  ExpectSorted(kDocs, [](DocId doc) {
    if (doc % 100000 == 0) return doc % 200000 == 0 ? kMin : kMax;
    return static_cast<int64_t>(Scatter(doc) >> 40);
  });
  // One value is too many by itself.
  ExpectSorted(kDocs, [](DocId doc) {
    return doc % 16 == 0 ? static_cast<int64_t>(Scatter(doc) % 100) : int64_t{50};
  });
}

// ---- Damage ----

TEST(ValueOrderDamage, AnyDamageIsAResultOrDataLoss) {
  SeededRandom random(73);
  const auto is_fine = [](const absl::Status& status) {
    return status.ok() || CodeOf(status) == ErrorCode::kDataLoss;
  };
  for (const bool multi : {false, true}) {
    const BuiltColumn built = Build(RandomValues(kDocsOfOrder, 5000, multi ? 3 : 1, false, &random),
                                    ValueType::kInt64, multi);
    const std::string bytes(built.body.PinAll()->view());
    for (int round = 0; round < 500; ++round) {
      std::string damaged = bytes;
      for (uint64_t i = random.Between(1, 40); i > 0; --i) {
        const size_t at = random.OneIn(20) ? 0 : random.Below(bytes.size() - built.order_at());
        damaged[built.order_at() + at] = static_cast<char>(random.Next());
      }
      if (random.OneIn(4)) damaged.resize(built.order_at() + random.Below(200));
      const auto column = Column::Open(Section::FromBytes(damaged), built.meta);
      ASSERT_TRUE(is_fine(column.status())) << column.status();
      if (!column.ok() || column->order().empty()) continue;
      for (int i = 0; i < 10; ++i) {
        const auto low = static_cast<int64_t>(random.Below(5000)) - 2500;
        const ValueRange range{low, low + static_cast<int64_t>(random.Below(1000))};
        const auto run = column->FindRun(range);
        ASSERT_TRUE(is_fine(run.status())) << run.status();
        if (!run.ok()) continue;
        std::vector<DocId> docs;
        ASSERT_TRUE(is_fine(column->AddDocs(*run, range, &docs)));
        for (const DocId doc : docs) ASSERT_LT(doc, column->doc_count());
      }
    }
  }
}

void ExpectLoss(const absl::Status& status, std::string_view what) {
  EXPECT_EQ(CodeOf(status), ErrorCode::kDataLoss) << what;
  EXPECT_NE(MessageOf(status).find(what), std::string_view::npos) << status;
}

TEST(ValueOrderDamage, SaysWhatIsWrong) {
  SeededRandom random(74);
  for (const bool multi : {false, true}) {
    const BuiltColumn built = Build(RandomValues(kDocsOfOrder, 5000, multi ? 2 : 1, false, &random),
                                    ValueType::kInt64, multi);
    const std::string bytes(built.body.PinAll()->view());
    const size_t order_bytes = Column::Open(built.body, built.meta)->order().bytes();
    const auto open = [&](const std::string& damaged) {
      return Column::Open(Section::FromBytes(damaged), built.meta);
    };
    std::string damaged = bytes;
    damaged[built.order_at()] = 2;
    ExpectLoss(open(damaged).status(), "a value order of kind 2");
    damaged = bytes;
    damaged[built.order_at() + order_bytes - 1] = '\x80';  // of the last leaf's value
    ExpectLoss(open(damaged).status(), "out of order");
    EXPECT_EQ(CodeOf(open(bytes.substr(0, built.order_at())).status()), ErrorCode::kDataLoss);
    damaged = bytes;
    std::fill_n(damaged.begin() + static_cast<ptrdiff_t>(built.order_at()) + 1, 4000, '\xff');
    const auto column = open(damaged);
    ASSERT_TRUE(column.ok()) << column.status();
    const ValueRange all{kMin, kMax};
    std::vector<DocId> docs;
    ExpectLoss(column->AddDocs(*column->FindRun(all), all, &docs), "an entry that is no document");
    const ValueRange first{kMin + 1, column->order().FirstValue(1) - 1};
    const auto run = column->FindRun(first);
    ExpectLoss(run.ok() ? column->AddDocs(*run, first, &docs) : run.status(),
               "an entry that is no document");
  }
}

TEST(ValueOrderDamage, OrdersThatCannotBe) {
  ExpectLoss(ValueOrder::Open(Section::FromBytes("\1"), 0, 1, 0).status(),
             "a value order of kind 1 for 0 values");
  // 600 entries of 10 bits, and half of a directory of two.
  const auto short_directory = Section::FromBytes("\1" + std::string(750 + 8, '\0'));
  EXPECT_EQ(CodeOf(ValueOrder::Open(short_directory, 0, 600, 600).status()), ErrorCode::kDataLoss);
}

// Where a block of 64 KiB of the file is bad, what needs it says so.
TEST(ValueOrderDamage, BlocksThatAreNotAsTheyWereWritten) {
  SeededRandom random(75);
  for (const bool multi : {false, true}) {
    const Values values =
        RandomValues(100000, uint64_t{1} << 40, multi ? 2 : 1, /*all=*/true, &random);
    const BuiltColumn built = Build(values, ValueType::kInt64, multi);
    const std::string bytes(built.body.PinAll()->view());
    std::vector<DocId> docs;

    const auto bad_entries = Column::Open(
        WithBadBlockAt(bytes, built.order_at() + (bytes.size() - built.order_at()) / 2),
        built.meta);
    ASSERT_TRUE(bad_entries.ok()) << bad_entries.status();
    const ValueOrder& order = bad_entries->order();
    const ValueRange all{kMin, kMax};
    EXPECT_EQ(CodeOf(bad_entries->AddDocs(*bad_entries->FindRun(all), all, &docs)),
              ErrorCode::kDataLoss);
    const ValueRange half{order.FirstValue(order.leaf_count() / 2) + 1, kMax};
    const auto half_run = bad_entries->FindRun(half);
    EXPECT_EQ(half_run.ok(), multi) << "the ends are looked up where no document has two values";
    EXPECT_EQ(
        CodeOf(half_run.ok() ? bad_entries->AddDocs(*half_run, half, &docs) : half_run.status()),
        ErrorCode::kDataLoss);

    const auto bad_values =
        Column::Open(WithBadBlockAt(bytes, built.meta.offset + 1000), built.meta);
    ASSERT_TRUE(bad_values.ok()) << bad_values.status();
    const ValueRange one{values[100][0], values[100][0]};
    const auto run = bad_values->FindRun(one);
    EXPECT_EQ(run.ok(), multi);
    EXPECT_EQ(CodeOf(run.ok() ? bad_values->AddDocs(*run, one, &docs) : run.status()),
              ErrorCode::kDataLoss);
  }
}

}  // namespace
}  // namespace segue
