// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "tests/corpus/loading.h"
#include "tests/corpus/temp_folder.h"

namespace segue {
namespace {

using Strings = std::vector<std::string>;

constexpr char kPackages[] =
    "Package: vim\n"
    "Version: 2:9.0\n"
    "Installed-Size: 3738\n"
    "Description: Vi IMproved\n"
    "Description-md5: 59e8b8f7757db8b53566d5d119872de8\n"
    "Tag: devel::editor, role::program,\n"
    " use::editing\n"
    "Section: editors\n"
    "\n"
    "\n"
    "Package: nano\n"
    "Description: small editor\n"
    " An easy editor.\n"
    " .\n"
    " Friendly.\n"
    "Section: editors\n";

TEST(DebianReader, ParagraphsAndContinuations) {
  TempFolder folder;
  const Loaded loaded = Load({folder.Write("available", kPackages)});
  EXPECT_TRUE(loaded.final.ok());
  EXPECT_EQ(loaded.records,
            (Strings{R"({"id":"vim","name":"vim","version":"2:9.0","section":"editors",)"
                     R"("installed_kib":3738,"tag":["devel::editor","role::program",)"
                     R"("use::editing"],"synopsis":"Vi IMproved"})",
                     R"({"id":"nano","name":"nano","section":"editors","synopsis":"small editor",)"
                     R"("description":"An easy editor.\n\nFriendly."})"}));
  EXPECT_EQ(loaded.lines, (std::vector<uint64_t>{1, 11}));
}

TEST(DebianReader, LongDescriptionsComeFromTranslations) {
  TempFolder folder;
  const std::string packages = folder.Write("available", kPackages);
  const std::string translations =
      folder.Write("main_i18n_Translation-en",
                   "Package: vim\nDescription-md5: 59e8b8f7757db8b53566d5d119872de8\n"
                   "Description-en: Vi IMproved - enhanced\n Vim is almost compatible.\n");
  // In any order.
  const Loaded loaded = Load({packages, translations});
  ASSERT_EQ(loaded.records.size(), 2u);
  EXPECT_NE(loaded.records[0].find("\"description\":\"Vim is almost compatible.\""),
            std::string::npos)
      << loaded.records[0];
}

TEST(DebianReader, BadParagraphsAreBadRecords) {
  TempFolder folder;
  const Loaded loaded = Load({folder.Write("available",
                                           "Package: a\n\nVersion: 1\n\nPackage: b\nnonsense\n"
                                           "\n x\n\nPackage: c\n")});
  EXPECT_EQ(loaded.records, (Strings{R"({"id":"a","name":"a"})", R"({"id":"c","name":"c"})"}));
  ASSERT_EQ(loaded.bad.size(), 3u);
  EXPECT_NE(loaded.bad[0].find(":3: a paragraph without"), std::string::npos) << loaded.bad[0];
  EXPECT_NE(loaded.bad[1].find(":6: neither"), std::string::npos) << loaded.bad[1];
  EXPECT_NE(loaded.bad[2].find(":8: continues"), std::string::npos) << loaded.bad[2];
}

TEST(DebianReader, HasASchemaOfItsOwn) {
  const std::optional<Schema> schema = SchemaOfFormat(Format::kDebian);
  ASSERT_TRUE(schema.has_value());
  EXPECT_EQ(schema->key(), "id");
  EXPECT_TRUE(schema->Validate().ok());
  EXPECT_FALSE(SchemaOfFormat(Format::kCsv).has_value());
}

}  // namespace
}  // namespace segue
