// SPDX-License-Identifier: Apache-2.0
//
// Writes the norms of a segment's fields, one field after the other, into one norms file.
#ifndef SEGUE_FORMAT_NORMS_WRITER_H_
#define SEGUE_FORMAT_NORMS_WRITER_H_

#include <cstdint>
#include <span>

#include "absl/status/statusor.h"
#include "engine/format/norms_format.h"
#include "engine/io/framed_file.h"

namespace segue {

class NormsWriter {
 public:
  // `file` must outlive the writer.
  explicit NormsWriter(FramedWriter* file) : file_(file) {}

  // Writes the norms of one field: a byte for every document of the segment (0 where a document
  // lacks the field). Picks the codec.
  absl::StatusOr<NormsMeta> Add(std::span<const uint8_t> norms);

 private:
  FramedWriter* file_;
};

}  // namespace segue

#endif  // SEGUE_FORMAT_NORMS_WRITER_H_
