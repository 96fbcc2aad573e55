// SPDX-License-Identifier: Apache-2.0
#include "tools/progress.h"

#include <sys/resource.h>
#include <unistd.h>

#include <cstdio>
#include <string>

#include "corpus/base_tools.h"
#include "tools/console.h"
#include "tools/text_layout.h"

namespace segue {
namespace {

constexpr auto kRedrawInterval = std::chrono::milliseconds(100);
constexpr int kBarColumns = 20;

std::string TimeLeft(double seconds) {
  const auto whole = static_cast<int64_t>(seconds + 0.5);
  char text[32];
  if (whole < 3600) {
    std::snprintf(text, sizeof text, "%d:%02d left", static_cast<int>(whole / 60),
                  static_cast<int>(whole % 60));
  } else {
    std::snprintf(text, sizeof text, "%d:%02d h left", static_cast<int>(whole / 3600),
                  static_cast<int>(whole / 60 % 60));
  }
  return text;
}

// "[####....] 50%  "
std::string Bar(uint64_t done, uint64_t all) {
  const double share = std::min(1.0, static_cast<double>(done) / static_cast<double>(all));
  const int filled = static_cast<int>(share * kBarColumns);
  std::string bar = "[";
  for (int i = 0; i < kBarColumns; ++i) bar += i < filled ? '#' : '.';
  return bar + Cat("] ", static_cast<int>(share * 100), "%  ");
}

}  // namespace

uint64_t ResidentBytes() {
  std::FILE* file = std::fopen("/proc/self/statm", "r");
  if (file == nullptr) return 0;
  unsigned long long total = 0, resident = 0;
  const int fields = std::fscanf(file, "%llu %llu", &total, &resident);
  std::fclose(file);
  return fields == 2 ? resident * static_cast<uint64_t>(::sysconf(_SC_PAGESIZE)) : 0;
}

uint64_t PeakResidentBytes() {
  rusage usage;
  if (::getrusage(RUSAGE_SELF, &usage) != 0) return 0;
  return static_cast<uint64_t>(usage.ru_maxrss) * 1024;
}

Progress::Progress()
    : shown_(IsTerminal(STDERR_FILENO)), begin_(std::chrono::steady_clock::now()) {}

double Progress::Seconds() const {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin_).count();
}

void Progress::Draw(std::string_view line) {
  const std::string fitted = Fit(line, TerminalWidth(STDERR_FILENO) - 1);
  std::fprintf(stderr, "\r\033[K%s", fitted.c_str());
  std::fflush(stderr);
  drawn_ = true;
}

// Whether it is time to draw again.
bool Progress::Due() {
  if (!shown_) return false;
  const auto now = std::chrono::steady_clock::now();
  if (drawn_ && now - last_draw_ < kRedrawInterval) return false;
  last_draw_ = now;
  return true;
}

void Progress::Update(const ProgressState& state) {
  if (!Due()) return;
  const double seconds = Seconds();
  std::string line;
  if (state.input_bytes_total > 0) line = Bar(state.input_bytes, state.input_bytes_total);
  char rate[32];
  std::snprintf(rate, sizeof rate, "%.1f MB/s",
                seconds > 0 ? static_cast<double>(state.text_bytes) / 1e6 / seconds : 0.0);
  CatTo(&line, Grouped(state.documents), " documents  ", rate, "  ", Megabytes(ResidentBytes()),
        " memory");
  // Too early an estimate only jumps about.
  if (state.input_bytes_total > 0 && state.input_bytes > 0 && seconds > 0.5) {
    const double rest = static_cast<double>(state.input_bytes_total) -
                        static_cast<double>(std::min(state.input_bytes, state.input_bytes_total));
    line += "  " + TimeLeft(seconds * rest / static_cast<double>(state.input_bytes));
  }
  Draw(line);
}

void Progress::Phase(std::string_view what) {
  if (shown_) Draw(what);
}

void Progress::Part(std::string_view what, uint64_t done, uint64_t all) {
  if (all > 0 && Due()) Draw(Cat(Bar(done, all), what));
}

void Progress::Clear() {
  if (!drawn_) return;
  std::fputs("\r\033[K", stderr);
  std::fflush(stderr);
  drawn_ = false;
}

}  // namespace segue
