// SPDX-License-Identifier: Apache-2.0
//
// Documents and queries go into files of a folder of their own, which the answers come back in.
#include "tests/parity/lucene_answers.h"

#include <sys/wait.h>
#include <unistd.h>

#include <bit>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "engine/base/strings.h"
#include "gtest/gtest.h"

namespace segue {
namespace {

constexpr int kCannotBeHad = 77;

struct Ran {
  int exit_status = 0;
  std::string output;
};

Ran RunLucene(const std::string& arguments) {
  const std::string command = Cat(SEGUE_SOURCE_DIR "/tests/parity/lucene/lucene ", arguments);
  std::FILE* pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) return {.exit_status = -1, .output = "popen failed"};
  Ran ran;
  for (int c; (c = std::fgetc(pipe)) != EOF;) ran.output += static_cast<char>(c);
  const int status = pclose(pipe);
  ran.exit_status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  return ran;
}

std::string ProgramFolder() { return SEGUE_BINARY_DIR "/lucene"; }

void WriteFile(const std::filesystem::path& path, const std::string& content) {
  std::ofstream(path, std::ios::binary) << content;
}

std::string ReadFile(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

// Integers as Java writes them.
class Integers {
 public:
  explicit Integers(const std::string& bytes) : bytes_(bytes) {}

  bool done() const { return at_ >= bytes_.size(); }
  uint32_t Next() {
    uint32_t value = 0;
    for (int i = 0; i < 4 && at_ < bytes_.size(); ++i) {
      value = value << 8 | static_cast<uint8_t>(bytes_[at_++]);
    }
    return value;
  }

 private:
  const std::string& bytes_;
  size_t at_ = 0;
};

std::vector<LuceneAnswer> ReadAnswers(const std::string& bytes) {
  std::vector<LuceneAnswer> answers;
  for (Integers integers(bytes); !integers.done();) {
    LuceneAnswer answer;
    answer.total = integers.Next();
    answer.hits.resize(integers.Next());
    for (Hit& hit : answer.hits) {
      hit.doc = integers.Next();
      hit.score = std::bit_cast<float>(integers.Next());
    }
    answers.push_back(std::move(answer));
  }
  return answers;
}

}  // namespace

const std::string& WhyNoLucene() {
  static const std::string reason = [] {
    Ran made = RunLucene(Cat("make ", ProgramFolder()));
    if (made.exit_status == kCannotBeHad) return made.output.substr(0, made.output.find('\n'));
    EXPECT_EQ(made.exit_status, 0) << made.output;
    return std::string();
  }();
  return reason;
}

std::vector<LuceneAnswer> AskLucene(const std::string& documents,
                                    const std::vector<Query>& queries) {
  const std::filesystem::path folder =
      std::filesystem::temp_directory_path() / Cat("segue-lucene-", getpid());
  std::filesystem::create_directories(folder);
  WriteFile(folder / "documents", documents);
  std::string lines;
  for (const Query& query : queries) CatTo(&lines, query.ToJson(), "\n");
  WriteFile(folder / "queries", lines);
  std::string arguments = Cat("answer ", ProgramFolder());
  for (const char* name : {"documents", "queries", "answers"}) {
    CatTo(&arguments, " ", (folder / name).string());
  }
  const Ran ran = RunLucene(arguments);
  EXPECT_EQ(ran.exit_status, 0) << ran.output;
  std::vector<LuceneAnswer> answers = ReadAnswers(ReadFile(folder / "answers"));
  EXPECT_EQ(answers.size(), queries.size());
  std::error_code ignored;
  std::filesystem::remove_all(folder, ignored);
  if (answers.size() != queries.size()) answers.clear();
  return answers;
}

}  // namespace segue
