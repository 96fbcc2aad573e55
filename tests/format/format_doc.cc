// SPDX-License-Identifier: Apache-2.0
#include "tests/format/format_doc.h"

#include <gtest/gtest.h>

#include <charconv>
#include <fstream>
#include <iterator>
#include <sstream>

#include "engine/base/strings.h"

namespace segue {
namespace {

const char kDocPath[] = SEGUE_SOURCE_DIR "/docs/format.md";

// Appends what one word of a block stands for; false if it stands for nothing.
bool AppendWord(std::string_view word, std::string* bytes) {
  unsigned value = 0;
  if (word.starts_with('x')) {
    const auto result = std::from_chars(word.data() + 1, word.data() + word.size(), value);
    if (result.ec != std::errc{} || value == 0 || bytes->empty()) return false;
    bytes->append(value - 1, bytes->back());
    return true;
  }
  const auto result = std::from_chars(word.data(), word.data() + word.size(), value, 16);
  if (word.size() != 2 || result.ptr != word.data() + 2) return false;
  *bytes += static_cast<char>(value);
  return true;
}

std::string AsBlock(std::string_view bytes) {
  std::string block;
  for (size_t i = 0; i < bytes.size(); ++i) {
    block += Hex(static_cast<uint8_t>(bytes[i]), 2);
    block += i % 16 == 15 || i + 1 == bytes.size() ? '\n' : ' ';
  }
  return block;
}

}  // namespace

std::string BlockBytes(std::string_view markdown, std::string_view name) {
  std::istringstream lines{std::string(markdown)};
  std::string line;
  while (std::getline(lines, line) && line != Cat("```hex ", name)) continue;
  EXPECT_TRUE(lines.good()) << "no block \"```hex " << name << "\"";
  std::string bytes;
  while (std::getline(lines, line) && line != "```") {
    std::istringstream words(line.substr(0, line.find('#')));
    std::string word;
    while (words >> word) {
      EXPECT_TRUE(AppendWord(word, &bytes)) << "block " << name << ": \"" << word << "\"";
    }
  }
  return bytes;
}

std::string DocBytes(std::string_view name) {
  std::ifstream file(kDocPath, std::ios::binary);
  EXPECT_TRUE(file.is_open()) << kDocPath;
  const std::string markdown((std::istreambuf_iterator<char>(file)), {});
  return BlockBytes(markdown, name);
}

void ExpectDocBytes(std::string_view name, std::string_view actual) {
  const std::string documented = DocBytes(name);
  EXPECT_TRUE(documented == actual) << "docs/format.md, block " << name << ", has\n"
                                    << AsBlock(documented) << "but the code writes\n"
                                    << AsBlock(actual);
}

}  // namespace segue
