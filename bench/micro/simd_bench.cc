// SPDX-License-Identifier: Apache-2.0
//
// Kernels, every table that this CPU has. "items" are documents, words or bytes
// as each benchmark says; the time of one is 1 / items_per_second.
//
//   simd_bench --benchmark_filter=unpack

#include <benchmark/benchmark.h>

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "engine/simd/kernels.h"

namespace segue {
namespace {

uint64_t Mix(uint64_t i) {
  uint64_t z = i * 0x9e3779b97f4a7c15u + 0x1234567;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return z ^ (z >> 31);
}

constexpr size_t kWords = 2048;  // a bitmap of 131,072 documents: 16 KiB

// Bits set with probability 1 / 2^shift.
std::vector<uint64_t> Bitmap(int shift, uint64_t seed) {
  std::vector<uint64_t> words(kWords, ~uint64_t{0});
  for (size_t i = 0; i < kWords; ++i) {
    for (int j = 0; j < shift; ++j) words[i] &= Mix(seed + 64 * i + static_cast<uint64_t>(j));
  }
  return words;
}

std::vector<uint32_t> Docs(int shift, uint64_t seed) {
  const std::vector<uint64_t> words = Bitmap(shift, seed);
  std::vector<uint32_t> docs(64 * kWords + 16);
  docs.resize(ScalarKernels()->bits_to_docs(words.data(), kWords, 0, docs.data()));
  return docs;
}

void SetItems(benchmark::State& state, size_t items) {
  state.SetItemsProcessed(static_cast<int64_t>(state.iterations() * items));
}

void UnpackLanes(benchmark::State& state, const Kernels* kernels) {
  std::vector<uint8_t> packed(16 * 31);
  for (size_t i = 0; i < packed.size(); ++i) packed[i] = static_cast<uint8_t>(Mix(i));
  uint32_t lanes[128], docs[128];
  for (auto _ : state) {
    kernels->unpack_lanes(packed.data(), static_cast<uint32_t>(state.range(0)), lanes);
    kernels->lanes_to_docs(lanes, 1, docs);
    benchmark::DoNotOptimize(docs);
    benchmark::ClobberMemory();
  }
  SetItems(state, 128);
}

void UnpackFields(benchmark::State& state, const Kernels* kernels) {
  std::vector<uint8_t> fields(192, 0x6c);
  uint32_t freqs[128];
  for (auto _ : state) {
    kernels->unpack_fields(fields.data(), static_cast<uint32_t>(state.range(0)), freqs);
    benchmark::DoNotOptimize(freqs);
    benchmark::ClobberMemory();
  }
  SetItems(state, 128);
}

void SumFields(benchmark::State& state, const Kernels* kernels) {
  std::vector<uint8_t> fields(192, 0x6c);
  uint32_t count = 0;
  for (auto _ : state) {
    count = (count + 37) & 127;
    benchmark::DoNotOptimize(
        kernels->sum_fields(fields.data(), static_cast<uint32_t>(state.range(0)), count));
  }
  SetItems(state, 1);
}

// Items are fields, of as many bits as the argument says.
void MaskFieldsInRange(benchmark::State& state, const Kernels* kernels) {
  const auto bits = static_cast<uint32_t>(state.range(0));
  constexpr size_t kFields = 1024;
  std::vector<uint8_t> fields(kFields / 8 * bits + 64);
  for (size_t i = 0; i < fields.size(); ++i) fields[i] = static_cast<uint8_t>(Mix(i));
  const uint64_t quarter = (uint64_t{1} << bits) / 4;
  uint64_t mask[kFields / 64];
  for (auto _ : state) {
    kernels->mask_fields_in_range(fields.data(), bits, quarter, 2 * quarter, kFields, mask);
    benchmark::DoNotOptimize(mask);
    benchmark::ClobberMemory();
  }
  SetItems(state, kFields);
}

// Items are bits of the bitmap, of which one in 2^argument is a place.
void DepositBits(benchmark::State& state, const Kernels* kernels) {
  const std::vector<uint64_t> places = Bitmap(static_cast<int>(state.range(0)), 1);
  const std::vector<uint64_t> bits = Bitmap(1, 2);
  std::vector<uint64_t> out(kWords);
  for (auto _ : state) {
    kernels->deposit_bits(bits.data(), reinterpret_cast<const uint8_t*>(places.data()), kWords,
                          out.data());
    benchmark::DoNotOptimize(out.data());
    benchmark::ClobberMemory();
  }
  SetItems(state, 64 * kWords);
}

// Items are terms of a dictionary block, which share up to three bytes with the one before; those
// that share fewer than the argument, or as many and go on otherwise, are asked for.
void MaskFrontCoded(benchmark::State& state, const Kernels* kernels) {
  constexpr size_t kTerms = 32;
  std::array<uint8_t, kTerms> heads, nexts;
  for (size_t i = 0; i < kTerms; ++i) {
    heads[i] = static_cast<uint8_t>(i * 5 % 4 << 4 | i % 16);
    nexts[i] = static_cast<uint8_t>('a' + i * 7 % 26);
  }
  std::array<uint8_t, 16> ascii;
  ascii.fill(0xbf);
  const auto shared = static_cast<uint32_t>(state.range(0));
  for (auto _ : state) {
    benchmark::DoNotOptimize(
        kernels->mask_front_coded(heads.data(), nexts.data(), shared, ascii.data()));
    benchmark::ClobberMemory();
  }
  SetItems(state, kTerms);
}

void CountAnd(benchmark::State& state, const Kernels* kernels) {
  const std::vector<uint64_t> a = Bitmap(2, 1), b = Bitmap(3, 2);
  for (auto _ : state) benchmark::DoNotOptimize(kernels->count_and(a.data(), b.data(), kWords));
  SetItems(state, kWords);
}

void AndWords(benchmark::State& state, const Kernels* kernels) {
  const std::vector<uint64_t> a = Bitmap(2, 1), b = Bitmap(3, 2);
  std::vector<uint64_t> out(kWords);
  for (auto _ : state) {
    kernels->and_words(out.data(), a.data(), b.data(), kWords);
    benchmark::ClobberMemory();
  }
  SetItems(state, kWords);
}

void BitsToDocs(benchmark::State& state, const Kernels* kernels) {
  const std::vector<uint64_t> words = Bitmap(static_cast<int>(state.range(0)), 1);
  std::vector<uint32_t> docs(64 * kWords + 16);
  size_t count = 0;
  for (auto _ : state) {
    count = kernels->bits_to_docs(words.data(), kWords, 0, docs.data());
    benchmark::ClobberMemory();
  }
  SetItems(state, count);
}

void FirstBits(benchmark::State& state, const Kernels* kernels) {
  const std::vector<uint64_t> words = Bitmap(static_cast<int>(state.range(0)), 1);
  const std::vector<uint32_t> docs = Docs(static_cast<int>(state.range(0)), 1);
  uint32_t out[128];
  size_t block = 0;
  for (auto _ : state) {
    block = 128 * (block + 2) <= docs.size() ? block + 1 : 0;
    kernels->first_bits(words.data(), kWords, docs[128 * block], 128, out);
    benchmark::ClobberMemory();
  }
  SetItems(state, 128);
}

void SetBits(benchmark::State& state, const Kernels* kernels) {
  const std::vector<uint32_t> docs = Docs(static_cast<int>(state.range(0)), 1);
  std::vector<uint64_t> words(kWords);
  for (auto _ : state) {
    kernels->set_bits(words.data(), 0, docs.data(), docs.size());
    benchmark::ClobberMemory();
  }
  SetItems(state, docs.size());
}

void SelectSet(benchmark::State& state, const Kernels* kernels) {
  const std::vector<uint32_t> docs = Docs(static_cast<int>(state.range(0)), 1);
  const std::vector<uint64_t> words = Bitmap(2, 9);
  std::vector<uint32_t> indexes(docs.size()), selected(docs.size());
  for (auto _ : state) {
    benchmark::DoNotOptimize(kernels->select_set(words.data(), docs.data(), docs.size(),
                                                 indexes.data(), selected.data()));
  }
  SetItems(state, docs.size());
}

void Ranks(benchmark::State& state, const Kernels* kernels) {
  const std::vector<uint32_t> docs = Docs(static_cast<int>(state.range(0)), 1);
  const std::vector<uint64_t> words = Bitmap(2, 9);
  const std::vector<uint8_t> ranks(kWords / 2);
  std::vector<uint32_t> out(docs.size());
  for (auto _ : state) {
    kernels->ranks(words.data(), ranks.data(), docs.data(), docs.size(), out.data());
    benchmark::ClobberMemory();
  }
  SetItems(state, docs.size());
}

void FindLastAtMost(benchmark::State& state, const Kernels* kernels) {
  const std::vector<uint32_t> docs = Docs(6, 1);  // 2,048 block starts
  const uint32_t count = static_cast<uint32_t>(docs.size() - 16);
  const auto* bytes = reinterpret_cast<const uint8_t*>(docs.data());
  const uint32_t step = static_cast<uint32_t>(state.range(0));
  uint32_t from = 0;
  for (auto _ : state) {
    from = from + 2 * step < count ? from : 0;
    from = kernels->find_last_at_most(bytes, count, from, docs[from + step]);
    benchmark::DoNotOptimize(from);
  }
  SetItems(state, 1);
}

void FindInBlock(benchmark::State& state, const Kernels* kernels) {
  const std::vector<uint32_t> block = Docs(6, 1);
  const auto count = static_cast<size_t>(state.range(0));
  std::vector<uint32_t> wanted, indexes(count), places(count);
  for (size_t i = 0; i < count; ++i) wanted.push_back(block[127 * i / count] + (i & 1));
  for (auto _ : state) {
    benchmark::DoNotOptimize(
        kernels->find_in_block(block.data(), wanted.data(), count, indexes.data(), places.data()));
  }
  SetItems(state, count);
}

void AddScaled(benchmark::State& state, const Kernels* kernels) {
  std::vector<uint16_t> sums(4096);
  std::vector<uint8_t> values(4096);
  for (size_t i = 0; i < values.size(); ++i) values[i] = static_cast<uint8_t>(Mix(i));
  for (auto _ : state) {
    kernels->add_scaled_u16(sums.data(), values.data(), 0.3f, 0.1f, values.size());
    benchmark::ClobberMemory();
  }
  SetItems(state, values.size());
}

// Items: documents times lists.
void KeepSums(benchmark::State& state, const Kernels* kernels) {
  const auto lists = static_cast<size_t>(state.range(0));
  std::vector<std::vector<uint64_t>> members;
  std::vector<std::vector<uint8_t>> bounds(lists, std::vector<uint8_t>(kWords));
  std::vector<const uint64_t*> member_rows;
  std::vector<const uint8_t*> bound_rows;
  for (size_t i = 0; i < lists; ++i) {
    members.push_back(Bitmap(static_cast<int>(1 + i % 4), i));
    for (size_t w = 0; w < kWords; ++w) {
      bounds[i][w] = static_cast<uint8_t>(Mix(w + i) % (255 / lists));
    }
  }
  for (size_t i = 0; i < lists; ++i) {
    member_rows.push_back(members[i].data());
    bound_rows.push_back(bounds[i].data());
  }
  std::vector<uint64_t> mask(kWords);
  std::vector<uint8_t> sums(64 * kWords);
  for (auto _ : state) {
    mask.assign(kWords, ~uint64_t{0});
    kernels->keep_sums_at_least(member_rows.data(), bound_rows.data(), lists, kWords, 140,
                                mask.data(), sums.data());
    benchmark::DoNotOptimize(mask.data());
  }
  SetItems(state, 64 * kWords * lists);
}

// Items: groups of eight words.
void AndGroups(benchmark::State& state, const Kernels* kernels) {
  const std::vector<uint64_t> a = Bitmap(4, 1), b = Bitmap(5, 2);
  std::vector<uint64_t> mask, bits;
  for (auto _ : state) {
    mask = a;
    bits.assign(kWords / 8 / 64, ~uint64_t{0});
    kernels->and_groups(mask.data(), b.data(), kWords / 8, bits.data());
    benchmark::DoNotOptimize(mask.data());
    benchmark::DoNotOptimize(bits.data());
  }
  SetItems(state, kWords / 8);
}

// Items: pairs of documents' positions, `range` of them in each.
void KeepShifted(benchmark::State& state, const Kernels* kernels) {
  const auto count = static_cast<size_t>(state.range(0));
  constexpr size_t kPairs = 256;
  std::vector<uint32_t> starts(kPairs * count + 16), others(kPairs * count + 16), kept(count + 16);
  for (size_t i = 0; i < kPairs * count; ++i) {
    const auto at = static_cast<uint32_t>(40 * (i % count));
    starts[i] = at + static_cast<uint32_t>(Mix(i) % 20);
    others[i] = at + 1 + static_cast<uint32_t>(Mix(3 * i) % 20);
  }
  for (auto _ : state) {
    size_t found = 0;
    for (size_t pair = 0; pair < kPairs; ++pair) {
      found += kernels->keep_shifted(starts.data() + pair * count, count,
                                     others.data() + pair * count, count, 1, kept.data());
    }
    benchmark::DoNotOptimize(found);
  }
  SetItems(state, kPairs);
}

void AnyShifted(benchmark::State& state, const Kernels* kernels) {
  const auto count = static_cast<size_t>(state.range(0));
  constexpr size_t kPairs = 256;
  std::vector<uint32_t> starts(kPairs * count + 16), others(kPairs * count + 16);
  for (size_t i = 0; i < kPairs * count; ++i) {
    const auto at = static_cast<uint32_t>(40 * (i % count));
    starts[i] = at + static_cast<uint32_t>(Mix(i) % 20);
    others[i] = at + 1 + static_cast<uint32_t>(Mix(3 * i) % 20);
  }
  for (auto _ : state) {
    size_t found = 0;
    for (size_t pair = 0; pair < kPairs; ++pair) {
      found += kernels->any_shifted(starts.data() + pair * count, count,
                                    others.data() + pair * count, count, 1);
    }
    benchmark::DoNotOptimize(found);
  }
  SetItems(state, kPairs);
}

// Items: codes, `range` of them at a time.
void SumRice(benchmark::State& state, const Kernels* kernels) {
  const auto count = static_cast<uint32_t>(state.range(0));
  constexpr uint32_t kLowBits = 5;
  constexpr size_t kCodes = 4096, kSlack = 64;
  const size_t boundary = kSlack + kCodes * kLowBits / 8;
  std::vector<uint8_t> bytes(boundary + kCodes + kSlack);
  for (size_t i = 0; i < boundary; ++i) bytes[i] = static_cast<uint8_t>(Mix(i));
  uint64_t end = 0;
  for (size_t i = 0; i < kCodes; ++i, ++end) {
    end += Mix(i) % 3;
    bytes[boundary + end / 8] = static_cast<uint8_t>(bytes[boundary + end / 8] | 1 << end % 8);
  }
  std::vector<uint32_t> sums(count + 16);
  for (auto _ : state) {
    uint64_t bit = 0;
    for (uint64_t first = 0; first + count <= kCodes; first += count) {
      bit = kernels->sum_rice(&bytes[boundary], bit, end, &bytes[boundary], first, kLowBits, 1,
                              count, sums.data());
    }
    benchmark::DoNotOptimize(bit);
    benchmark::ClobberMemory();
  }
  SetItems(state, kCodes);
}

void ScoreBm25(benchmark::State& state, const Kernels* kernels) {
  std::vector<uint32_t> docs = Docs(4, 1), freqs(docs.size(), 2);
  std::vector<uint8_t> norms(64 * kWords);
  for (size_t i = 0; i < norms.size(); ++i) norms[i] = static_cast<uint8_t>(Mix(i));
  std::vector<float> scale(256, 0.7f), scores(docs.size());
  for (auto _ : state) {
    kernels->score_bm25(docs.data(), freqs.data(), docs.size(), norms.data(), scale.data(), 3.5f,
                        scores.data());
    benchmark::ClobberMemory();
  }
  SetItems(state, docs.size());
}

void FilterGreater(benchmark::State& state, const Kernels* kernels) {
  std::vector<float> values(1024);
  for (size_t i = 0; i < values.size(); ++i) values[i] = static_cast<float>(Mix(i) % 100);
  std::vector<uint32_t> out(values.size() + 16);
  for (auto _ : state) {
    benchmark::DoNotOptimize(kernels->filter_greater(
        values.data(), values.size(), static_cast<float>(state.range(0)), out.data()));
  }
  SetItems(state, values.size());
}

void KeepWithin(benchmark::State& state, const Kernels* kernels) {
  std::vector<uint8_t> bytes(1024), out_bytes(bytes.size() + 16);
  for (size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<uint8_t>(Mix(i) % 100);
  std::vector<uint32_t> docs(bytes.size(), 7), out_docs(docs.size() + 16);
  for (auto _ : state) {
    benchmark::DoNotOptimize(kernels->keep_within_u8(bytes.data(), docs.data(), bytes.size(),
                                                     static_cast<uint8_t>(state.range(0)), 255,
                                                     out_bytes.data(), out_docs.data()));
  }
  SetItems(state, bytes.size());
}

using Body = void (*)(benchmark::State&, const Kernels*);

void Register(const char* name, Body body, std::vector<int64_t> arguments) {
  for (const Kernels* kernels : {ScalarKernels(), NeonKernels(), Avx2Kernels(), Avx512Kernels()}) {
    if (kernels == nullptr) continue;
    const std::string title = std::string(name) + "/" + std::string(kernels->name);
    auto* benchmark = benchmark::RegisterBenchmark(
        title.c_str(), [body, kernels](benchmark::State& state) { body(state, kernels); });
    for (const int64_t argument : arguments) benchmark->Arg(argument);
  }
}

const int registered = [] {
  Register("unpack_lanes", UnpackLanes, {0, 1, 4, 7, 8, 13, 20});
  Register("unpack_fields", UnpackFields, {1, 2, 4, 8});
  Register("sum_fields", SumFields, {1, 2, 4, 8});
  Register("mask_fields_in_range", MaskFieldsInRange, {1, 8, 20, 26, 57});
  Register("deposit_bits", DepositBits, {1, 4});
  Register("mask_front_coded", MaskFrontCoded, {2});
  Register("count_and", CountAnd, {});
  Register("and_words", AndWords, {});
  Register("bits_to_docs", BitsToDocs, {1, 2, 3, 4, 6});
  Register("first_bits", FirstBits, {1, 2, 3, 4});
  Register("set_bits", SetBits, {0, 1, 2, 3, 5});
  Register("select_set", SelectSet, {2, 5});
  Register("ranks", Ranks, {2, 5});
  Register("find_last_at_most", FindLastAtMost, {1, 6, 40, 300});
  Register("find_in_block", FindInBlock, {1, 4, 64});
  Register("add_scaled_u16", AddScaled, {});
  Register("keep_sums_at_least", KeepSums, {1, 2, 3, 8, 24});
  Register("and_groups", AndGroups, {});
  Register("keep_shifted", KeepShifted, {1, 3, 8, 16, 64});
  Register("any_shifted", AnyShifted, {1, 3, 8, 16, 64});
  Register("sum_rice", SumRice, {1, 3, 8, 32, 1024});
  Register("score_bm25", ScoreBm25, {});
  Register("keep_within_u8", KeepWithin, {2, 50, 98});
  Register("filter_greater", FilterGreater, {50, 98});
  return 0;
}();

}  // namespace
}  // namespace segue
