// SPDX-License-Identifier: Apache-2.0
//
// xapian-game: Xapian as a driver of the benchmark game. Why it stands apart: CMakeLists.txt.
#include <sys/resource.h>
#include <xapian.h>

#include <chrono>
#include <cinttypes>
#include <cstdio>
#include <filesystem>
#include <iostream>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

#include "bench/game/peers/xapian/index.h"
#include "bench/game/peers/xapian/server.h"

namespace xapian_game {
namespace {

namespace fs = std::filesystem;

double Seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
}

void PrintReport(uint64_t documents, double wall_s, const std::string& folder) {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  std::map<std::string, uintmax_t> parts;  // one file a table: named as they are
  uintmax_t bytes = 0;
  for (const fs::directory_entry& file : fs::directory_iterator(folder)) {
    parts[file.path().filename().string()] += file.file_size();
    bytes += file.file_size();
  }
  std::printf("{\"engine\":\"xapian\",\"version\":\"%s\",\"documents\":%" PRIu64
              ",\"wall_s\":%.3f,\"cpu_s\":%.3f,\"peak_rss_bytes\":%ld,\"index_bytes\":%" PRIuMAX
              ",\"parts\":{",
              Xapian::version_string(), documents, wall_s,
              Seconds(usage.ru_utime) + Seconds(usage.ru_stime), usage.ru_maxrss * 1024, bytes);
  const char* between = "";
  for (const auto& [name, size] : parts) {
    std::printf("%s\"%s\":%" PRIuMAX, between, name.c_str(), size);
    between = ",";
  }
  std::printf("}}\n");
}

int Build(const std::string& folder, const std::vector<std::string>& options) {
  const auto begin = std::chrono::steady_clock::now();
  unsigned delete_percent = 0;
  for (size_t i = 0; i + 1 < options.size(); i += 2) {
    const auto value = static_cast<unsigned>(std::stoul(options[i + 1]));
    if (options[i] == "--delete") {
      delete_percent = value;
    } else if (options[i] == "--segments" && value != 1) {
      throw std::runtime_error("Xapian does not let its user choose segments");
    } else if (options[i] != "--documents" && options[i] != "--segments") {
      throw std::runtime_error("no option " + options[i]);
    }
  }
  if (options.size() % 2 != 0) throw std::runtime_error("no value for " + options.back());
  const uint64_t documents = BuildIndex(folder, delete_percent);
  const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - begin;
  PrintReport(documents, wall.count(), folder);
  return 0;
}

int Main(const std::vector<std::string>& arguments) {
  const std::string command = arguments.empty() ? "" : arguments[0];
  if (command == "version" && arguments.size() == 1) {
    std::printf("{\"engine\":\"xapian\",\"version\":\"%s\"}\n", Xapian::version_string());
    return 0;
  }
  if (command == "build" && arguments.size() >= 2) {
    return Build(arguments[1], {arguments.begin() + 2, arguments.end()});
  }
  if (command == "serve" && arguments.size() == 2) {
    Serve(arguments[1]);
    return 0;
  }
  std::fputs(
      "usage: xapian-game build DIR [--delete PERCENT] < corpus.jsonl\n"
      "       xapian-game serve DIR\n"
      "       xapian-game version\n",
      stderr);
  return 1;
}

}  // namespace
}  // namespace xapian_game

int main(int argc, char** argv) {
  std::ios::sync_with_stdio(false);
  try {
    return xapian_game::Main({argv + 1, argv + argc});
  } catch (const Xapian::Error& error) {
    std::fprintf(stderr, "xapian-game: error: %s\n", error.get_msg().c_str());
  } catch (const std::exception& error) {
    std::fprintf(stderr, "xapian-game: error: %s\n", error.what());
  }
  return 1;
}
