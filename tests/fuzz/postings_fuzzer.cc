// SPDX-License-Identifier: Apache-2.0
//
// Hostile posting lists, positions and bounds of one term: whatever the bytes,
// the readers keep their promises (tests/format/postings_exercise.h).
//
// Input: u32 doc_count, u32 doc_freq, u32 total_freq, u8 flags (1 no
// frequencies, 2 no positions), u16 bytes of the list, u16 of the positions,
// then the list, the positions and, what is left, the bounds. The files carry no
// checksums, so any bytes get through to the decoders.

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include "engine/base/byte_reader.h"
#include "tests/format/postings_exercise.h"

namespace segue {
namespace {

void Check(const std::string& problem) {
  if (problem.empty()) return;
  std::fprintf(stderr, "broken promise: %s\n", problem.c_str());
  std::abort();
}

void Exercise(std::span<const uint8_t> input) {
  ByteReader reader(input);
  TermMeta meta;
  PostingsSource source;
  uint32_t total_freq = 0;
  uint16_t post_bytes = 0, pos_bytes = 0;
  uint8_t flags = 0;
  std::string_view post, pos, bound;
  reader.ReadU32(&source.doc_count);
  reader.ReadU32(&meta.doc_freq);
  reader.ReadU32(&total_freq);
  reader.ReadU8(&flags);
  reader.ReadU16(&post_bytes);
  reader.ReadU16(&pos_bytes);
  reader.ReadBytes(post_bytes, &post);
  reader.ReadBytes(pos_bytes, &pos);
  reader.ReadBytes(reader.remaining(), &bound);
  if (!reader.ok()) return;
  // Bitmaps and window maps follow doc_count, and the list has to be as long;
  // single documents need no bytes, so they may have any number.
  meta.total_freq = total_freq;
  meta.single_doc = total_freq ^ source.doc_count;
  meta.post_bytes = post.size();
  meta.pos_bytes = pos.size();
  meta.bound_bytes = bound.size();
  source.has_freqs = (flags & 1) == 0;
  source.has_positions = source.has_freqs && (flags & 2) == 0;
  source.post = Section::FromBytes(post);
  source.pos = Section::FromBytes(pos);
  source.bound = Section::FromBytes(bound);
  Check(ExercisePostings(source, meta));
  Check(ExerciseBounds(source, meta));
}

}  // namespace
}  // namespace segue

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  segue::Exercise({data, size});
  return 0;
}
