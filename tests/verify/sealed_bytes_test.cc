// SPDX-License-Identifier: Apache-2.0
//
// Bytes of every file of a small index with all features are changed behind valid checksums. If
// verify calls the index sound, every answer is the right one; if it does not, each is some answer
// or an error that says what is wrong, and sanitizers watch for anything else.
//
// All fields are stored, so that all that is indexed can be derived again. What nothing contradicts
// is a stored value that is not indexed, or is analysed as before: such a change may show in the
// stored fields, and nowhere else.
//
// One byte in some, SEGUE_EVERY_BIT=1: all of them.
#include <gtest/gtest.h>

#include <cstdlib>
#include <map>
#include <string>
#include <vector>

#include "engine/base/check.h"
#include "engine/base/strings.h"
#include "engine/verify/verify.h"
#include "tests/support/seeded_random.h"
#include "tests/verify/questions.h"
#include "tests/verify/sealed_index.h"

namespace segue {
namespace {

// What kind of file it is, for the figures that the test prints.
std::string KindOf(const std::string& name) {
  const size_t dot = name.find('.');
  return dot == std::string::npos ? "manifest"
                                  : name.substr(dot + 1, name.find('-', dot) - dot - 1);
}

char Changed(char byte, SeededRandom* random) {
  switch (random->Below(4)) {
    case 0:
      return static_cast<char>(byte ^ (1 << random->Below(8)));
    case 1:
      return static_cast<char>(byte + 1);
    case 2:
      return '\xff';
    default:
      return static_cast<char>(random->Below(256));
  }
}

class SealedBytes : public ::testing::Test {
 protected:
  SealedBytes()
      : files_(ReadFiles(
            BuildIndex(QuestionSchema(/*all_stored=*/true), QuestionDocuments(12), 7, {"k2"})
                .get())),
        right_(AskEverything(WriteFiles(files_).get(), ReadMode::kMmap)) {
    EXPECT_GT(right_.size(), 100u);
  }

  // What is wrong with an index with this change; empty: nothing.
  std::string Try(const std::vector<FileImage>& changed, const std::string& name) {
    const std::unique_ptr<Env> env = WriteFiles(changed);
    const auto report = VerifyIndex(env.get(), kIndexFolder);
    const std::vector<Answer> answers = AskEverything(env.get(), ReadMode::kMmap);
    // Verify compares no text where it does not know the analyzer: the host program may bring it.
    if (MessageOf(answers[0].status).find("analyzer") != std::string_view::npos) return {};
    if (report.ok() && report->ok()) {
      ++sound_[KindOf(name)];
      return CompareAll(answers, /*stored_too=*/!name.ends_with(".stored"));
    }
    ++found_;
    for (const Answer& answer : answers) {
      const ErrorCode code = CodeOf(answer.status);
      // Not found: a field that the schema has under another name now.
      if (code != ErrorCode::kOk && code != ErrorCode::kDataLoss && code != ErrorCode::kVersion &&
          code != ErrorCode::kResourceExhausted && code != ErrorCode::kNotFound) {
        return answer.status.ToString();
      }
    }
    return {};
  }

  std::string CompareAll(const std::vector<Answer>& answers, bool stored_too) {
    if (answers.size() != right_.size()) {
      return Cat("sound, but there are ", answers.size(), " answers instead of ", right_.size());
    }
    for (size_t i = 0; i < answers.size(); ++i) {
      if (!answers[i].status.ok()) return Cat("sound, but ", answers[i].status.ToString());
      if (answers[i].text == right_[i].text || (answers[i].stored && !stored_too)) continue;
      return Cat("sound, but answer ", i, " is ", answers[i].text, " instead of ", right_[i].text);
    }
    return {};
  }

  const std::vector<FileImage> files_;
  const std::vector<Answer> right_;
  uint64_t found_ = 0;
  std::map<std::string, uint64_t> sound_;  // by kind of file
};

TEST_F(SealedBytes, WhatVerifyCallsSoundAnswersAsBefore) {
  const uint64_t stride = std::getenv("SEGUE_EVERY_BIT") != nullptr ? 1 : SEGUE_CHECKS_ON ? 61 : 7;
  SeededRandom random(6);
  uint64_t number = random.Below(stride);
  for (const FileImage& file : files_) {
    bool inside = true;
    for (size_t at = 0; inside; ++at, ++number) {
      if (number % stride != 0) continue;
      std::vector<FileImage> changed = files_;
      const auto change = [&](std::string* body) {
        inside = at < body->size();
        if (inside) (*body)[at] = Changed((*body)[at], &random);
      };
      if (!ChangeSealed(&changed, file.name, change)) continue;
      ASSERT_EQ(Try(changed, file.name), "") << file.name << " byte " << at << " of its body";
    }
  }
  std::string sound;
  for (const auto& [kind, count] : sound_) sound += Cat(kind, " ", count, "  ");
  std::printf("%llu changes found; sound all the same: %s\n",
              static_cast<unsigned long long>(found_), sound.c_str());
  EXPECT_GT(found_, 50u);
}

}  // namespace
}  // namespace segue
