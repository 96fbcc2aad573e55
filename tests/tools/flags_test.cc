// SPDX-License-Identifier: Apache-2.0
//
// Flags of every subcommand: --help says them all, docs/tools.md says none that there is not, and
// what is mistyped, or lacks its value, is told with a way to more help.
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "engine/base/strings.h"
#include "tests/tools/process.h"

namespace segue {
namespace {

// Flags without a value, and those with one.
struct FlagsOf {
  std::vector<std::string> switches, values;
};

const std::map<std::string, FlagsOf>& AllFlags() {
  static const std::map<std::string, FlagsOf> flags = {
      {"index",
       {{"--append", "--strict", "--json"},
        {"--schema", "--format", "--columns", "--key", "--threads", "--wait", "--memory",
         "--segments", "--order", "--compression", "--at-most"}}},
      {"search",
       {{"--instant", "--text", "--strict", "--all", "--json"},
        {"-k", "--hits", "--count", "--fields", "--queries", "--trec-run", "--explain", "--like",
         "--at-most"}}},
      {"repl", {{"--json"}, {"--mode", "-c", "--command", "--at-most"}}},
      {"explain", {{"--key", "--text", "--strict", "--all", "--json"}, {"--at-most"}}},
      {"inspect", {{"--space", "--json"}, {"--term", "--postings", "--limit", "--query"}}},
      {"delete", {{"--key", "--dry-run", "--text", "--all", "--json"}, {"--wait", "--at-most"}}},
      {"set", {{"--json"}, {"--file", "--format", "--wait"}}},
      {"join", {{"--json"}, {"--wait"}}},
      {"merge",
       {{"--json"}, {"--segments", "--order", "--threads", "--memory", "--wait", "--compression"}}},
      {"verify", {{"--no-stored", "--json"}, {}}},
      {"repair", {{"--drop-damaged", "--no-stored", "--json"}, {}}},
      {"backup", {{"--json"}, {}}},
      {"export", {{"--schema", "--json"}, {"--fields"}}},
      {"analyze",
       {{"--stages", "--definition", "--list", "--json"},
        {"-a", "--analyzer", "--index", "--field"}}},
  };
  return flags;
}

// Words that begin with a minus, with letters behind it.
std::set<std::string> FlagsIn(const std::string& text) {
  std::set<std::string> flags;
  std::string word;
  for (const char c : text + " ") {
    const bool is_part = c == '-' || (c >= 'a' && c <= 'z');
    if (is_part) {
      word += c;
      continue;
    }
    const size_t letters = word.find_first_not_of('-');
    if (letters == 2 || (letters == 1 && word.size() == 2)) flags.insert(word);
    word.clear();
  }
  return flags;
}

// The part of --help behind "Options:", without the examples.
std::string OptionsOf(const std::string& help) {
  const size_t begin = help.find("Options:"), end = help.find("Examples:");
  return begin == std::string::npos ? std::string() : help.substr(begin, end - begin);
}

TEST(FlagsTest, HelpSaysThemAll) {
  const TempFolder folder;
  for (const auto& [command, flags] : AllFlags()) {
    const Ran help = RunSegue(folder, {command, "--help"});
    EXPECT_EQ(help.exit_code, 0) << command;
    EXPECT_EQ(help.err, "") << command;
    const std::string options = OptionsOf(help.out);
    for (const std::string& flag : flags.switches) {
      EXPECT_NE(options.find(flag), std::string::npos) << command << " " << flag;
    }
    // A flag with a value says what the value is.
    std::istringstream lines(options);
    std::string with_values;
    for (std::string line; std::getline(lines, line);) {
      const size_t name = line.find_first_not_of(' ');
      const size_t end = line.find(' ', name);
      if (name != 2 || line[name] != '-') continue;
      if (end != std::string::npos && line[end + 1] != ' ')
        with_values += line.substr(0, end) + " ";
    }
    for (const std::string& flag : flags.values) {
      EXPECT_EQ(FlagsIn(with_values).count(flag), 1u) << command << " " << flag;
    }
    // And there is none that only help knows.
    std::set<std::string> known(flags.switches.begin(), flags.switches.end());
    known.insert(flags.values.begin(), flags.values.end());
    known.insert({"-h", "--help"});
    std::istringstream again(options);
    for (std::string line; std::getline(again, line);) {
      const std::string names = line.substr(0, line.find(' ', 2));
      for (const std::string& flag : FlagsIn(names)) {
        EXPECT_EQ(known.count(flag), 1u) << command << " " << flag << " is missing in this test";
      }
    }
  }
}

TEST(FlagsTest, DocumentsNameOnlyFlagsThatThereAre) {
  std::set<std::string> known = {"-h", "--help", "--version"};
  for (const auto& [command, flags] : AllFlags()) {
    known.insert(flags.switches.begin(), flags.switches.end());
    known.insert(flags.values.begin(), flags.values.end());
  }
  // Those of segue-corpus, which has a chapter of its own, and of programs in examples.
  std::ifstream file(std::string(SEGUE_SOURCE_DIR) + "/docs/tools.md");
  ASSERT_TRUE(file.good());
  size_t seen = 0;
  for (std::string line; std::getline(file, line) && line != "## Made-up documents";) {
    // In code only: `--json`, or a line of a block.
    for (size_t at = line.find("--"); at != std::string::npos; at = line.find("--", at + 2)) {
      const std::string flag =
          line.substr(at, line.find_first_not_of("abcdefghijklmnopqrstuvwxyz-", at) - at);
      if (flag.find_first_not_of('-') == std::string::npos) continue;
      EXPECT_EQ(known.count(flag), 1u) << line;
      ++seen;
    }
  }
  EXPECT_GT(seen, 40u);
}

TEST(FlagsTest, UnknownOnesAreMistakes) {
  const TempFolder folder;
  for (const auto& [command, flags] : AllFlags()) {
    const Ran ran = RunSegue(folder, {command, "x", "y", "z", "--nonsense"});
    EXPECT_EQ(ran.exit_code, 1) << command;
    EXPECT_EQ(ran.out, "") << command;
    EXPECT_EQ(ran.err.rfind("segue: error: ", 0), 0u) << ran.err;
    EXPECT_NE(ran.err.find("--nonsense"), std::string::npos) << ran.err;
    EXPECT_NE(ran.err.find("\nhint: "), std::string::npos) << ran.err;
    EXPECT_NE(ran.err.find(Cat("segue ", command, " --help")), std::string::npos) << ran.err;
  }
}

TEST(FlagsTest, AValueThatIsMissingIsAMistake) {
  const TempFolder folder;
  for (const auto& [command, flags] : AllFlags()) {
    if (flags.values.empty()) continue;
    // The last of the line, so that nothing can be its value; one of each command will do.
    const std::string& flag = flags.values.back();
    const Ran ran = RunSegue(folder, {command, "x", "y", flag});
    EXPECT_EQ(ran.exit_code, 1) << command << " " << flag;
    EXPECT_NE(ran.err.find(flag), std::string::npos) << ran.err;
  }
}

TEST(FlagsTest, NumbersAreNumbers) {
  const TempFolder folder;
  for (const std::vector<std::string>& line : {std::vector<std::string>{"search", "x", "y", "-k"},
                                               {"inspect", "x", "--limit"},
                                               {"merge", "x", "--threads"},
                                               {"merge", "x", "--wait"},
                                               {"index", "x", "y", "--segments"}}) {
    for (const char* wrong : {"many", "-1", "99999999999999999999999"}) {
      std::vector<std::string> arguments = line;
      // Joined, so that -1 is no flag of its own.
      arguments.back() += arguments.back().starts_with("--") ? Cat("=", wrong) : wrong;
      const Ran ran = RunSegue(folder, arguments);
      EXPECT_EQ(ran.exit_code, 1) << arguments.back();
      EXPECT_EQ(ran.err.rfind("segue: error: ", 0), 0u) << arguments.back() << ran.err;
    }
  }
}

}  // namespace
}  // namespace segue
