// SPDX-License-Identifier: Apache-2.0
// Links in Markdown files lead somewhere: a relative link to a file or folder that exists, an
// anchor to a heading that exists. Links to other sites are not followed.
#include <gtest/gtest.h>

#include <cctype>
#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "tests/tidy/source_tree.h"

namespace segue {
namespace {

// The targets of [text](target) outside of code blocks and code spans.
std::vector<std::string> FindLinks(std::string_view markdown) {
  std::vector<std::string> links;
  bool in_block = false;
  for (const std::string_view line : Lines(markdown)) {
    if (line.find("```") != std::string_view::npos) in_block = !in_block;
    if (in_block) continue;
    bool in_span = false;
    for (size_t at = 0; at < line.size(); ++at) {
      if (line[at] == '`') in_span = !in_span;
      if (in_span || line.substr(at, 2) != "](") continue;
      const size_t end = line.find_first_of(") ", at + 2);
      if (end != std::string_view::npos) links.emplace_back(line.substr(at + 2, end - at - 2));
    }
  }
  return links;
}

// The anchors that a Markdown viewer makes of headings: lower case, blanks to hyphens, and nothing
// but letters, digits, hyphens and underscores.
std::set<std::string> FindAnchors(std::string_view markdown) {
  std::set<std::string> anchors;
  bool in_block = false;
  for (const std::string_view line : Lines(markdown)) {
    if (line.starts_with("```")) in_block = !in_block;
    const size_t level = line.find_first_not_of('#');
    if (in_block || level == 0 || level == std::string_view::npos || line[level] != ' ') continue;
    std::string anchor;
    for (const char c : line.substr(level + 1)) {
      const auto byte = static_cast<unsigned char>(c);
      if (c == ' ') anchor += '-';
      if (std::isalnum(byte) || byte >= 0x80 || c == '-' || c == '_') {
        anchor += static_cast<char>(std::tolower(byte));
      }
    }
    anchors.insert(anchor);
  }
  return anchors;
}

TEST(Docs, FindsLinksAndAnchors) {
  EXPECT_EQ(FindLinks("see [a](b.md#c) and `[x](y)`\n```\n[u](v)\n```\n[d](e \"t\")\n"),
            (std::vector<std::string>{"b.md#c", "e"}));
  EXPECT_EQ(FindAnchors("# Hello, World\n## `x` y\n"),
            (std::set<std::string>{"hello-world", "x-y"}));
}

TEST(Docs, RelativeLinksLeadSomewhere) {
  const std::filesystem::path root = SEGUE_SOURCE_DIR;
  size_t checked = 0;
  for (const SourceFile& file : SourceTree()) {
    if (!file.path.ends_with(".md")) continue;
    for (const std::string& link : FindLinks(file.text)) {
      if (link.find("://") != std::string::npos || link.starts_with("mailto:")) continue;
      ++checked;
      const std::string path = link.substr(0, link.find('#'));
      const std::filesystem::path target =
          path.empty() ? root / file.path : (root / file.path).parent_path() / path;
      EXPECT_TRUE(std::filesystem::exists(target)) << file.path << ": dead link " << link;
      const size_t hash = link.find('#');
      if (hash == std::string::npos || !target.string().ends_with(".md")) continue;
      const std::string wanted =
          target.lexically_normal().lexically_relative(root).generic_string();
      for (const SourceFile& other : SourceTree()) {
        if (other.path != wanted) continue;
        EXPECT_TRUE(FindAnchors(other.text).contains(link.substr(hash + 1)))
            << file.path << ": no such heading: " << link;
      }
    }
  }
  EXPECT_GT(checked, 0u);
}

}  // namespace
}  // namespace segue
