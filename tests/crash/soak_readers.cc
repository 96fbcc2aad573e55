// SPDX-License-Identifier: Apache-2.0
//
// A reader opens snapshots, keeps some of them for a while, and looks at random places whether each
// is in itself what it must be: every document whole, every list of the length that it should have.
#include <poll.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdio>
#include <mutex>
#include <thread>

#include "engine/base/check.h"
#include "engine/base/strings.h"
#include "segue/query.h"
#include "segue/status.h"
#include "tests/crash/soak.h"
#include "tests/support/seeded_random.h"

namespace segue::soak {
namespace {

class Reader {
 public:
  Reader(const std::string& folder, uint64_t seed) : folder_(folder), random_(seed) {}

  // One round of looking. Returns what is wrong, or nothing.
  std::string Round() {
    const auto index = Index::Open(folder_);
    if (!index.ok()) return index.status().ToString();
    const auto snapshot = index->OpenSnapshot();
    if (!snapshot.ok()) return snapshot.status().ToString();
    ++snapshots;
    if ((*snapshot)->generation() < last_generation_) return "an older generation than before";
    last_generation_ = (*snapshot)->generation();
    held_[random_.Below(std::size(held_))] = *snapshot;
    for (const auto& held : held_) {
      if (held == nullptr) continue;
      if (std::string wrong = Look(*held); !wrong.empty()) return wrong;
    }
    return {};
  }

  uint64_t snapshots = 0;
  uint64_t searches = 0;

 private:
  std::string Look(const Snapshot& snapshot) {
    const auto all = snapshot.Search(Query::Text("common"));
    ++searches;
    if (!all.ok()) return all.status().ToString();
    if (all->total->value != snapshot.live_doc_count()) {
      return Cat("finds ", all->total->value, " of ", snapshot.live_doc_count());
    }
    const auto word = Cat("w", random_.Below(500));
    const auto some = snapshot.Search(Query::Text(Cat(word, " w", random_.Below(500))), {.k = 5});
    ++searches;
    if (!some.ok()) return some.status().ToString();
    for (const Hit& hit : some->hits) {
      if (std::string wrong = LookAt(snapshot, hit.doc); !wrong.empty()) return wrong;
    }
    return {};
  }

  // A document found is the only one with its key, and all of it is there.
  std::string LookAt(const Snapshot& snapshot, uint64_t doc) {
    const auto stored = snapshot.Stored(doc);
    if (!stored.ok()) return stored.status().ToString();
    const auto key = snapshot.Key(doc);
    if (!key.ok()) return key.status().ToString();
    const auto& text = std::get<std::string>(*stored->Find("text"));
    unsigned number = 0, version = 0;
    if (std::sscanf(text.c_str(), "common key%u version%u", &number, &version) != 2 ||
        text != TextOf(number, version) || *key != KeyOf(number)) {
      return Cat("document ", doc, " is not whole: ", text);
    }
    const auto found = snapshot.FindKey(*key);
    if (!found.ok()) return found.status().ToString();
    if (*found != doc) return Cat("another document has the key ", *key);
    const auto versions = snapshot.Search(Query::And(
        {Query::Term("text", Cat("key", number)), Query::Equals("n", int64_t{version})}));
    ++searches;
    if (!versions.ok()) return versions.status().ToString();
    if (versions->hits.size() != 1 || versions->hits[0].doc != doc) {
      return Cat(versions->hits.size(), " documents of key ", *key);
    }
    return {};
  }

  const std::string folder_;
  SeededRandom random_;
  uint64_t last_generation_ = 0;
  std::shared_ptr<const Snapshot> held_[3];
};

double SecondsSince(std::chrono::steady_clock::time_point began) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
}

}  // namespace

void Read(const std::string& folder, int threads, double seconds, int stop, int report) {
  std::atomic<bool> done = false;
  std::mutex mutex;
  std::string wrong;
  ReaderReport result;
  std::vector<std::thread> readers;
  for (int i = 0; i < threads; ++i) {
    readers.emplace_back([&, i] {
      Reader reader(folder, static_cast<uint64_t>(::getpid()) * 100 + static_cast<uint64_t>(i));
      std::string mine;
      while (!done && mine.empty()) mine = reader.Round();
      const std::lock_guard<std::mutex> lock(mutex);
      if (wrong.empty()) wrong = mine;
      result.snapshots += reader.snapshots;
      result.searches += reader.searches;
    });
  }
  Trend memory(seconds), files(seconds);
  const auto began = std::chrono::steady_clock::now();
  pollfd ends = {.fd = stop, .events = POLLIN, .revents = 0};
  while (::poll(&ends, 1, 100) == 0) {
    const Usage usage = UsageOf(::getpid());
    memory.Add(SecondsSince(began), usage.anonymous_mib);
    files.Add(SecondsSince(began), usage.open_files);
  }
  done = true;
  for (std::thread& reader : readers) reader.join();
  result.memory_early = memory.early();
  result.memory_late = memory.late();
  result.files_early = files.early();
  result.files_late = files.late();
  // Sanitizers keep what is freed for a while.
  result.flat = (SEGUE_CHECKS_ON || memory.IsFlat(/*slack=*/16)) && files.IsFlat(/*slack=*/64);
  if (::write(report, &result, sizeof result) != sizeof result) ::_exit(4);
  if (!wrong.empty()) std::fprintf(stderr, "a reader: %s\n", wrong.c_str());
  ::_exit(wrong.empty() ? 0 : 5);
}

}  // namespace segue::soak
