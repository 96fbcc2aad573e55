// SPDX-License-Identifier: Apache-2.0
//
// The parts of the soak test: a writing process, reading processes, and what they agree on. Each
// document follows from its key and its version, the number of the commit that brought it, so that
// anybody can tell whether one is whole.
#ifndef SEGUE_TESTS_CRASH_SOAK_H_
#define SEGUE_TESTS_CRASH_SOAK_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "segue/document.h"
#include "segue/index.h"

namespace segue::soak {

inline constexpr uint32_t kKeys = 3000;
// Documents are deleted by group, too.
inline constexpr uint32_t kGroups = 200;

Schema SoakSchema();
std::string KeyOf(uint32_t key);
std::string TextOf(uint32_t key, uint32_t version);
uint32_t GroupOf(uint32_t key, uint32_t version);
Document DocumentOf(uint32_t key, uint32_t version);

// Version of each key. Changes are to be applied in their order.
using Model = std::map<uint32_t, uint32_t>;
struct Change {
  enum class Kind : uint32_t { kUpsert, kDelete, kDeleteGroup };
  Kind kind = Kind::kUpsert;
  uint32_t number = 0;  // key or group
};
void Apply(const std::vector<Change>& changes, uint32_t version, Model* model);

// What the writer says: 'B' before it commits `changes` changes, which follow, 'C' when that has
// returned OK.
struct Message {
  uint32_t what = 0;
  uint32_t version = 0;  // is also the payload of the commit
  uint32_t changes = 0;
};

// Writes until it is killed. Never returns; ends with an exit code if anything fails.
[[noreturn]] void Write(const std::string& folder, uint64_t seed, uint32_t first_version, int pipe);

// Memory and open files of a process at one moment.
struct Usage {
  double anonymous_mib = 0;
  double open_files = 0;
};
Usage UsageOf(int process);

// Means over the second and the last quarter of a run, which should be alike: figures are taken all
// the time, and the first quarter is for warming up.
class Trend {
 public:
  explicit Trend(double seconds) : seconds_(seconds) {}
  void Add(double second, double value);
  double early() const { return quarters_[1].count == 0 ? 0 : quarters_[1].Mean(); }
  double late() const { return quarters_[3].count == 0 ? early() : quarters_[3].Mean(); }
  // Whether it has not grown by more than a third, or `slack`.
  bool IsFlat(double slack) const { return late() <= early() * 4 / 3 + slack; }

 private:
  struct Quarter {
    double sum = 0;
    uint64_t count = 0;
    double Mean() const { return sum / static_cast<double>(count); }
  };
  double seconds_;
  Quarter quarters_[4];
};

// What readers saw.
struct ReaderReport {
  uint64_t snapshots = 0;
  uint64_t searches = 0;
  double memory_early = 0, memory_late = 0;  // MiB
  double files_early = 0, files_late = 0;
  bool flat = false;
};

// Reads in `threads` threads until the other end of `stop` is closed, then writes a ReaderReport to
// `report`. Exits with 0; with another code, after a line that says what, if anything was wrong.
[[noreturn]] void Read(const std::string& folder, int threads, double seconds, int stop,
                       int report);

}  // namespace segue::soak

#endif  // SEGUE_TESTS_CRASH_SOAK_H_
