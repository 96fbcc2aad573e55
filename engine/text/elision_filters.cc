// SPDX-License-Identifier: Apache-2.0
//
// Terms are cut in place: only where they begin, or how long they are, changes.
#include "engine/text/elision_filters.h"

#include <algorithm>
#include <cstdint>
#include <iterator>

namespace segue {
namespace {

struct Language {
  std::string_view name;
  std::initializer_list<std::string_view> words;
};

const Language kLanguages[] = {
    {"catalan", {"d", "l", "m", "n", "s", "t"}},
    {"french",
     {"c", "d", "j", "jusqu", "l", "lorsqu", "m", "n", "puisqu", "qu", "quoiqu", "s", "t"}},
    {"irish", {"b", "d", "m"}},
    {"italian", {"agl", "all",  "c",    "coll",  "d", "dagl", "dall", "degl", "dell", "gl", "l",
                 "m",   "negl", "nell", "quell", "s", "sugl", "sull", "t",    "un",   "v"}},
};

// No longer word is elided; what stands behind it is not looked at.
constexpr size_t kLongestWordBytes = 16;

struct Apostrophe {
  size_t at = std::string_view::npos;
  size_t bytes = 0;
};

// The first of ' ’ ＇ in front of byte `limit`.
Apostrophe FindApostrophe(std::string_view term, size_t limit) {
  for (size_t i = 0; i < std::min(term.size(), limit); ++i) {
    if (term[i] == '\'') return {i, 1};
    const std::string_view rest = term.substr(i);
    if (rest.starts_with("\xe2\x80\x99") || rest.starts_with("\xef\xbc\x87")) return {i, 3};
  }
  return {};
}

}  // namespace

std::vector<std::string> ElisionLanguages() {
  std::vector<std::string> names;
  for (const Language& language : kLanguages) names.emplace_back(language.name);
  return names;
}

std::vector<std::string> ElidedWordsOf(std::string_view language) {
  for (const Language& known : kLanguages) {
    if (known.name == language) return {known.words.begin(), known.words.end()};
  }
  return {};
}

void ElisionFilter::Filter(TokenBatch* batch, bool) {
  for (size_t i = 0; i < batch->size(); ++i) {
    const std::string_view term = batch->term(i);
    const Apostrophe apostrophe = FindApostrophe(term, kLongestWordBytes + 1);
    if (apostrophe.bytes == 0 || apostrophe.at + apostrophe.bytes == term.size()) continue;
    char word[kLongestWordBytes];
    std::transform(term.begin(), term.begin() + static_cast<std::ptrdiff_t>(apostrophe.at), word,
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; });
    if (!words_->Contains(std::string_view(word, apostrophe.at))) continue;
    const auto dropped = static_cast<uint32_t>(apostrophe.at + apostrophe.bytes);
    (*batch)[i].term_begin += dropped;
    (*batch)[i].term_bytes -= dropped;
    (*batch)[i].is_verbatim = 0;
  }
}

void ApostropheFilter::Filter(TokenBatch* batch, bool) {
  for (size_t i = 0; i < batch->size(); ++i) {
    const Apostrophe apostrophe = FindApostrophe(batch->term(i), std::string_view::npos);
    // No term becomes empty.
    if (apostrophe.bytes == 0 || apostrophe.at == 0) continue;
    (*batch)[i].term_bytes = static_cast<uint32_t>(apostrophe.at);
  }
}

}  // namespace segue
