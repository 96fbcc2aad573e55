// SPDX-License-Identifier: Apache-2.0
//
// What building an index cost, as every driver of the game tells it.
#ifndef SEGUE_BENCH_GAME_BUILD_REPORT_H_
#define SEGUE_BENCH_GAME_BUILD_REPORT_H_

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/status.h"

namespace segue::game {

// Starts its clock when made; the processor time and the memory are those of the whole process.
class BuildReport {
 public:
  // Prints {"engine":…,"version":…,"documents":…,"wall_s":…,"cpu_s":…,"peak_rss_bytes":…,
  // "index_bytes":…,"parts":{".pos":…}}: all files under `folder`, by the ends of their names.
  absl::Status Print(std::string_view engine, std::string_view version, uint64_t documents,
                     const std::string& folder) const;

 private:
  std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
};

// Prints {"engine":…,"version":…}.
void PrintVersion(std::string_view engine, std::string_view version);

}  // namespace segue::game

#endif  // SEGUE_BENCH_GAME_BUILD_REPORT_H_
