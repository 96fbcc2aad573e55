// SPDX-License-Identifier: Apache-2.0
//
// PieceFinder: the pieces of a text that a pattern describes.
//
// The first piece is the one that begins first, and of those the longest one; the next is looked
// for behind it. A piece has at least one character. Time is linear in the text, whatever the
// pattern and the text are, and memory is a few bytes for each hundred of the text.
#ifndef SEGUE_PATTERN_PIECE_FINDER_H_
#define SEGUE_PATTERN_PIECE_FINDER_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/pattern/piece_program.h"

namespace segue {

class PieceFinder {
 public:
  // Bytes that are looked at together.
  static constexpr size_t kChunkBytes = 1024;

  // `chunk_bytes`: for tests; at least 4.
  explicit PieceFinder(std::shared_ptr<const PieceProgram> program,
                       size_t chunk_bytes = kChunkBytes)
      : program_(std::move(program)), chunk_bytes_(chunk_bytes) {}

  // `text`, of less than 4 GiB, outlives the calls of Next().
  void Start(std::string_view text);

  struct Piece {
    size_t begin = 0;  // in bytes
    size_t end = 0;
  };
  // False: there are no more.
  bool Next(Piece* piece);

 private:
  size_t ChunkBegin(size_t chunk) const;
  void Load(size_t chunk);

  const std::shared_ptr<const PieceProgram> program_;
  const size_t chunk_bytes_;
  std::string_view text_;
  // The live places (see piece_finder.cc) at the end of each chunk.
  std::vector<PlaceSet> after_chunk_;
  // Of the chunk that is looked at: where its characters begin, their classes, and the places that
  // are live at each, and at the end.
  size_t chunk_ = 0;
  std::vector<uint32_t> begins_;
  std::vector<uint32_t> classes_;
  std::vector<PlaceSet> live_;
  size_t next_ = 0;  // character of the chunk
};

}  // namespace segue

#endif  // SEGUE_PATTERN_PIECE_FINDER_H_
