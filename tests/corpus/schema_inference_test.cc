// SPDX-License-Identifier: Apache-2.0
#include "corpus/schema_inference.h"

#include <gtest/gtest.h>

#include "corpus/document_maker.h"

namespace segue {
namespace {

Record Make(std::vector<RecordField> fields, bool typed = true) {
  Record record;
  record.fields = std::move(fields);
  record.typed = typed;
  record.file = "test";
  record.line = 3;
  return record;
}

FieldType TypeOf(const Schema& schema, std::string_view name) {
  const Field* field = schema.Find(name);
  return field == nullptr ? FieldType::kBytes : field->options.type;
}

TEST(SchemaInference, TypesKeyAndStorage) {
  SchemaInference inference("");
  inference.Observe(Make({{"id", int64_t{1}},
                          {"t", "x"},
                          {"n", int64_t{1}},
                          {"f", 0.5},
                          {"b", true},
                          {"m", "a"},
                          {"m", "b"}}));
  inference.Observe(Make({{"id", "two"}, {"n", int64_t{5}}}));
  const absl::StatusOr<Schema> schema = inference.ToSchema();
  ASSERT_TRUE(schema.ok()) << schema.status();
  EXPECT_TRUE(schema->Validate().ok());
  EXPECT_EQ(schema->key(), "id");
  EXPECT_EQ(TypeOf(*schema, "id"), FieldType::kKeyword);
  EXPECT_EQ(TypeOf(*schema, "t"), FieldType::kText);
  EXPECT_EQ(TypeOf(*schema, "n"), FieldType::kInt64);
  EXPECT_EQ(TypeOf(*schema, "f"), FieldType::kFloat64);
  EXPECT_EQ(TypeOf(*schema, "b"), FieldType::kBool);
  EXPECT_TRUE(schema->Find("m")->options.multi);
  for (const Field& field : schema->fields()) EXPECT_TRUE(field.options.stored) << field.name;
}

TEST(SchemaInference, TypesOnlyWiden) {
  SchemaInference inference("");
  inference.Observe(Make({{"n", int64_t{1}}, {"b", true}, {"s", "x"}}));
  SchemaInference::Change change = inference.Observe(Make({{"n", 2.5}, {"new", "y"}}));
  EXPECT_EQ(change.widened_fields, std::vector<std::string>{"n"});
  EXPECT_EQ(change.new_fields, std::vector<std::string>{"new"});
  EXPECT_EQ(TypeOf(*inference.ToSchema(), "n"), FieldType::kFloat64);
  EXPECT_FALSE(inference.Observe(Make({{"n", int64_t{7}}})).any());
  change = inference.Observe(Make({{"n", "text"}, {"b", int64_t{1}}, {"s", true}}));
  EXPECT_EQ(change.widened_fields, (std::vector<std::string>{"n", "b"}));
  EXPECT_EQ(TypeOf(*inference.ToSchema(), "n"), FieldType::kText);
  EXPECT_EQ(TypeOf(*inference.ToSchema(), "b"), FieldType::kText);
}

TEST(SchemaInference, KeysMustBeInEveryRecord) {
  SchemaInference sometimes("");
  sometimes.Observe(Make({{"id", "1"}, {"key", "k"}}));
  sometimes.Observe(Make({{"key", "l"}}));
  EXPECT_EQ(sometimes.ToSchema()->key(), "key");

  SchemaInference fraction("");
  fraction.Observe(Make({{"id", 0.5}}));
  EXPECT_EQ(fraction.ToSchema()->key(), "");

  SchemaInference beir("");
  beir.Observe(Make({{"_id", "1"}, {"title", "t"}, {"text", "x"}}));
  EXPECT_EQ(beir.ToSchema()->key(), "_id");

  SchemaInference given("title");
  given.Observe(Make({{"id", "1"}, {"title", "t"}}));
  EXPECT_EQ(given.ToSchema()->key(), "title");
  EXPECT_EQ(TypeOf(*given.ToSchema(), "id"), FieldType::kText);

  SchemaInference missing("nope");
  missing.Observe(Make({{"id", "1"}}));
  EXPECT_EQ(CodeOf(missing.ToSchema().status()), ErrorCode::kInvalidArgument);
}

TEST(SchemaInference, CellsThatLookLikeNumbers) {
  EXPECT_EQ(KindOfCell("12"), CellKind::kInt64);
  EXPECT_EQ(KindOfCell("-12"), CellKind::kInt64);
  EXPECT_EQ(KindOfCell("0"), CellKind::kInt64);
  EXPECT_EQ(KindOfCell("0.50"), CellKind::kFloat64);
  EXPECT_EQ(KindOfCell("true"), CellKind::kBool);
  for (const char* text : {"", "007", "1e5", "+1", "1.", ".5", "-", "12a", "1,5", "True",
                           "99999999999999999999", "1.2.3"}) {
    EXPECT_EQ(KindOfCell(text), CellKind::kText) << text;
  }
  SchemaInference inference("");
  inference.Observe(Make({{"zip", "12345"}, {"n", "1"}}, false));
  inference.Observe(Make({{"zip", "01234"}, {"n", "2.5"}}, false));
  EXPECT_EQ(TypeOf(*inference.ToSchema(), "zip"), FieldType::kText);
  EXPECT_EQ(TypeOf(*inference.ToSchema(), "n"), FieldType::kFloat64);
}

TEST(SchemaInference, NamesThatNoFieldCanHave) {
  SchemaInference inference("");
  inference.Observe(Make({{"", "x"}, {std::string(300, 'n'), "x"}, {"a\x01", "x"}, {"fine", "x"}}));
  for (int i = 0; i < 5000; ++i) inference.Observe(Make({{"f" + std::to_string(i), int64_t{1}}}));
  const absl::StatusOr<Schema> schema = inference.ToSchema();
  ASSERT_TRUE(schema.ok()) << schema.status();
  EXPECT_EQ(schema->fields().size(), 4096u);
  EXPECT_EQ(schema->fields()[0].name, "fine");
}

TEST(DocumentMaker, PartsOfPoints) {
  const absl::StatusOr<Schema> schema = Schema::FromJson(
      R"({"fields":{"p":{"type":"geo_point","multi":true},"q":{"type":"geo_point"},)"
      R"("q.lat":{"type":"float64"}}})");
  ASSERT_TRUE(schema.ok()) << schema.status();
  DocumentMaker maker(*schema);
  Document document;
  Record record = Make({{"p.lat", 48.1},
                        {"p.lon", int64_t{11}},
                        {"p", "1,2"},
                        {"p.lon", -3.5},
                        {"q.lat", 5.0},
                        {"p.lat", 4.5},
                        {"q.lon", 6.0}});
  const absl::Status bad_part = maker.Make(&record, &document);
  EXPECT_NE(MessageOf(bad_part).find("a point needs a"), std::string_view::npos) << bad_part;
  record.fields = {{"p.lat", 48.1}, {"p.lon", int64_t{11}}, {"p", "1,2"},
                   {"p.lon", -3.5}, {"q.lat", 5.0},         {"p.lat", 4.5}};
  ASSERT_TRUE(maker.Make(&record, &document).ok());
  Document wanted;
  wanted.Add("p", GeoPoint{48.1, 11}).Add("p", GeoPoint{1, 2});
  wanted.Add("q.lat", 5.0).Add("p", GeoPoint{4.5, -3.5});
  EXPECT_EQ(document, wanted);
  record = Make({{"p.lat", "48.1"}, {"p.lon", "11"}, {"q", "3,4"}}, false);
  ASSERT_TRUE(maker.Make(&record, &document).ok());
  EXPECT_EQ(*document.Find("p"), Value(GeoPoint{48.1, 11}));
  EXPECT_EQ(*document.Find("q"), Value(GeoPoint{3, 4}));
  for (Record bad :
       {Make({{"p.lat", 1.0}}), Make({{"p.lat", 1.0}, {"p.lat", 2.0}}),
        Make({{"p.lat", "1"}, {"p.lon", "2"}}), Make({{"p.lat", 91.0}, {"p.lon", 0.0}}),
        Make({{"p.lat", "x"}, {"p.lon", "1"}}, false), Make({{"p", "x"}})}) {
    const absl::Status status = maker.Make(&bad, &document);
    EXPECT_EQ(CodeOf(status), ErrorCode::kInvalidArgument) << bad.fields[0].name;
    EXPECT_EQ(MessageOf(status).rfind("test:3: ", 0), 0u) << status;
  }
  EXPECT_TRUE(maker.dropped().by_name.empty());
}

TEST(DocumentMaker, ConvertsByTheSchema) {
  const absl::StatusOr<Schema> schema = Schema::FromJson(
      R"({"fields":{"t":{"type":"text"},"k":{"type":"keyword"},"i":{"type":"int64"},)"
      R"("f":{"type":"float64"},"b":{"type":"bool"},"when":{"type":"timestamp"},)"
      R"("all":{"type":"text","from":["t","source"]}}})");
  ASSERT_TRUE(schema.ok()) << schema.status();
  DocumentMaker maker(*schema);
  Document document;
  Record record = Make({{"t", int64_t{5}},
                        {"k", int64_t{7}},
                        {"f", int64_t{2}},
                        {"source", "s"},
                        {"unknown", "u"},
                        {"when", "1970-01-01T00:00:01Z"}});
  ASSERT_TRUE(maker.Make(&record, &document).ok());
  EXPECT_EQ(*document.Find("t"), Value("5"));
  EXPECT_EQ(*document.Find("k"), Value("7"));
  EXPECT_EQ(*document.Find("f"), Value(2.0));
  EXPECT_EQ(*document.Find("source"), Value("s"));
  EXPECT_EQ(*document.Find("when"), Value(int64_t{1'000'000}));
  EXPECT_EQ(document.Find("unknown"), nullptr);
  EXPECT_EQ(maker.dropped().by_name, (std::map<std::string, uint64_t>{{"unknown", 1}}));

  record =
      Make({{"i", "12"}, {"f", "1.5"}, {"b", "false"}, {"when", "1970-01-01T00:00:00Z"}}, false);
  ASSERT_TRUE(maker.Make(&record, &document).ok());
  EXPECT_EQ(*document.Find("i"), Value(int64_t{12}));
  EXPECT_EQ(*document.Find("f"), Value(1.5));
  EXPECT_EQ(*document.Find("b"), Value(false));

  for (Record bad : {Make({{"i", "x"}}), Make({{"i", 1.5}}), Make({{"b", int64_t{1}}}),
                     Make({{"when", "yesterday"}}), Make({{"i", "x"}}, false)}) {
    const std::string name = bad.fields[0].name;
    const absl::Status status = maker.Make(&bad, &document);
    EXPECT_EQ(CodeOf(status), ErrorCode::kInvalidArgument) << name;
    EXPECT_EQ(MessageOf(status).rfind("test:3: ", 0), 0u) << status;
    EXPECT_NE(MessageOf(status).find(name), std::string_view::npos) << status;
  }
}

}  // namespace
}  // namespace segue
