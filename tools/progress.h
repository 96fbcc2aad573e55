// SPDX-License-Identifier: Apache-2.0
//
// A line on standard error that says how far a long job is, on a terminal only.
#ifndef SEGUE_TOOLS_PROGRESS_H_
#define SEGUE_TOOLS_PROGRESS_H_

#include <chrono>
#include <cstdint>
#include <string_view>

namespace segue {

// Resident memory of this process now and at its highest, in bytes; 0 if unknown.
uint64_t ResidentBytes();
uint64_t PeakResidentBytes();

struct ProgressState {
  uint64_t documents = 0;
  uint64_t text_bytes = 0;         // after decompression
  uint64_t input_bytes = 0;        // before it
  uint64_t input_bytes_total = 0;  // 0: unknown, then no time left is shown
};

// Not thread-safe.
class Progress {
 public:
  Progress();
  ~Progress() { Clear(); }
  // Redraws at most ten times a second.
  void Update(const ProgressState& state);
  // A line for a phase without numbers, such as "committing".
  void Phase(std::string_view what);
  // The same for one that is partly done; redraws at most ten times a second.
  void Part(std::string_view what, uint64_t done, uint64_t all);
  // Takes the line away, so that other output can follow.
  void Clear();
  double Seconds() const;

 private:
  bool Due();
  void Draw(std::string_view line);

  const bool shown_;
  const std::chrono::steady_clock::time_point begin_;
  std::chrono::steady_clock::time_point last_draw_;
  bool drawn_ = false;
};

}  // namespace segue

#endif  // SEGUE_TOOLS_PROGRESS_H_
