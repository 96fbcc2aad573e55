// SPDX-License-Identifier: Apache-2.0
//
// Bytes from a file, from standard input, or from a decompressor that reads one of them.
#ifndef SEGUE_CORPUS_BYTE_STREAM_H_
#define SEGUE_CORPUS_BYTE_STREAM_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/statusor.h"

namespace segue {

// Not thread-safe.
class ByteStream {
 public:
  virtual ~ByteStream() = default;
  // Reads at least one byte and at most `capacity`; 0 at the end. After an error or the end, the
  // same answer again.
  virtual absl::StatusOr<size_t> Read(char* out, size_t capacity) = 0;
  // How far the underlying input has been consumed, in its own (compressed) bytes.
  virtual uint64_t input_bytes() const = 0;
};

// Opens `path`, or standard input for "-". Content that begins like gzip, xz, zstd or lz4 is
// decompressed, whatever its name, by the program of that name in a child process (no shell, the
// file is its standard input); its exit status and messages are checked at the end of the data.
// Errors: kNotFound, kIo; kInvalidArgument for a folder; kDataLoss if the decompressor fails.
absl::StatusOr<std::unique_ptr<ByteStream>> OpenByteStream(const std::string& path);

}  // namespace segue

#endif  // SEGUE_CORPUS_BYTE_STREAM_H_
