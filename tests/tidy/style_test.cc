// SPDX-License-Identifier: Apache-2.0
// Sizes and habits. A file stops at 800 lines and a function at a screen; what is longer stands in
// budget.txt with its exact size, and that list may only shrink.
#include <gtest/gtest.h>

#include <cstdlib>
#include <map>
#include <sstream>
#include <string>

#include "tests/tidy/cpp_scan.h"
#include "tests/tidy/source_tree.h"

namespace segue {
namespace {

constexpr size_t kMaxFileLines = 800;
constexpr size_t kMaxFunctionLines = 70;
constexpr size_t kMaxTestLines = 100;  // a test case tells a story; it may be a little longer

// "path" or "path:function" -> lines granted.
std::map<std::string, size_t> ReadBudget() {
  std::map<std::string, size_t> budget;
  for (const SourceFile& file : SourceTree()) {
    if (file.path != "tests/tidy/budget.txt") continue;
    for (const std::string_view line : Lines(file.text)) {
      if (line.empty() || line.front() == '#') continue;
      std::istringstream words{std::string(line)};
      std::string name;
      size_t granted = 0;
      words >> name >> granted;
      EXPECT_GT(granted, 0u) << "budget.txt: " << line;
      budget[name] = granted;
    }
  }
  return budget;
}

// Everything over its limit now, by the same names.
std::map<std::string, size_t> Measure() {
  std::map<std::string, size_t> over;
  for (const SourceFile& file : SourceTree()) {
    if (!IsCpp(file.path)) continue;
    const size_t lines = Lines(file.text).size();
    if (lines > kMaxFileLines) over[file.path] = lines;
    const size_t limit = file.path.starts_with("tests/") ? kMaxTestLines : kMaxFunctionLines;
    for (const Function& function : FindFunctions(file.text)) {
      if (function.lines <= limit) continue;
      size_t& longest = over[file.path + ":" + function.name];
      longest = std::max(longest, function.lines);
    }
  }
  return over;
}

TEST(Style, FilesAndFunctionsStayWithinTheirBudget) {
  const std::map<std::string, size_t> budget = ReadBudget();
  const std::map<std::string, size_t> over = Measure();
  for (const auto& [name, lines] : over) {
    const auto granted = budget.find(name);
    if (granted == budget.end()) {
      ADD_FAILURE() << name << " has " << lines << " lines (a file stops at " << kMaxFileLines
                    << ", a function at " << kMaxFunctionLines << ", a test case at "
                    << kMaxTestLines << "): split it";
    } else if (lines > granted->second) {
      ADD_FAILURE() << name << " grew from " << granted->second << " to " << lines << " lines";
    }
  }
  for (const auto& [name, granted] : budget) {
    const auto now = over.find(name);
    if (now == over.end()) {
      ADD_FAILURE() << "budget.txt: " << name << " no longer needs its line; remove it";
    } else if (now->second < granted) {
      ADD_FAILURE() << "budget.txt: " << name << " shrank to " << now->second
                    << "; lower its number";
    }
  }
}

TEST(Style, EveryCodeFileNamesItsLicense) {
  for (const SourceFile& file : SourceTree()) {
    // The short lists of the layers are not worth a line each.
    if (!IsCode(file.path) || file.path.ends_with("/CMakeLists.txt")) continue;
    const auto lines = Lines(file.text);
    bool found = false;
    for (size_t i = 0; i < lines.size() && i < 2; ++i) {
      found = found || lines[i].find("SPDX-License-Identifier: Apache-2.0") != std::string::npos;
    }
    EXPECT_TRUE(found) << file.path;
  }
}

TEST(Style, EveryHeaderHasAGuardOfItsOwn) {
  std::map<std::string, std::string> owner;
  for (const SourceFile& file : SourceTree()) {
    if (!file.path.ends_with(".h")) continue;
    std::string guard;
    for (const std::string_view line : Lines(file.text)) {
      if (line.starts_with("#ifndef ")) {
        guard = line.substr(8);
        break;
      }
    }
    EXPECT_TRUE(guard.starts_with("SEGUE_") && guard.ends_with("_H_"))
        << file.path << ": " << guard;
    EXPECT_TRUE(owner.emplace(guard, file.path).second)
        << file.path << " and " << owner[guard] << " share the guard " << guard;
  }
}

// Two types of one name are one to the linker: it takes a function of either for both, such as the
// destructor of a vector of them.
TEST(Style, NoTwoTypesOfOneName) {
  std::map<std::string, std::string> owner;
  for (const SourceFile& file : SourceTree()) {
    const bool is_shared = file.path.starts_with("engine/") || file.path.starts_with("tools/") ||
                           file.path.starts_with("corpus/");
    if (!is_shared || !file.path.ends_with(".h")) continue;
    for (const std::string_view line : Lines(file.text)) {
      if (!line.starts_with("struct ") && !line.starts_with("class ")) continue;
      std::istringstream words{std::string(line)};
      std::string word, name;
      words >> word >> name;
      if (name == "SEGUE_EXPORT") words >> name;
      // What defines a type of the namespace itself: no declaration, no member of a class.
      const bool defines = (words >> word) && (word == "{" || word == "final" || word == ":");
      if (!defines || name.find("::") != name.npos) continue;
      EXPECT_TRUE(owner.emplace(name, file.path).second)
          << file.path << " and " << owner[name] << " both define " << name;
    }
  }
  EXPECT_GT(owner.size(), 300u);
}

TEST(Style, UnfinishedWorkSaysWhy) {
  const std::string mark =
      "TO"
      "DO";
  for (const SourceFile& file : SourceTree()) {
    if (!IsCode(file.path)) continue;
    size_t number = 0;
    for (const std::string_view line : Lines(file.text)) {
      ++number;
      for (const std::string& word : {mark, std::string("FIX") + "ME", std::string("XX") + "X:"}) {
        const size_t at = line.find(word);
        if (at == std::string_view::npos) continue;
        const std::string_view rest = line.substr(at + word.size());
        const bool reasoned = word == mark && rest.starts_with("(") && rest.find(')') > 3;
        EXPECT_TRUE(reasoned) << file.path << ":" << number << ": write " << mark
                              << "(the reason): what";
      }
    }
  }
}

// A path of one machine in a file is a mistake on every other one.
TEST(Style, NoPathsOfAMachine) {
  const std::string slash = "/";
  for (const SourceFile& file : SourceTree()) {
    if (file.path.ends_with(".jsonl")) continue;
    size_t number = 0;
    for (const std::string_view line : Lines(file.text)) {
      ++number;
      for (const std::string& folder : {slash + "home/", slash + "root/", slash + "work/"}) {
        const size_t at = line.find(folder);
        if (at == std::string_view::npos) continue;
        // ${x}/home/ or a/work/b is a relative piece, not a path of a machine.
        const char before = at == 0 ? ' ' : line[at - 1];
        const bool absolute = before == ' ' || before == '"' || before == '\'' || before == '(' ||
                              before == '=' || before == '`';
        EXPECT_FALSE(absolute) << file.path << ":" << number << ": " << line;
      }
    }
  }
}

TEST(Style, TextIsClean) {
  for (const SourceFile& file : SourceTree()) {
    if (!IsCode(file.path) && !file.path.ends_with(".md")) continue;
    EXPECT_TRUE(file.text.empty() || file.text.ends_with("\n")) << file.path;
    size_t number = 0;
    for (const std::string_view line : Lines(file.text)) {
      ++number;
      EXPECT_FALSE(line.ends_with(" ") || line.ends_with("\r") ||
                   (line.find('\t') != std::string_view::npos && !file.path.ends_with(".md")))
          << file.path << ":" << number << ": tab, carriage return or space at the end";
    }
  }
}

}  // namespace
}  // namespace segue
