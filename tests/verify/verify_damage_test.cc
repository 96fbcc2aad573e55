// SPDX-License-Identifier: Apache-2.0
//
// Random damage behind valid checksums. What verify does not report must be harmless: padding, or
// a bound that became looser. The index must then answer as before. (Only a stored text that is not
// indexed, or is analysed as before, has nothing that could contradict it.)
#include <gtest/gtest.h>

#include <map>

#include "corpus/catalogue.h"
#include "corpus/document_maker.h"
#include "engine/base/check.h"
#include "engine/verify/verify.h"
#include "tests/support/seeded_random.h"
#include "tests/verify/answers.h"
#include "tests/verify/sealed_index.h"

namespace segue {
namespace {

// Checked and sanitized builds take ten times as long.
constexpr int kDamages = SEGUE_CHECKS_ON ? 50 : 150;
constexpr int kMustBeFound = kDamages * 2 / 3;
constexpr int kUnsealedDamages = SEGUE_CHECKS_ON ? 20 : 60;

std::vector<FileImage> SampleFiles() {
  const Schema schema = Catalogue::MakeSchema();
  const Catalogue catalogue({.documents = 2500, .seed = 11, .transcript_words = 40});
  DocumentMaker maker(schema);
  std::vector<Document> documents(catalogue.documents());
  Record record;
  for (uint64_t i = 0; i < catalogue.documents(); ++i) {
    catalogue.Make(i, &record);
    EXPECT_TRUE(maker.Make(&record, &documents[i]).ok());
  }
  return ReadFiles(BuildIndex(schema, documents, 1300, {"track-1", "episode-4"}).get());
}

// One of the things that happen to bytes.
void Damage(SeededRandom* random, std::string* body) {
  if (body->empty()) return;
  const size_t at = random->Below(body->size());
  switch (random->Below(4)) {
    case 0:
      (*body)[at] = static_cast<char>((*body)[at] ^ (1u << random->Below(8)));
      break;
    case 1:
      (*body)[at] = static_cast<char>(random->Below(256));
      break;
    case 2:
      (*body)[at] = static_cast<char>((*body)[at] + 1);
      break;
    default:
      for (size_t i = at; i < std::min(at + 8, body->size()); ++i) (*body)[i] = 0;
      break;
  }
}

TEST(VerifyDamage, FindsSealedDamage) {
  const std::vector<FileImage> files = SampleFiles();
  const std::string answers = AnswersOf(WriteFiles(files).get());
  const std::string without_stored = AnswersOf(WriteFiles(files).get(), /*with_stored=*/false);
  ASSERT_GT(without_stored.size(), 100000u);
  std::vector<std::string> names;
  for (const FileImage& file : files) {
    if (!file.name.starts_with("manifest-")) names.push_back(file.name);
  }
  std::map<std::string, int> unseen;  // by kind of file
  int found = 0;
  for (int i = 0; i < kDamages; ++i) {
    SeededRandom random(static_cast<uint64_t>(i));
    const std::string& name = names[random.Below(names.size())];
    std::vector<FileImage> changed = files;
    if (!ChangeSealed(&changed, name, [&](std::string* body) { Damage(&random, body); })) continue;
    const auto report = VerifyIndex(WriteFiles(changed).get(), kIndexFolder);
    // Damage never counts as another kind of failure.
    const bool version = CodeOf(report.status()) == ErrorCode::kVersion;
    ASSERT_TRUE(report.ok() || version) << report.status() << " damage " << i << " of " << name;
    if (version || !report->ok()) {
      ++found;
      // Searching what is damaged gives some answer or an error; sanitizers watch for anything
      // else.
      if (i % 5 == 0) {
        EXPECT_FALSE(AnswersOf(WriteFiles(changed).get()).empty());
      }
    } else {
      ++unseen[name.substr(name.rfind('.'))];
      const bool stored = name.ends_with(".stored");
      EXPECT_TRUE(AnswersOf(WriteFiles(changed).get(), !stored) ==
                  (stored ? without_stored : answers))
          << "damage " << i << " of " << name << " is not seen, and changes what users see";
    }
  }
  std::string harmless;
  int missed = 0;
  for (const auto& [kind, count] : unseen) {
    harmless += kind + " " + std::to_string(count) + "  ";
    missed += count;
  }
  std::printf("%d damages found; not seen: %s\n", found, harmless.c_str());
  EXPECT_GE(found, kMustBeFound);
  // Padding is a few percent of these small files: 5 to 11 of 150 in most runs.
  EXPECT_LE(missed, kDamages / 5) << harmless;
}

TEST(VerifyDamage, UnsealedDamageIsFoundAlways) {
  const std::vector<FileImage> files = SampleFiles();
  for (int i = 0; i < kUnsealedDamages; ++i) {
    SeededRandom random(1000 + static_cast<uint64_t>(i));
    std::vector<FileImage> changed = files;
    FileImage& file = changed[random.Below(changed.size())];
    const size_t at = random.Below(file.bytes.size());
    file.bytes[at] = static_cast<char>(file.bytes[at] ^ (1u << random.Below(8)));
    const auto report = VerifyIndex(WriteFiles(changed).get(), kIndexFolder);
    EXPECT_TRUE(CodeOf(report.status()) == ErrorCode::kVersion || (report.ok() && !report->ok()))
        << file.name << " byte " << at << ": " << report.status();
  }
}

}  // namespace
}  // namespace segue
