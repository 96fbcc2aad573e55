// SPDX-License-Identifier: Apache-2.0
#include "bench/game/peers/xapian/corpus.h"

#include <algorithm>
#include <iostream>
#include <stdexcept>

namespace xapian_game {
namespace {

// The value of "name":"value"; empty if the line has none.
std::string_view ValueOf(std::string_view line, std::string_view name) {
  const std::string key = '"' + std::string(name) + "\":\"";
  const size_t at = line.find(key);
  if (at == std::string_view::npos) return {};
  const std::string_view rest = line.substr(at + key.size());
  return rest.substr(0, rest.find('"'));
}

}  // namespace

uint64_t ForEachDocument(const std::function<void(uint64_t line, const CorpusDocument&)>& fn) {
  uint64_t lines = 0;
  for (std::string line; std::getline(std::cin, line); ++lines) {
    const CorpusDocument document{ValueOf(line, "id"), ValueOf(line, "text"),
                                  ValueOf(line, "filter")};
    const bool escapes = line.find('\\') != std::string::npos;
    if (document.id.empty() || document.text.empty() || escapes) {
      throw std::runtime_error("line " + std::to_string(lines + 1) + " is no document of the game");
    }
    fn(lines, document);
  }
  return lines;
}

void ForEachWord(std::string_view text, const std::function<void(std::string_view)>& fn) {
  while (!text.empty()) {
    const size_t end = std::min(text.find(' '), text.size());
    if (end > 0) fn(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

}  // namespace xapian_game
