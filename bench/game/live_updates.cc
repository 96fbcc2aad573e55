// SPDX-License-Identifier: Apache-2.0
//
// Update number n replaces a document and puts n into its filter field as a keyword that nothing
// else has; so a snapshot can be asked whether it sees it. No document is replaced twice before all
// have been, or nearly.
#include "bench/game/live_updates.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <random>
#include <thread>
#include <vector>

#include "bench/game/corpus_stream.h"
#include "bench/game/game_schema.h"
#include "bench/game/percentile.h"
#include "engine/base/status.h"
#include "engine/base/strings.h"
#include "segue/index.h"

namespace segue::game {
namespace {

using Clock = std::chrono::steady_clock;

// A prime: updates go all over the index.
constexpr uint64_t kStride = 15'485'863;

double MillisecondsSince(Clock::time_point begin) {
  return std::chrono::duration<double, std::milli>(Clock::now() - begin).count();
}

void PrintTimes(const char* what, std::vector<double> times) {
  std::sort(times.begin(), times.end());
  std::printf("%-16s %8zu calls, ms: p50 %.2f, p99 %.2f, longest %.2f\n", what, times.size(),
              Percentile(times, 0.5), Percentile(times, 0.99), times.back());
}

class LiveUpdates {
 public:
  explicit LiveUpdates(const LiveUpdatesOptions& options) : options_(options) {}

  absl::Status Run() {
    SEGUE_RETURN_IF_ERROR(Fill());
    std::thread updater([this] { update_status_ = Update(); });
    std::thread committer([this] { commit_status_ = CommitAgainAndAgain(); });
    const absl::Status looked = Look();
    stop_ = true;
    updater.join();
    committer.join();
    SEGUE_RETURN_IF_ERROR(looked);
    SEGUE_RETURN_IF_ERROR(update_status_);
    SEGUE_RETURN_IF_ERROR(commit_status_);
    const auto begin = Clock::now();
    SEGUE_RETURN_IF_ERROR(writer_->Commit().status());
    std::printf("%zu documents, %llu updates a second, a snapshot every %u ms\n", corpus_.size(),
                static_cast<unsigned long long>(options_.rate), options_.every_ms);
    PrintTimes("OpenSnapshot", looks_);
    PrintTimes("Upsert", updates_);
    if (!commits_.empty()) PrintTimes("Commit", commits_);
    std::printf("most segments of a snapshot: %zu; Commit afterwards: %.1f ms\n", most_segments_,
                MillisecondsSince(begin));
    std::printf("most bytes of a snapshot's segments: %.2f times those at the start\n",
                most_bytes_ / bytes_at_start_);
    return absl::OkStatus();
  }

 private:
  absl::Status Fill() {
    if (std::filesystem::exists(options_.folder)) {
      return Error(ErrorCode::kInvalidArgument, Cat(options_.folder, " exists"));
    }
    SEGUE_ASSIGN_OR_RETURN(const Schema schema, GameSchema(/*with_key=*/true));
    SEGUE_ASSIGN_OR_RETURN(const Index index, Index::Create(options_.folder, schema));
    WriterOptions options;
    if (options_.merges_beside) {
      SEGUE_ASSIGN_OR_RETURN(merge_thread_, NewBackgroundThread());
      options.merge_executor = merge_thread_.get();
    }
    SEGUE_ASSIGN_OR_RETURN(writer_, index.OpenWriter(options));
    CorpusStream stream;
    CorpusDocument document;
    Document filled;
    while (corpus_.size() < options_.documents) {
      SEGUE_ASSIGN_OR_RETURN(const bool more, stream.Next(&document));
      if (!more) break;
      game::Fill(document, &filled);
      SEGUE_RETURN_IF_ERROR(writer_->Add(filled));
      corpus_.push_back(document);
    }
    if (corpus_.empty())
      return Error(ErrorCode::kInvalidArgument, "no documents on standard input");
    SEGUE_RETURN_IF_ERROR(writer_->ForceMerge(1).status());
    SEGUE_ASSIGN_OR_RETURN(const auto snapshot, writer_->OpenSnapshot());
    bytes_at_start_ = BytesOf(*snapshot);
    return absl::OkStatus();
  }

  static double BytesOf(const Snapshot& snapshot) {
    uint64_t bytes = 0;
    for (const SegmentInfo& segment : snapshot.segments()) bytes += segment.bytes;
    return static_cast<double>(bytes);
  }

  absl::Status CommitAgainAndAgain() {
    if (options_.commit_ms == 0) return absl::OkStatus();
    const auto begin = Clock::now();
    for (uint64_t number = 1; !stop_; ++number) {
      std::this_thread::sleep_until(begin + number * std::chrono::milliseconds(options_.commit_ms));
      const auto start = Clock::now();
      SEGUE_ASSIGN_OR_RETURN(const CommitInfo info, writer_->Commit());
      commits_.push_back(MillisecondsSince(start));
      SEGUE_RETURN_IF_ERROR(info.merge_error);
    }
    return absl::OkStatus();
  }

  absl::Status Update() {
    std::mt19937_64 random(1);
    Document filled;
    const auto begin = Clock::now();
    for (uint64_t number = 1; !stop_; ++number) {
      std::this_thread::sleep_until(begin + number * std::chrono::nanoseconds(1'000'000'000) /
                                                options_.rate);
      CorpusDocument document = corpus_[number * kStride % corpus_.size()];
      document.text = corpus_[random() % corpus_.size()].text;
      document.filter += Cat(" update", number);
      game::Fill(document, &filled);
      const auto start = Clock::now();
      SEGUE_RETURN_IF_ERROR(writer_->Upsert(filled));
      updates_.push_back(MillisecondsSince(start));
      done_ = number;
    }
    return absl::OkStatus();
  }

  absl::Status Look() {
    const auto begin = Clock::now();
    const uint64_t count = uint64_t{options_.seconds} * 1000 / options_.every_ms;
    for (uint64_t i = 1; i <= count; ++i) {
      std::this_thread::sleep_until(begin + i * std::chrono::milliseconds(options_.every_ms));
      const uint64_t wanted = done_;
      const auto start = Clock::now();
      SEGUE_ASSIGN_OR_RETURN(const auto snapshot, writer_->OpenSnapshot());
      looks_.push_back(MillisecondsSince(start));
      most_segments_ = std::max(most_segments_, snapshot->segments().size());
      most_bytes_ = std::max(most_bytes_, BytesOf(*snapshot));
      if (snapshot->live_doc_count() != corpus_.size()) {
        return Error(ErrorCode::kInternal, "a document is missing, or there twice");
      }
      if (wanted == 0) continue;
      SEGUE_ASSIGN_OR_RETURN(const uint64_t seen,
                             snapshot->DocFreq("filter", Cat("update", wanted)));
      if (seen != 1) return Error(ErrorCode::kInternal, Cat("update ", wanted, " is not seen"));
    }
    return absl::OkStatus();
  }

  const LiveUpdatesOptions& options_;
  std::unique_ptr<Executor> merge_thread_;
  std::unique_ptr<Writer> writer_;
  std::vector<CorpusDocument> corpus_;
  std::atomic<bool> stop_ = false;
  std::atomic<uint64_t> done_ = 0;
  absl::Status update_status_, commit_status_;
  std::vector<double> looks_, updates_, commits_;  // milliseconds
  size_t most_segments_ = 0;
  double most_bytes_ = 0, bytes_at_start_ = 0;
};

}  // namespace

absl::Status RunLiveUpdates(const LiveUpdatesOptions& options) {
  return LiveUpdates(options).Run();
}

}  // namespace segue::game
