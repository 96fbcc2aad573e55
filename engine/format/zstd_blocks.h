// SPDX-License-Identifier: Apache-2.0
//
// Blocks of stored fields packed by zstd: each is one frame that says how long its content is, made
// with the dictionary of the segment, if it has one.
// All of it throws std::bad_alloc where memory runs out.
#ifndef SEGUE_FORMAT_ZSTD_BLOCKS_H_
#define SEGUE_FORMAT_ZSTD_BLOCKS_H_

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

// Those of zstd.h, which only the .cc sees.
struct ZSTD_CCtx_s;
struct ZSTD_CDict_s;
struct ZSTD_DDict_s;

namespace segue {

// The level that blocks are packed at, and dictionaries trained for.
inline constexpr int kStoredZstdLevel = 3;

struct ZstdDeleter {
  void operator()(ZSTD_CCtx_s* context) const;
  void operator()(ZSTD_CDict_s* dictionary) const;
  void operator()(ZSTD_DDict_s* dictionary) const;
};

// Not thread-safe. Memory: about 1.5 MiB, a few more once a large document has been packed.
class ZstdPacker {
 public:
  // `dictionary` is copied; empty: none.
  explicit ZstdPacker(std::string_view dictionary);

  // The frame of `raw`, which replaces what is in *packed. Its bytes depend on the dictionary,
  // `raw` and the version of zstd.
  void Pack(std::string_view raw, std::string* packed);

 private:
  std::unique_ptr<ZSTD_CDict_s, ZstdDeleter> dictionary_;
  std::unique_ptr<ZSTD_CCtx_s, ZstdDeleter> context_;
};

// Const functions may run in several threads at once. Each thread that unpacks keeps 160 KB for it.
class ZstdUnpacker {
 public:
  // Copies the dictionary. False: it is damaged.
  bool SetDictionary(std::string_view dictionary);

  // Whether `frame` is one whole frame that says that it holds `raw_bytes`, and has the size for
  // it. To be asked before memory is taken for so much.
  static bool Declares(std::string_view frame, uint64_t raw_bytes);

  // False if `frame` is not what just so many bytes were packed to.
  bool Unpack(std::string_view frame, std::span<char> raw) const;

 private:
  std::unique_ptr<ZSTD_DDict_s, ZstdDeleter> dictionary_;
};

}  // namespace segue

#endif  // SEGUE_FORMAT_ZSTD_BLOCKS_H_
