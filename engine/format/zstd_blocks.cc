// SPDX-License-Identifier: Apache-2.0
//
// Blocks are packed and unpacked in one call each, from memory to memory: so zstd takes no buffer
// for a window, whatever size of it a frame declares. A frame without the dictionary's number is
// four bytes shorter, and checksums are the file's.
#include "engine/format/zstd_blocks.h"

#include <zstd.h>

#include <cstring>
#include <new>

namespace segue {
namespace {

// A block of a frame makes at most ZSTD_BLOCKSIZE_MAX bytes, and takes a head of three and a byte.
constexpr uint64_t kMaxZstdRatio = ZSTD_BLOCKSIZE_MAX / 4;

constexpr uint32_t kZstdDictionaryMagic = ZSTD_MAGIC_DICTIONARY;

bool BeginsWith(std::string_view bytes, uint32_t number) {
  uint32_t found = 0;
  if (bytes.size() < sizeof(found)) return false;
  std::memcpy(&found, bytes.data(), sizeof(found));
  return found == number;
}

struct FreeUnpacking {
  void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
};

template <typename T>
T* OrOutOfMemory(T* made) {
  if (made == nullptr) throw std::bad_alloc();
  return made;
}

// To make one takes longer than to unpack a block.
ZSTD_DCtx* ContextOfThread() {
  thread_local std::unique_ptr<ZSTD_DCtx, FreeUnpacking> context;
  if (context == nullptr) context.reset(OrOutOfMemory(ZSTD_createDCtx()));
  return context.get();
}

}  // namespace

void ZstdDeleter::operator()(ZSTD_CCtx_s* context) const { ZSTD_freeCCtx(context); }
void ZstdDeleter::operator()(ZSTD_CDict_s* dictionary) const { ZSTD_freeCDict(dictionary); }
void ZstdDeleter::operator()(ZSTD_DDict_s* dictionary) const { ZSTD_freeDDict(dictionary); }

ZstdPacker::ZstdPacker(std::string_view dictionary) : context_(OrOutOfMemory(ZSTD_createCCtx())) {
  ZSTD_CCtx_setParameter(context_.get(), ZSTD_c_compressionLevel, kStoredZstdLevel);
  ZSTD_CCtx_setParameter(context_.get(), ZSTD_c_dictIDFlag, 0);
  if (dictionary.empty()) return;
  dictionary_.reset(
      OrOutOfMemory(ZSTD_createCDict(dictionary.data(), dictionary.size(), kStoredZstdLevel)));
  ZSTD_CCtx_refCDict(context_.get(), dictionary_.get());
}

void ZstdPacker::Pack(std::string_view raw, std::string* packed) {
  packed->resize(ZSTD_compressBound(raw.size()));
  const size_t bytes =
      ZSTD_compress2(context_.get(), packed->data(), packed->size(), raw.data(), raw.size());
  // There is room; all that is left is memory.
  if (ZSTD_isError(bytes)) throw std::bad_alloc();
  packed->resize(bytes);
}

bool ZstdUnpacker::SetDictionary(std::string_view dictionary) {
  // Others would be taken for content without tables.
  if (!BeginsWith(dictionary, kZstdDictionaryMagic)) return false;
  dictionary_.reset(ZSTD_createDDict(dictionary.data(), dictionary.size()));
  return dictionary_ != nullptr;
}

bool ZstdUnpacker::Declares(std::string_view frame, uint64_t raw_bytes) {
  // Neither frames of the formats before 1.0, nor such that are to be skipped, nor several.
  return BeginsWith(frame, ZSTD_MAGICNUMBER) && raw_bytes / kMaxZstdRatio <= frame.size() &&
         ZSTD_getFrameContentSize(frame.data(), frame.size()) == raw_bytes &&
         ZSTD_findFrameCompressedSize(frame.data(), frame.size()) == frame.size();
}

bool ZstdUnpacker::Unpack(std::string_view frame, std::span<char> raw) const {
  const size_t bytes = ZSTD_decompress_usingDDict(ContextOfThread(), raw.data(), raw.size(),
                                                  frame.data(), frame.size(), dictionary_.get());
  return bytes == raw.size();
}

}  // namespace segue
