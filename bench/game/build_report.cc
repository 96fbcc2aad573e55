// SPDX-License-Identifier: Apache-2.0
#include "bench/game/build_report.h"

#include <sys/resource.h>

#include <cstdio>
#include <filesystem>
#include <map>
#include <system_error>

#include "engine/base/json.h"
#include "engine/base/status.h"
#include "engine/base/strings.h"

namespace segue::game {
namespace {

namespace fs = std::filesystem;

absl::StatusOr<std::map<std::string, uint64_t>> SizesByEnding(const std::string& folder) {
  std::map<std::string, uint64_t> parts;
  std::error_code error;
  for (fs::recursive_directory_iterator it(folder, error), end; !error && it != end;
       it.increment(error)) {
    if (!it->is_regular_file(error) || error) continue;
    // Files without a dot in their names (manifests, locks) are a part by their whole name.
    const std::string ending = it->path().extension().string();
    parts[ending.empty() ? it->path().filename().string() : ending] += it->file_size(error);
    if (error) break;
  }
  if (error) {
    return Error(ErrorCode::kIo, Cat("cannot read the sizes in ", folder, ": ", error.message()));
  }
  return parts;
}

double Seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
}

}  // namespace

absl::Status BuildReport::Print(std::string_view engine, std::string_view version,
                                uint64_t documents, const std::string& folder) const {
  const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - begin_;
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  SEGUE_ASSIGN_OR_RETURN(const auto parts, SizesByEnding(folder));
  uint64_t bytes = 0;
  for (const auto& [ending, size] : parts) bytes += size;
  JsonWriter json;
  json.BeginObject().Key("engine").String(engine).Key("version").String(version);
  json.Key("documents").Uint(documents).Key("wall_s").Double(wall.count());
  json.Key("cpu_s").Double(Seconds(usage.ru_utime) + Seconds(usage.ru_stime));
  json.Key("peak_rss_bytes").Uint(static_cast<uint64_t>(usage.ru_maxrss) * 1024);
  json.Key("index_bytes").Uint(bytes).Key("parts").BeginObject();
  for (const auto& [ending, size] : parts) json.Key(ending).Uint(size);
  json.EndObject().EndObject();
  std::printf("%s\n", json.Take().c_str());
  return absl::OkStatus();
}

void PrintVersion(std::string_view engine, std::string_view version) {
  JsonWriter json;
  json.BeginObject().Key("engine").String(engine).Key("version").String(version).EndObject();
  std::printf("%s\n", json.Take().c_str());
}

}  // namespace segue::game
