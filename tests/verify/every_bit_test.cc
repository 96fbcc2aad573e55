// SPDX-License-Identifier: Apache-2.0
//
// Every bit of every file of a small index with all features is turned over, every file is cut at
// every length. Nothing may crash, no answer may be wrong: it is the right one, or an error that
// names the damaged file. And verify finds every single one.
//
// An index that also has dense lists and maps of windows gets one bit of 4,001 turned over, with
// SEGUE_EVERY_BIT=1 one of 61.
//
// Checked and sanitized builds, which take ten times as long, do a seeded share of it.
#include <gtest/gtest.h>

#include <cstdlib>
#include <string>
#include <vector>

#include "engine/base/check.h"
#include "engine/base/strings.h"
#include "engine/verify/verify.h"
#include "tests/support/seeded_random.h"
#include "tests/verify/patched_env.h"
#include "tests/verify/questions.h"
#include "tests/verify/sealed_index.h"

namespace segue {
namespace {

std::vector<FileImage> SmallIndex(size_t documents, size_t flush_every,
                                  StoredCompression compression = StoredCompression::kSnappy) {
  Schema schema = QuestionSchema();
  schema.SetStoredCompression(compression);
  return ReadFiles(BuildIndex(schema, QuestionDocuments(documents), flush_every, {"k2"}).get());
}

class Damages {
 public:
  explicit Damages(const std::vector<FileImage>& files)
      : env_(files), right_(AskEverything(&env_, ReadMode::kMmap)) {
    for (const Answer& answer : right_) EXPECT_TRUE(answer.status.ok()) << answer.status;
    EXPECT_GT(right_.size(), 100u);
    EXPECT_TRUE(VerifyIndex(&env_, kIndexFolder)->ok());
  }

  // What is wrong with what an index with this damage says; empty: nothing.
  std::string Try(const FileImage& file, std::optional<std::string> bytes) {
    env_.Patch(file.name, std::move(bytes));
    ++tried_;
    const ReadMode mode = tried_ % 5 == 0 ? ReadMode::kPread : ReadMode::kMmap;
    std::string wrong = CheckAnswers(file, AskEverything(&env_, mode));
    if (wrong.empty()) wrong = CheckVerify(file);
    return wrong;
  }

  uint64_t found_by_questions() const { return found_by_questions_; }

 private:
  std::string CheckAnswers(const FileImage& file, const std::vector<Answer>& answers) {
    bool found = false;
    if (answers.size() != right_.size() && (answers.size() != 1 || answers[0].status.ok())) {
      return Cat(answers.size(), " answers instead of ", right_.size());
    }
    for (size_t i = 0; i < answers.size(); ++i) {
      const Answer& answer = answers[i];
      if (answer.status.ok()) {
        if (answer.text != right_[i].text) return Cat("wrong answer ", i, ": ", answer.text);
        continue;
      }
      found = true;
      if (CodeOf(answer.status) != ErrorCode::kDataLoss ||
          MessageOf(answer.status).find(file.name) == std::string_view::npos) {
        return answer.status.ToString();
      }
    }
    if (found) ++found_by_questions_;
    return {};
  }

  std::string CheckVerify(const FileImage& file) {
    VerifyOptions options;
    options.compare_stored = false;
    const auto report = VerifyIndex(&env_, kIndexFolder, options);
    if (!report.ok()) return report.status().ToString();
    if (report->ok()) return "verify finds nothing";
    for (const std::string& problem : report->problems) {
      if (problem.find(file.name) != std::string::npos) return {};
    }
    return Cat("verify does not name it: ", report->problems[0]);
  }

  PatchedEnv env_;
  const std::vector<Answer> right_;
  uint64_t tried_ = 0;
  uint64_t found_by_questions_ = 0;
};

// Turns over every `stride`-th bit of all files; returns how many.
uint64_t TurnBits(const std::vector<FileImage>& files, uint64_t stride, uint64_t first,
                  Damages* damages) {
  uint64_t count = 0, number = 0;
  for (const FileImage& file : files) {
    for (size_t bit = 0; bit < 8 * file.bytes.size(); ++bit, ++number) {
      if (number % stride != first) continue;
      std::string bytes = file.bytes;
      bytes[bit / 8] = static_cast<char>(bytes[bit / 8] ^ (1 << (bit % 8)));
      const std::string wrong = damages->Try(file, std::move(bytes));
      EXPECT_EQ(wrong, "") << file.name << " bit " << bit;
      if (!wrong.empty()) return count;
      ++count;
    }
  }
  return count;
}

TEST(EveryBit, OfASmallIndexWithAllFeatures) {
  const std::vector<FileImage> files = SmallIndex(12, 7);
  Damages damages(files);
  size_t bytes = 0;
  for (const FileImage& file : files) bytes += file.bytes.size();
  const uint64_t stride = SEGUE_CHECKS_ON ? 37 : 1;
  const uint64_t turned = TurnBits(files, stride, SeededRandom(4).Below(stride), &damages);
  EXPECT_GE(turned, 8 * bytes / stride);
  std::printf("%zu files, %llu bits\n", files.size(), static_cast<unsigned long long>(turned));
  // Each of these files is one block, and the questions touch them all.
  EXPECT_EQ(damages.found_by_questions(), turned);
}

TEST(EveryBit, OfStoredValuesPackedByZstd) {
  const std::vector<FileImage> files = SmallIndex(12, 7, StoredCompression::kZstd);
  Damages damages(files);
  std::vector<FileImage> stored;
  size_t packed = 0;
  for (const FileImage& file : files) {
    if (!file.name.ends_with(".stored")) continue;
    packed += file.bytes.find("\x28\xb5\x2f\xfd") != std::string::npos;
    stored.push_back(file);
  }
  EXPECT_GT(packed, 0u);
  const uint64_t stride = SEGUE_CHECKS_ON ? 37 : 1;
  const uint64_t turned = TurnBits(stored, stride, SeededRandom(7).Below(stride), &damages);
  EXPECT_GT(turned, 1000 / stride);
  EXPECT_EQ(damages.found_by_questions(), turned);
}

TEST(ManyBits, OfDenseListsAndWindowMaps) {
  const std::vector<FileImage> files = SmallIndex(2300, 2200);
  Damages damages(files);
  const bool many = std::getenv("SEGUE_EVERY_BIT") != nullptr;
  const uint64_t stride = many ? 61 : SEGUE_CHECKS_ON ? 16001 : 4001;
  EXPECT_GT(TurnBits(files, stride, SeededRandom(5).Below(stride), &damages), 25u);
}

TEST(EveryLength, OfEveryFile) {
  const std::vector<FileImage> files = SmallIndex(12, 7);
  Damages damages(files);
  SeededRandom random(6);
  for (const FileImage& file : files) {
    for (size_t length = 0; length < file.bytes.size(); ++length) {
      const bool chosen = !SEGUE_CHECKS_ON || random.OneIn(9);
      if (!chosen && length != 0 && length + 1 != file.bytes.size()) continue;
      ASSERT_EQ(damages.Try(file, file.bytes.substr(0, length)), "") << file.name << " " << length;
    }
    for (const size_t more : {1, 8, 64}) {
      ASSERT_EQ(damages.Try(file, file.bytes + std::string(more, '\0')), "") << file.name;
    }
  }
}

TEST(MissingFile, IsDamage) {
  const std::vector<FileImage> files = SmallIndex(12, 7);
  Damages damages(files);
  for (const FileImage& file : files) {
    if (file.name.starts_with("manifest-")) continue;
    EXPECT_EQ(damages.Try(file, std::nullopt), "") << file.name;
  }
}

// A file in the place of another one of the same kind.
TEST(SwappedFiles, AreDamage) {
  const std::vector<FileImage> files = SmallIndex(12, 6);
  Damages damages(files);
  int swaps = 0;
  for (const FileImage& file : files) {
    for (const FileImage& other : files) {
      if (&file == &other || file.bytes == other.bytes) continue;
      ASSERT_EQ(damages.Try(file, other.bytes), "") << other.name << " as " << file.name;
      ++swaps;
    }
  }
  EXPECT_GT(swaps, 100);
}

}  // namespace
}  // namespace segue
