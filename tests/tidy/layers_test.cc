// SPDX-License-Identifier: Apache-2.0
// The layers of ARCHITECTURE.md, checked on every #include and on the DEPS of every CMakeLists.txt.
// The table here is the rule; a new folder is added to it, and to ARCHITECTURE.md, on purpose.
#include <gtest/gtest.h>

#include <map>
#include <set>
#include <sstream>
#include <string>

#include "tests/tidy/cpp_scan.h"
#include "tests/tidy/source_tree.h"

namespace segue {
namespace {

using Names = std::set<std::string>;

// What a folder of engine/ may include besides itself and the public headers.
const std::map<std::string, Names>& AllowedLayers() {
  static const auto* allowed = new std::map<std::string, Names>{
      {"include", {}},
      {"base", {}},
      {"simd", {"base"}},
      {"io", {"base", "simd"}},
      {"pattern", {"base"}},
      {"text", {"pattern", "base", "simd"}},
      {"rank", {"base", "simd"}},
      {"format", {"base", "simd", "io"}},
      {"automata", {"format", "pattern", "base"}},
      {"schema", {"base"}},
      {"segment", {"format", "rank", "io", "schema", "base"}},
      {"write", {"segment", "format", "io", "text", "schema", "simd", "base"}},
      {"exec", {"segment", "format", "rank", "simd", "base"}},
      {"query",
       {"exec", "automata", "pattern", "rank", "text", "segment", "format", "schema", "base"}},
      {"verify", {"segment", "format", "rank", "io", "text", "simd", "schema", "base"}},
      // The façade is where both halves meet: everything below.
      {"index",
       {"write", "query", "verify", "exec", "automata", "pattern", "segment", "format", "rank",
        "text", "io", "simd", "schema", "base"}},
  };
  return *allowed;
}

// Headers of other projects, and the only layer that may include each.
const std::map<std::string, std::string>& ThirdPartyOwners() {
  static const auto* owners = new std::map<std::string, std::string>{
      {"simdjson.h", "base"}, {"utf8proc.h", "text"}, {"libstemmer.h", "text"},
      {"snappy.h", "format"}, {"zdict.h", "format"},  {"zstd.h", "format"}};
  return *owners;
}

bool IsThirdParty(const std::string& path) {
  return path.starts_with("absl/") || ThirdPartyOwners().contains(path);
}

// "engine/base/x.h" -> "base", "segue/x.h" -> "include", anything else -> "".
std::string LayerOf(const std::string& path) {
  if (path.starts_with("segue/")) return "include";
  if (!path.starts_with("engine/")) return "";
  return path.substr(7, path.find('/', 7) - 7);
}

TEST(Layers, EveryFolderOfTheEngineIsInTheTable) {
  for (const SourceFile& file : SourceTree()) {
    if (!file.path.starts_with("engine/") || !IsCpp(file.path)) continue;
    EXPECT_TRUE(AllowedLayers().contains(LayerOf(file.path))) << file.path;
  }
}

TEST(Layers, IncludesPointDownwards) {
  size_t checked = 0;
  for (const SourceFile& file : SourceTree()) {
    const std::string layer = LayerOf(file.path);
    if (layer.empty() || !AllowedLayers().contains(layer)) continue;
    for (const Include& include : FindIncludes(file.text)) {
      if (include.angled || IsThirdParty(include.path)) continue;
      ++checked;
      const std::string target = LayerOf(include.path);
      const bool fine =
          target == layer || target == "include" || AllowedLayers().at(layer).contains(target);
      EXPECT_TRUE(fine) << file.path << ":" << include.line << ": " << layer << " must not include "
                        << include.path;
    }
  }
  EXPECT_GT(checked, 0u);
}

TEST(Layers, EachDependencyHasOneHome) {
  for (const SourceFile& file : SourceTree()) {
    if (!file.path.starts_with("engine/") || !IsCpp(file.path)) continue;
    for (const Include& include : FindIncludes(file.text)) {
      const auto owner = ThirdPartyOwners().find(include.path);
      if (owner == ThirdPartyOwners().end()) continue;
      EXPECT_EQ(LayerOf(file.path), owner->second) << file.path << ": " << include.path;
    }
  }
}

TEST(Layers, TheTableHasNoCycle) {
  // Kahn: take away layers that depend on nothing left, until none is left.
  std::map<std::string, Names> left = AllowedLayers();
  while (!left.empty()) {
    std::string bottom;
    for (const auto& [layer, below] : left) {
      bool free = true;
      for (const std::string& other : below) free = free && !left.contains(other);
      if (free) bottom = layer;
    }
    ASSERT_FALSE(bottom.empty()) << "a cycle among the layers that are left, such as "
                                 << left.begin()->first;
    left.erase(bottom);
  }
}

TEST(Layers, CMakeDependenciesFollowTheTable) {
  for (const SourceFile& file : SourceTree()) {
    if (!file.path.starts_with("engine/") || !file.path.ends_with("/CMakeLists.txt")) continue;
    const std::string layer = LayerOf(file.path);
    if (!AllowedLayers().contains(layer)) continue;
    std::string text = file.text;
    for (char& c : text) {
      if (c == '(' || c == ')') c = ' ';
    }
    std::istringstream words(text);
    bool in_deps = false;
    for (std::string word; words >> word;) {
      if (word == "DEPS" || word == "LIBS" || word == "SOURCES" || word.starts_with("segue_")) {
        in_deps = word == "DEPS";
      } else if (in_deps && AllowedLayers().contains(word)) {
        EXPECT_TRUE(AllowedLayers().at(layer).contains(word))
            << file.path << ": " << layer << " must not depend on " << word;
      }
    }
  }
}

// What stands beside the engine uses it, and each other in one direction only.
TEST(Layers, TheEngineKnowsNothingOfWhatSurroundsIt) {
  static const std::map<std::string, Names> kAllowed = {
      {"corpus", {"engine"}},
      {"tools", {"engine", "corpus"}},
      {"bench", {"engine", "corpus", "tests"}},
      {"tests", {"engine", "corpus", "tools", "bench"}},
  };
  for (const SourceFile& file : SourceTree()) {
    const std::string folder = file.path.substr(0, file.path.find('/'));
    if (!IsCpp(file.path) || !kAllowed.contains(folder)) continue;
    for (const Include& include : FindIncludes(file.text)) {
      const std::string target = include.path.substr(0, include.path.find('/'));
      const bool ours = target == "engine" || kAllowed.contains(target);
      if (include.angled || !ours || target == folder) continue;
      EXPECT_TRUE(kAllowed.at(folder).contains(target))
          << file.path << ":" << include.line << ": " << include.path;
    }
  }
}

// Depth first; a file that is met again while it is still open closes a cycle.
class CycleFinder {
 public:
  CycleFinder() {
    for (const SourceFile& file : SourceTree()) {
      if (IsCpp(file.path)) files_[file.path] = &file;
    }
  }

  std::string Run() {
    for (const auto& [path, file] : files_) Visit(path);
    return cycle_;
  }

 private:
  void Visit(const std::string& path) {
    const auto file = files_.find(path);
    if (file == files_.end() || done_.contains(path)) return;
    if (!open_.insert(path).second) {
      cycle_ += path + " ";
      return;
    }
    for (const Include& include : FindIncludes(file->second->text)) {
      Visit(include.path.starts_with("segue/") ? "engine/include/" + include.path : include.path);
    }
    open_.erase(path);
    done_.insert(path);
  }

  std::map<std::string, const SourceFile*> files_;
  Names open_;
  Names done_;
  std::string cycle_;
};

TEST(Layers, NoFileIncludesItselfByADetour) { EXPECT_EQ(CycleFinder().Run(), ""); }

// The public headers are all that a user of an installed segue has: std, absl::Status, themselves.
TEST(Layers, PublicHeadersStandAlone) {
  for (const SourceFile& file : SourceTree()) {
    if (!file.path.starts_with("engine/include/segue/")) continue;
    for (const Include& include : FindIncludes(file.text)) {
      const bool fine = include.angled || include.path.starts_with("segue/") ||
                        include.path == "absl/status/status.h" ||
                        include.path == "absl/status/statusor.h";
      EXPECT_TRUE(fine) << file.path << ":" << include.line << ": " << include.path;
    }
    EXPECT_EQ(BlankNonCode(file.text).find("absl::string_view"), std::string::npos) << file.path;
  }
}

TEST(Layers, OnlySimdIncludesIntrinsics) {
  for (const SourceFile& file : SourceTree()) {
    if (!IsCpp(file.path) || file.path.starts_with("engine/simd/")) continue;
    for (const Include& include : FindIncludes(file.text)) {
      const bool intrinsics = include.path.ends_with("intrin.h") || include.path == "arm_neon.h" ||
                              include.path == "arm_acle.h" || include.path == "cpuid.h";
      EXPECT_FALSE(intrinsics) << file.path << ":" << include.line << ": " << include.path;
    }
  }
}

TEST(Layers, BannedHeadersStayOut) {
  // Why: <regex> recurses on its input, <iostream> adds a static constructor to every program,
  // <format> and <expected> are not in the oldest supported standard library.
  static const Names kNowhere = {"regex", "format", "expected", "bits/stdc++.h"};
  static const Names kNotInEngine = {"iostream", "ostream", "sstream", "fstream", "random"};
  for (const SourceFile& file : SourceTree()) {
    if (!IsCpp(file.path)) continue;
    for (const Include& include : FindIncludes(file.text)) {
      EXPECT_FALSE(kNowhere.contains(include.path))
          << file.path << ":" << include.line << ": <" << include.path << ">";
      if (!file.path.starts_with("engine/")) continue;
      EXPECT_FALSE(kNotInEngine.contains(include.path))
          << file.path << ":" << include.line << ": <" << include.path << "> in the library";
    }
  }
}

}  // namespace
}  // namespace segue
