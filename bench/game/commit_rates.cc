// SPDX-License-Identifier: Apache-2.0
#include "bench/game/commit_rates.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <vector>

#include "bench/game/percentile.h"
#include "engine/base/json.h"
#include "engine/base/status.h"

namespace segue::game {
namespace {

void Print(std::string_view engine, std::string_view version, const CommitRateOptions& options,
           uint64_t documents, std::vector<double> seconds) {
  double total = 0;
  for (const double time : seconds) total += time;
  std::sort(seconds.begin(), seconds.end());
  const auto milliseconds = [&seconds](double share) {
    return seconds.empty() ? 0 : 1000 * Percentile(seconds, share);
  };
  JsonWriter json;
  json.BeginObject();
  json.Key("engine").String(engine);
  json.Key("version").String(version);
  json.Key("batch").Uint(options.batch);
  json.Key("commits").Uint(seconds.size());
  json.Key("documents").Uint(documents);
  json.Key("seconds").Double(total);
  json.Key("p50_ms").Double(milliseconds(0.5));
  json.Key("p99_ms").Double(milliseconds(0.99));
  json.EndObject();
  std::printf("%s\n", json.Take().c_str());
}

}  // namespace

absl::Status RunCommitRates(std::string_view engine, std::string_view version,
                            const CommitRateOptions& options, CommittingIndex* index) {
  using Clock = std::chrono::steady_clock;
  const auto end = Clock::now() + std::chrono::duration<double>(options.seconds);
  CorpusStream stream;
  std::vector<CorpusDocument> batch(options.batch);
  std::vector<double> seconds;
  uint64_t documents = 0;
  while (Clock::now() < end) {
    for (CorpusDocument& document : batch) {
      SEGUE_ASSIGN_OR_RETURN(const bool more, stream.Next(&document));
      if (more) continue;
      Print(engine, version, options, documents, std::move(seconds));
      return absl::OkStatus();
    }
    const auto begin = Clock::now();
    for (const CorpusDocument& document : batch) SEGUE_RETURN_IF_ERROR(index->Add(document));
    SEGUE_RETURN_IF_ERROR(index->Commit());
    seconds.push_back(std::chrono::duration<double>(Clock::now() - begin).count());
    documents += batch.size();
  }
  Print(engine, version, options, documents, std::move(seconds));
  return absl::OkStatus();
}

}  // namespace segue::game
