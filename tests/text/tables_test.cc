// SPDX-License-Identifier: Apache-2.0
//
// The generated tables are what their scripts make of the Unicode data of the same version.
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>

#include "engine/text/unicode.h"
#include "gtest/gtest.h"

namespace segue {
namespace {

constexpr char kTextFolder[] = SEGUE_SOURCE_DIR "/engine/text/";

std::string ReadFile(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(in), {});
}

std::string OutputOf(const std::string& command) {
  std::string out;
  FILE* pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) return out;
  char buffer[4096];
  for (size_t bytes; (bytes = std::fread(buffer, 1, sizeof(buffer), pipe)) > 0;) {
    out.append(buffer, bytes);
  }
  return pclose(pipe) == 0 ? out : std::string();
}

void ExpectMadeBy(const std::string& script, const std::string& table) {
  const std::string head = ReadFile("/usr/share/unicode/PropList.txt").substr(0, 40);
  if (head.find("PropList-" + std::string(UnicodeVersion()) + ".txt") == head.npos) {
    GTEST_SKIP() << "no data of Unicode " << UnicodeVersion() << " (Debian's package unicode-data)";
  }
  if (std::system("python3 -c '' 2>/dev/null") != 0) GTEST_SKIP() << "no python3";
  const std::string made = OutputOf("python3 -B '" + (kTextFolder + ("tools/" + script)) + "'");
  ASSERT_FALSE(made.empty());
  EXPECT_TRUE(made == ReadFile(kTextFolder + table))
      << table << " is not what engine/text/tools/" << script << " writes; run it again";
}

TEST(TablesTest, WordTables) { ExpectMadeBy("make_word_tables.py", "word_tables.inc"); }

TEST(TablesTest, CharTables) { ExpectMadeBy("make_char_tables.py", "char_tables.inc"); }

}  // namespace
}  // namespace segue
