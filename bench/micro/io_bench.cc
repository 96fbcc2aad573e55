// SPDX-License-Identifier: Apache-2.0
// Checksums, and what a Pin costs once its block has been verified.
#include <benchmark/benchmark.h>

#include <cstdint>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "engine/io/framed_file.h"
#include "engine/io/memory_env.h"
#include "engine/simd/crc32c.h"

namespace segue {
namespace {

using Crc = uint32_t (*)(uint32_t, const void*, size_t);

void RunCrc(benchmark::State& state, Crc crc) {
  const std::string bytes(static_cast<size_t>(state.range(0)), 'x');
  uint32_t sum = 0;
  for (auto _ : state) sum = crc(sum, bytes.data(), bytes.size());
  benchmark::DoNotOptimize(sum);
  state.SetBytesProcessed(state.iterations() * state.range(0));
}

void BM_CrcPortable(benchmark::State& state) { RunCrc(state, crc32c_internal::Portable); }
BENCHMARK(BM_CrcPortable)->Arg(64)->Arg(4096)->Arg(65536);

void BM_CrcHardware(benchmark::State& state) {
  if (!crc32c_internal::HasHardware()) {
    state.SkipWithError("no crc32 instruction");
    return;
  }
  RunCrc(state, crc32c_internal::Hardware);
}
BENCHMARK(BM_CrcHardware)->Arg(64)->Arg(4096)->Arg(65536);

void BM_CrcCombine(benchmark::State& state) {
  const Crc32cCombiner combiner(65536);
  uint32_t sum = 1;
  for (auto _ : state) sum = combiner.Combine(sum, 2);
  benchmark::DoNotOptimize(sum);
}
BENCHMARK(BM_CrcCombine);

void RunPin(benchmark::State& state, ReadMode mode) {
  constexpr FileKind kKind = FileKind::Of("test");
  const std::unique_ptr<Env> env = NewMemoryEnv();
  auto writer = FramedWriter::Create(env.get(), "file", kKind, 1, SegmentId{1});
  if (!writer.ok() || !(*writer)->Append(std::string(size_t{64} << 20, 'x')).ok() ||
      !(*writer)->Finish().ok()) {
    state.SkipWithError("cannot write");
    return;
  }
  OpenOptions options;
  options.verify = VerifyPolicy::kOnOpen;
  options.read_mode = mode;
  const auto section = OpenFramed(env.get(), "file", kKind, SegmentId{1}, options);
  if (!section.ok()) {
    state.SkipWithError("cannot open");
    return;
  }
  std::mt19937 random(1);
  std::vector<uint64_t> offsets(4096);
  for (uint64_t& offset : offsets) offset = random() % (section->size() - 600);
  size_t i = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(section->Pin(offsets[i++ % offsets.size()], 500));
  }
}

void BM_PinMapped(benchmark::State& state) { RunPin(state, ReadMode::kMmap); }
BENCHMARK(BM_PinMapped);

void BM_PinCopied(benchmark::State& state) { RunPin(state, ReadMode::kPread); }
BENCHMARK(BM_PinCopied);

void BM_FirstTouch(benchmark::State& state) {
  constexpr FileKind kKind = FileKind::Of("test");
  const std::unique_ptr<Env> env = NewMemoryEnv();
  constexpr size_t kBytes = size_t{16} << 20;
  auto writer = FramedWriter::Create(env.get(), "file", kKind, 1, SegmentId{1});
  if (!writer.ok() || !(*writer)->Append(std::string(kBytes, 'x')).ok() ||
      !(*writer)->Finish().ok()) {
    state.SkipWithError("cannot write");
    return;
  }
  for (auto _ : state) {
    const auto section = OpenFramed(env.get(), "file", kKind, SegmentId{1}, {});
    benchmark::DoNotOptimize(section->PinAll());
  }
  state.SetBytesProcessed(state.iterations() * static_cast<int64_t>(kBytes));
}
BENCHMARK(BM_FirstTouch);

}  // namespace
}  // namespace segue
