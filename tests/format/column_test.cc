// SPDX-License-Identifier: Apache-2.0
//
// Columns against a plain vector of values, over densities, widths, types and numbers of values.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "engine/format/column_reader.h"
#include "engine/format/column_writer.h"
#include "tests/format/format_test_util.h"

namespace segue {
namespace {

using Values = std::vector<std::vector<int64_t>>;  // of each document

struct BuiltColumn {
  Section body;
  ColumnMeta meta;
};

BuiltColumn Build(const Values& values, ValueType type, bool multi,
                  ReadMode mode = ReadMode::kMmap) {
  TestFile file;
  EXPECT_TRUE(file.file()->Append("before").ok());
  ColumnWriter writer(file.file(), type, multi);
  const auto again = [&](AddColumnValue add) -> absl::Status {
    for (DocId doc = 0; doc < values.size(); ++doc) {
      for (const int64_t value : values[doc]) SEGUE_RETURN_IF_ERROR(add(doc, value));
    }
    return absl::OkStatus();
  };
  EXPECT_TRUE(again([&](DocId doc, int64_t value) { return writer.Add(doc, value); }).ok());
  const auto meta = writer.Finish(static_cast<DocId>(values.size()), again);
  EXPECT_TRUE(meta.ok()) << meta.status();
  EXPECT_TRUE(file.file()->Append("behind").ok());
  return {file.Body(mode), meta.ok() ? *meta : ColumnMeta{}};
}

// `width`: bits of the values, spread around a base.
Values RandomValues(size_t doc_count, double density, unsigned width, uint64_t most_per_doc,
                    SeededRandom* random) {
  Values values(doc_count);
  const auto base = width >= 63 ? 0 : static_cast<int64_t>(random->Next() >> 2);
  for (auto& of_doc : values) {
    if (static_cast<double>(random->Below(1000)) >= density * 1000) continue;
    for (uint64_t i = random->Between(1, most_per_doc); i > 0; --i) {
      const uint64_t delta = width == 0 ? 0 : random->Next() >> (64 - width);
      of_doc.push_back(static_cast<int64_t>(static_cast<uint64_t>(base) + delta));
    }
  }
  return values;
}

// Asks about one document in `one_in`, and about some that there are not.
void ExpectSelected(const Column& column, const Values& values, const ValueRanges& wanted,
                    uint64_t one_in, SeededRandom* random) {
  for (uint32_t block = 0; block < column.block_count(); ++block) {
    ColumnBlockMask docs{}, expected{};
    for (uint32_t i = 0; i < kColumnBlockDocs; ++i) {
      if (!random->OneIn(one_in)) continue;
      docs[i / 64] |= uint64_t{1} << (i % 64);
      const size_t doc = block * kColumnBlockDocs + i;
      if (doc >= values.size()) continue;
      const bool is_wanted =
          std::any_of(values[doc].begin(), values[doc].end(), [&](int64_t value) {
            return std::any_of(
                wanted.ranges().begin(), wanted.ranges().end(),
                [&](const ValueRange& range) { return range.low <= value && value <= range.high; });
          });
      if (is_wanted) expected[i / 64] |= uint64_t{1} << (i % 64);
    }
    ASSERT_TRUE(column.Select(block, wanted, &docs).ok());
    ASSERT_EQ(docs, expected) << "block " << block << ", one in " << one_in;
  }
}

void ExpectBlocks(const Column& column, const Values& values) {
  ColumnBlock block;
  ASSERT_EQ(column.block_count(), (values.size() + 1023) / 1024);
  for (uint32_t b = 0; b < column.block_count(); ++b) {
    ASSERT_TRUE(column.DecodeBlock(b, &block).ok());
    ASSERT_EQ(block.first_doc, b * 1024);
    ASSERT_EQ(block.doc_count, std::min<size_t>(1024, values.size() - b * 1024));
    const ColumnBlockRecord bounds = column.BlockBounds(b);
    ASSERT_EQ(bounds.value_count, block.values.size());
    uint32_t docs_with_value = 0;
    for (uint32_t i = 0; i < block.doc_count; ++i) {
      const std::vector<int64_t> found(block.values.begin() + block.value_starts[i],
                                       block.values.begin() + block.value_starts[i + 1]);
      ASSERT_EQ(found, values[b * 1024 + i]);
      docs_with_value += !found.empty();
    }
    ASSERT_EQ(bounds.docs_with_value, docs_with_value);
    if (block.values.empty()) continue;
    EXPECT_EQ(bounds.min, *std::min_element(block.values.begin(), block.values.end()));
    EXPECT_EQ(bounds.max, *std::max_element(block.values.begin(), block.values.end()));
  }
}

void ExpectAll(const Values& values, ValueType type, bool multi, SeededRandom* random,
               ReadMode mode = ReadMode::kMmap) {
  const BuiltColumn built = Build(values, type, multi, mode);
  const auto column = Column::Open(built.body, built.meta);
  ASSERT_TRUE(column.ok()) << column.status();
  ASSERT_EQ(column->doc_count(), values.size());
  EXPECT_EQ(column->type(), type);
  EXPECT_EQ(column->multi(), multi);
  uint64_t value_count = 0;
  DocId docs_with_value = 0;
  std::vector<int64_t> found;
  std::vector<int64_t> all;
  for (DocId doc = 0; doc < values.size(); ++doc) {
    ASSERT_TRUE(column->GetAll(doc, &found).ok());
    ASSERT_EQ(found, values[doc]) << "document " << doc;
    const auto first = column->Get(doc);
    ASSERT_TRUE(first.ok());
    ASSERT_EQ(first->has_value(), !values[doc].empty());
    ASSERT_TRUE(!first->has_value() || **first == values[doc][0]);
    value_count += values[doc].size();
    docs_with_value += !values[doc].empty();
    all.insert(all.end(), values[doc].begin(), values[doc].end());
  }
  EXPECT_EQ(column->value_count(), value_count);
  EXPECT_EQ(column->docs_with_value(), docs_with_value);
  EXPECT_EQ(CodeOf(column->Get(column->doc_count()).status()), ErrorCode::kInvalidArgument);
  EXPECT_EQ(CodeOf(column->GetAll(kEndOfDocs, &found)), ErrorCode::kInvalidArgument);
  ExpectBlocks(*column, values);
  ExpectSelected(*column, values, ValueRanges::All(), 1, random);
  ExpectSelected(*column, values, ValueRanges(), 1, random);
  for (int i = 0; i < 12 && !all.empty(); ++i) {
    const auto any = [&] { return all[random->Below(all.size())]; };
    const int64_t a = any(), b = any();
    const uint64_t one_in = i % 3 == 0 ? 1 : i % 3 == 1 ? 2 : 100;
    ExpectSelected(*column, values, ValueRanges(std::min(a, b), std::max(a, b)), one_in, random);
    ExpectSelected(*column, values, ValueRanges(a, a), one_in, random);
    ExpectSelected(*column, values, ValueRanges::Of({any(), a, INT64_MAX, any(), b, b, INT64_MIN}),
                   one_in, random);
  }
}

TEST(Column, ComesBackForAnyWidthAndDensity) {
  SeededRandom random(60);
  for (unsigned width = 0; width <= 64; ++width) {
    ExpectAll(RandomValues(1500, 1, width, 1, &random), ValueType::kInt64, false, &random);
    ExpectAll(RandomValues(1500, 0.3, width, 4, &random), ValueType::kInt64, true, &random);
    if (HasFatalFailure()) return;
  }
  for (double density : {0.0, 0.001, 0.5, 0.999}) {
    ExpectAll(RandomValues(5000, density, 17, 1, &random), ValueType::kTimestamp, false, &random);
    ExpectAll(RandomValues(5000, density, 17, 3, &random), ValueType::kInt64, true, &random,
              ReadMode::kPread);
  }
}

TEST(Column, ComesBackForAnyNumberOfDocuments) {
  SeededRandom random(61);
  for (size_t docs : {0, 1, 63, 64, 65, 1023, 1024, 1025, 2048, 3000}) {
    for (bool multi : {false, true}) {
      ExpectAll(RandomValues(docs, 0.7, 9, multi ? 5 : 1, &random), ValueType::kInt64, multi,
                &random);
      if (HasFatalFailure()) return;
    }
  }
}

TEST(Column, HoldsExtremes) {
  SeededRandom random(62);
  constexpr int64_t kMin = std::numeric_limits<int64_t>::min();
  constexpr int64_t kMax = std::numeric_limits<int64_t>::max();
  ExpectAll({{kMin}, {kMax}, {0}, {}, {-1}}, ValueType::kInt64, false, &random);
  ExpectAll({{kMax, kMin, kMax}, {}, {kMin}}, ValueType::kInt64, true, &random);
  ExpectAll({{1}, {0}, {}, {1}}, ValueType::kBool, false, &random);
  ExpectAll({std::vector<int64_t>(kMaxColumnValuesPerDoc, 5), {5}}, ValueType::kInt64, true,
            &random);
}

TEST(ValueRanges, AscendAndDoNotTouch) {
  using Ranges = std::vector<ValueRange>;
  const auto ranges_of = [](const ValueRanges& wanted) {
    return Ranges(wanted.ranges().begin(), wanted.ranges().end());
  };
  EXPECT_EQ(ranges_of(ValueRanges::Of({7, 3, INT64_MAX, 4, 4, INT64_MIN, INT64_MAX - 1, 9})),
            (Ranges{{INT64_MIN, INT64_MIN}, {3, 4}, {7, 7}, {9, 9}, {INT64_MAX - 1, INT64_MAX}}));
  EXPECT_EQ(ranges_of(ValueRanges(3, 2)), Ranges{});
  EXPECT_EQ(
      ranges_of(ValueRanges::OfRanges(
          {{8, 9}, {1, 3}, {INT64_MAX, INT64_MAX}, {4, 4}, {2, 2}, {7, 6}, {9, 12}, {15, 20}})),
      (Ranges{{1, 4}, {8, 12}, {15, 20}, {INT64_MAX, INT64_MAX}}));
  EXPECT_EQ(ranges_of(ValueRanges::OfRanges({{INT64_MIN, 0}, {1, INT64_MAX}})),
            (Ranges{{INT64_MIN, INT64_MAX}}));
  const ValueRanges wanted = ValueRanges::Of({1, 5, 9});
  EXPECT_TRUE(wanted.Contains(5));
  EXPECT_FALSE(wanted.Contains(6));
  EXPECT_EQ(wanted.Within(2, 4).size(), 0u);
  EXPECT_EQ(wanted.Within(2, 5).size(), 1u);
  EXPECT_EQ(wanted.Within(5, 9).size(), 2u);
  EXPECT_EQ(wanted.Within(INT64_MIN, INT64_MAX).size(), 3u);
}

TEST(Column, SkipsToLaterBlocks) {
  SeededRandom random(63);
  Values values(10000);
  values[9000] = {3};
  ExpectAll(values, ValueType::kInt64, false, &random);
}

TEST(Column, ConstantBlocksTakeThreeBytes) {
  const BuiltColumn built = Build(Values(4096, {42}), ValueType::kInt64, false);
  EXPECT_EQ(built.meta.blocks_bytes, 4u * 3);
}

TEST(Column, RefusesWhatItCannotHold) {
  TestFile file;
  ColumnWriter single(file.file(), ValueType::kInt64, false);
  ASSERT_TRUE(single.Add(5, 1).ok());
  EXPECT_EQ(CodeOf(single.Add(5, 1)), ErrorCode::kInvalidArgument);
  EXPECT_EQ(CodeOf(single.Add(4, 1)), ErrorCode::kInvalidArgument);
  EXPECT_EQ(CodeOf(single.Add(kEndOfDocs, 1)), ErrorCode::kInvalidArgument);
  const auto none = [](AddColumnValue) { return absl::OkStatus(); };  // one block has no order
  EXPECT_EQ(CodeOf(single.Finish(5, none).status()), ErrorCode::kInvalidArgument);
  EXPECT_TRUE(single.Finish(6, none).ok());
  ColumnWriter booleans(file.file(), ValueType::kBool, true);
  EXPECT_EQ(CodeOf(booleans.Add(0, 2)), ErrorCode::kInvalidArgument);
  EXPECT_EQ(CodeOf(booleans.Add(0, -1)), ErrorCode::kInvalidArgument);
  ColumnWriter many(file.file(), ValueType::kInt64, true);
  for (uint32_t i = 0; i < kMaxColumnValuesPerDoc; ++i) ASSERT_TRUE(many.Add(0, 1).ok());
  EXPECT_EQ(CodeOf(many.Add(0, 1)), ErrorCode::kInvalidArgument);
  ColumnWriter doubles(file.file(), ValueType::kFloat64, false);
  EXPECT_EQ(CodeOf(doubles.AddDouble(0, std::nan(""))), ErrorCode::kInvalidArgument);
}

TEST(OrderedDouble, KeepsOrderAndComesBack) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  const std::vector<double> ascending = {
      -kInfinity,         -1e300, -1.5,     -1e-310, 0.0, 5e-324, 1e-310, 1.0,
      1.0000000000000002, 1e300,  kInfinity};
  for (size_t i = 0; i < ascending.size(); ++i) {
    EXPECT_EQ(DoubleFromOrdered(OrderedFromDouble(ascending[i])), ascending[i]);
    EXPECT_TRUE(i == 0 || OrderedFromDouble(ascending[i - 1]) < OrderedFromDouble(ascending[i]));
  }
  EXPECT_EQ(OrderedFromDouble(-0.0), OrderedFromDouble(0.0));
  EXPECT_FALSE(std::signbit(DoubleFromOrdered(OrderedFromDouble(-0.0))));
  SeededRandom random(64);
  for (int i = 0; i < 100000; ++i) {
    const auto a = std::bit_cast<double>(random.Next());
    const auto b = std::bit_cast<double>(random.Next());
    if (std::isnan(a) || std::isnan(b)) continue;
    ASSERT_EQ(a < b, OrderedFromDouble(a) < OrderedFromDouble(b)) << a << ' ' << b;
  }
}

TEST(Column, HoldsDoubles) {
  TestFile file;
  ColumnWriter writer(file.file(), ValueType::kFloat64, false);
  const std::vector<double> values = {1.5, -2.25, 0, 1e100, -1e-100};
  for (DocId doc = 0; doc < values.size(); ++doc) {
    ASSERT_TRUE(writer.AddDouble(doc, values[doc]).ok());
  }
  const auto meta = writer.Finish(5, [&](AddColumnValue add) -> absl::Status {
    for (DocId doc = 0; doc < values.size(); ++doc) {
      SEGUE_RETURN_IF_ERROR(add(doc, OrderedFromDouble(values[doc])));
    }
    return absl::OkStatus();
  });
  ASSERT_TRUE(meta.ok());
  const auto column = Column::Open(file.Body(), *meta);
  ASSERT_TRUE(column.ok());
  for (DocId doc = 0; doc < values.size(); ++doc) {
    EXPECT_EQ(DoubleFromOrdered(**column->Get(doc)), values[doc]);
  }
  ColumnBlockMask negative;
  negative.fill(~uint64_t{0});
  const ValueRanges range(OrderedFromDouble(-10), OrderedFromDouble(-1e-200));
  ASSERT_TRUE(column->Select(0, range, &negative).ok());
  EXPECT_EQ(negative, ColumnBlockMask{0b10010});
}

// ---- Damage ----

void Exercise(const Section& body, const ColumnMeta& meta) {
  const auto column = Column::Open(body, meta);
  const auto is_fine = [](const absl::Status& status) {
    return status.ok() || CodeOf(status) == ErrorCode::kDataLoss;
  };
  ASSERT_TRUE(is_fine(column.status())) << column.status();
  if (!column.ok()) return;
  ColumnBlock block;
  std::vector<int64_t> values;
  for (uint32_t b = 0; b < std::min(8u, column->block_count()); ++b) {
    EXPECT_TRUE(is_fine(column->DecodeBlock(b, &block)));
    const DocId first = b * kColumnBlockDocs;
    for (DocId doc = first; doc < std::min(column->doc_count(), first + 1024); doc += 37) {
      EXPECT_TRUE(is_fine(column->Get(doc).status()));
      EXPECT_TRUE(is_fine(column->GetAll(doc, &values)));
    }
  }
  for (uint32_t b = 0; b < std::min(5u, column->block_count()); ++b) {
    for (const ValueRanges& wanted :
         {ValueRanges::All(), ValueRanges(-1000, 1000), ValueRanges::Of({0, 3, 1 << 20})}) {
      for (const uint64_t asked : {~uint64_t{0}, uint64_t{1}}) {
        ColumnBlockMask docs;
        docs.fill(asked);
        EXPECT_TRUE(is_fine(column->Select(b, wanted, &docs)));
      }
    }
  }
}

TEST(ColumnDamage, AnyDamageIsAResultOrDataLoss) {
  SeededRandom random(65);
  for (int shape = 0; shape < 4; ++shape) {
    const bool multi = shape & 1;
    const BuiltColumn built =
        Build(RandomValues(3000, shape & 2 ? 0.4 : 1, multi ? 5 : 50, multi ? 4 : 1, &random),
              ValueType::kInt64, multi);
    const std::string bytes(built.body.PinAll()->view());
    for (int round = 0; round < 700; ++round) {
      std::string damaged = bytes;
      // The directory, the heads of blocks and anything else.
      const size_t directory = built.meta.offset + built.meta.blocks_bytes;
      const size_t at =
          random.OneIn(2) ? directory + random.Below(96) : built.meta.offset + random.Below(10);
      if (!random.OneIn(3)) damaged[at] = static_cast<char>(random.Next());
      if (random.OneIn(2)) damaged = Damaged(damaged, &random);
      Exercise(Section::FromBytes(damaged), built.meta);
      ColumnMeta meta = built.meta;
      uint64_t* const numbers[] = {&meta.value_count, &meta.offset, &meta.blocks_bytes,
                                   &meta.directory_bytes};
      *numbers[random.Below(4)] = random.Next() >> random.Below(64);
      if (random.OneIn(3)) meta.doc_count = random.U32() >> random.Below(32);
      Exercise(built.body, meta);
      if (HasFatalFailure()) return;
    }
  }
}

// A column of one block that can be changed behind its record, and its record behind the column.
struct HandMade {
  explicit HandMade(const Values& values, ValueType type = ValueType::kInt64, bool multi = false) {
    const BuiltColumn built = Build(values, type, multi);
    const std::string bytes(built.body.PinAll()->view());
    meta = built.meta;
    block = bytes.substr(meta.offset, meta.blocks_bytes);
    record = ColumnBlockRecord::Decode(reinterpret_cast<const uint8_t*>(bytes.data()) +
                                       meta.offset + meta.blocks_bytes);
    meta.offset = 0;
  }
  absl::StatusOr<Column> Open() {
    meta.blocks_bytes = record.end = block.size();
    meta.docs_with_value = record.docs_with_value;
    meta.value_count = record.value_count;
    ByteWriter bytes;
    bytes.PutBytes(block);
    record.Encode(&bytes);
    bytes.PutU8(0);  // no order
    return Column::Open(Section::FromBytes(bytes.view()), meta);
  }
  absl::Status Decode() {
    ColumnBlock decoded;
    return Open()->DecodeBlock(0, &decoded);
  }
  absl::Status Select(int64_t low, int64_t high) {
    ColumnBlockMask docs;
    docs.fill(~uint64_t{0});
    return Open()->Select(0, ValueRanges(low, high), &docs);
  }
  // Of the documents of the first word.
  absl::Status Visit(uint64_t docs, std::vector<std::pair<uint32_t, int64_t>>* visited) {
    return Open()->VisitValues(0, ColumnBlockMask{docs}, [visited](uint32_t i, int64_t value) {
      visited->emplace_back(i, value);
    });
  }

  std::string block;
  ColumnBlockRecord record;
  ColumnMeta meta;
};

void ExpectLoss(const absl::Status& status, std::string_view what) {
  EXPECT_EQ(CodeOf(status), ErrorCode::kDataLoss) << what;
  EXPECT_NE(MessageOf(status).find(what), std::string_view::npos) << status;
}

TEST(ColumnDamage, BlocksThatContradictTheirRecords) {
  HandMade none(Values{{1}, {2}});
  none.record.docs_with_value = none.record.value_count = 0;
  ExpectLoss(none.Decode(), "values where there are none");
  HandMade cut(Values{{1}, {2}});
  cut.block.resize(2);
  ExpectLoss(cut.Decode(), "a column block ends early");
  ExpectLoss(cut.Select(1, 1), "a column block ends early");
  const std::string contradicts = "a column block that contradicts its record";
  HandMade full(Values{{1}, {}});
  full.record.docs_with_value = full.record.value_count = 2;
  ExpectLoss(full.Decode(), contradicts);
  HandMade multi(Values{{1, 2}, {3}}, ValueType::kInt64, true);
  multi.record.value_count = 2;
  ExpectLoss(multi.Decode(), contradicts);
  HandMade bomb(Values{std::vector<int64_t>(2000, 5)}, ValueType::kInt64, true);
  bomb.block[1] = 0;  // bits of a value
  ExpectLoss(bomb.Decode(), "impossible widths");
}

TEST(ColumnDamage, ValuesOutOfTheirPlace) {
  HandMade beyond(Values{{1}, {}, {3}});
  beyond.block[3] = static_cast<char>(beyond.block[3] | 0x20);  // a sixth document
  ExpectLoss(beyond.Decode(), "values out of their place");
  ExpectLoss(beyond.Select(1, 2), "values out of their place");
  // The starts 0, 2, 3 in two bits each.
  HandMade starts(Values{{0, 1}, {2}}, ValueType::kInt64, true);
  ASSERT_EQ(starts.block[3], 0x38);
  starts.block[3] = 0x24;  // 0, 1, 2
  ExpectLoss(starts.Decode(), "values of no document");
  starts.block[3] = 0x30;  // 0, 0, 3
  ExpectLoss(starts.Select(1, 1), "values out of their place");
}

TEST(ColumnDamage, ValuesAboveTheMaximum) {
  HandMade single(Values{{0}, {5}});
  single.record.max = 3;
  ExpectLoss(single.Decode(), "above its block's maximum");
  EXPECT_EQ(**single.Open()->Get(0), 0);
  ExpectLoss(single.Open()->Get(1).status(), "above the block's maximum");
  HandMade multi(Values{{0, 5}, {1}}, ValueType::kInt64, true);
  multi.record.max = 3;
  ExpectLoss(multi.Decode(), "above its block's maximum");
}

TEST(ColumnDamage, AValueAboveTheMaximumIsNotWanted) {
  HandMade above(Values{{0}, {10000}, {5}});
  above.record.max = 7;
  ColumnBlockMask docs{0b111};
  ASSERT_TRUE(above.Open()->Select(0, ValueRanges::Of({0, 5}), &docs).ok());
  EXPECT_EQ(docs, ColumnBlockMask{0b101});
}

TEST(ColumnDamage, ValuesAreVisitedOnceOrDamaged) {
  using Visited = std::vector<std::pair<uint32_t, int64_t>>;
  Visited visited;
  HandMade sound(Values{{1}, {}, {3}});
  ASSERT_TRUE(sound.Visit(~uint64_t{0}, &visited).ok()) << "documents behind the last are ignored";
  EXPECT_EQ(visited, (Visited{{0, 1}, {2, 3}}));
  HandMade cut(Values{{1}, {2}});
  cut.block.resize(2);
  ExpectLoss(cut.Visit(1, &visited), "a column block ends early (block 0)");
  HandMade above(Values{{0}, {5}});
  above.record.max = 3;
  visited.clear();
  ExpectLoss(above.Visit(3, &visited), "a value above the block's maximum (block 0)");
  EXPECT_EQ(visited, (Visited{{0, 0}}));

  // The starts 0, 2, 3, 4 in three bits each.
  HandMade starts(Values{{0, 1}, {2}, {3}}, ValueType::kInt64, true);
  ASSERT_EQ(starts.block.substr(3, 2), "\xd0\x08");
  starts.block.replace(3, 2, "\x58\x04");  // 0, 3, 1, 2: the last document repeats a value
  visited.clear();
  ExpectLoss(starts.Visit(0b101, &visited), "values out of their place (block 0)");
  EXPECT_EQ(visited, (Visited{{0, 0}, {0, 1}, {0, 2}}));
  ExpectLoss(starts.Visit(0b010, &visited), "values out of their place (block 0)");
}

TEST(ColumnDamage, BooleansAreZeroOrOne) {
  HandMade above(Values{{1}, {0}}, ValueType::kBool);
  above.record.max = 2;
  ExpectLoss(above.Open().status(), "contradicts itself");
  HandMade below(Values{{1}, {0}}, ValueType::kBool);
  below.record.min = -1;
  ExpectLoss(below.Open().status(), "contradicts itself");
}

TEST(ColumnDamage, PlacesThatCannotBeRead) {
  SeededRandom random(66);
  const BuiltColumn built = Build(RandomValues(20000, 1, 64, 1, &random), ValueType::kInt64, false);
  const std::string bytes(built.body.PinAll()->view());
  const auto column = Column::Open(WithBadBlockAt(bytes, 100), built.meta);
  ASSERT_TRUE(column.ok()) << column.status();
  EXPECT_EQ(CodeOf(column->Get(0).status()), ErrorCode::kDataLoss);
  EXPECT_TRUE(column->Get(19999).ok());
  ColumnMeta meta = built.meta;
  meta.offset = UINT64_MAX;
  EXPECT_EQ(CodeOf(Column::Open(built.body, meta).status()), ErrorCode::kDataLoss);
}

TEST(ColumnMeta, SurvivesEncodingAndRefusesWhatCannotBe) {
  const ColumnMeta meta{ValueType::kTimestamp, true, 2000, 100, 250, 64, 999, 64};
  ByteWriter out;
  meta.Encode(&out);
  ByteReader in(out.view());
  const auto decoded = ColumnMeta::Decode(&in);
  ASSERT_TRUE(decoded.ok()) << decoded.status();
  EXPECT_EQ(*decoded, meta);
  for (size_t n = 0; n < out.size(); ++n) {
    ByteReader cut(out.view().substr(0, n));
    EXPECT_EQ(CodeOf(ColumnMeta::Decode(&cut).status()), ErrorCode::kDataLoss);
  }
  const auto code = [&](auto change) {
    ColumnMeta changed = meta;
    change(&changed);
    ByteWriter bytes;
    changed.Encode(&bytes);
    ByteReader reader(bytes.view());
    return CodeOf(ColumnMeta::Decode(&reader).status());
  };
  EXPECT_EQ(code([](ColumnMeta* m) { m->type = ValueType::kText; }), ErrorCode::kDataLoss);
  EXPECT_EQ(code([](ColumnMeta* m) { m->multi = false; }), ErrorCode::kDataLoss);
  EXPECT_EQ(code([](ColumnMeta* m) { m->docs_with_value = 2001; }), ErrorCode::kDataLoss);
  EXPECT_EQ(code([](ColumnMeta* m) { m->value_count = 99; }), ErrorCode::kDataLoss);
  EXPECT_EQ(code([](ColumnMeta* m) { m->directory_bytes = 32; }), ErrorCode::kDataLoss);
  EXPECT_EQ(code([](ColumnMeta* m) { m->doc_count = kEndOfDocs + 1; }), ErrorCode::kDataLoss);
  EXPECT_EQ(code([](ColumnMeta* m) { m->offset = UINT64_MAX - 998; }), ErrorCode::kDataLoss);
}

}  // namespace
}  // namespace segue
