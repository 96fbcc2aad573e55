// SPDX-License-Identifier: Apache-2.0
//
// ASCII letters of all terms are mapped at once, in the batch's storage; only terms that hold other
// characters are then walked. A mapped character mostly has as many bytes as before and is written
// over it; where not, the term is built anew.
#include "engine/text/case_filters.h"

#include <cstring>

#include "engine/base/utf8.h"
#include "engine/text/term_mapping.h"
#include "engine/text/unicode.h"
#include "engine/text/utf8_inline.h"

namespace segue {
namespace {

void LowerAscii(const AsciiWordKernels& kernels, TokenBatch* batch) {
  kernels.lower(reinterpret_cast<uint8_t*>(batch->bytes()), batch->bytes_used());
}

// Lower-cases in place as far as characters keep their number of bytes. Whether all did.
bool LowerInPlace(char* term, size_t term_bytes) {
  uint8_t* p = reinterpret_cast<uint8_t*>(term);
  uint8_t* const end = p + term_bytes;
  while (p < end) {
    if (*p < 0x80) {  // done already
      ++p;
      continue;
    }
    char32_t cp;
    const size_t bytes = DecodeUtf8Inline(p, end, &cp);
    const char32_t lower = cp == kReplacementCharacter ? cp : ToLower(cp);
    if (lower != cp) {
      if (Utf8Bytes(lower) != bytes) return false;
      EncodeUtf8(lower, p);
    }
    p += bytes;
  }
  return true;
}

void AppendLower(char32_t cp, std::string* out) { AppendUtf8(ToLower(cp), out); }

void AppendFolded(char32_t cp, std::string* out) {
  char32_t folded[3];
  const size_t count = FoldCase(cp, folded);
  for (size_t i = 0; i < count; ++i) AppendUtf8(folded[i], out);
}

void AppendAscii(char32_t cp, std::string* out) {
  if (const std::string_view ascii = ToAscii(cp); !ascii.empty()) {
    out->append(ascii);
  } else if (!IsDiacritic(cp)) {
    AppendUtf8(cp, out);
  }
}

}  // namespace

void LowercaseFilter::Filter(TokenBatch* batch, bool) {
  LowerAscii(kernels_, batch);
  ForNonAscii(batch, [&](size_t i) {
    const Token& token = (*batch)[i];
    if (LowerInPlace(batch->bytes() + token.term_begin, token.term_bytes)) return;
    MapTerm(batch->term(i), &buffer_, AppendLower);
    SetMappedTerm(batch, i, buffer_);
  });
}

void CaseFoldFilter::Filter(TokenBatch* batch, bool) {
  LowerAscii(kernels_, batch);
  ForNonAscii(batch, [&](size_t i) {
    MapTerm(batch->term(i), &buffer_, AppendFolded);
    SetMappedTerm(batch, i, buffer_);
  });
}

void AsciiFoldingFilter::Filter(TokenBatch* batch, bool) {
  ForNonAscii(batch, [&](size_t i) {
    MapTerm(batch->term(i), &buffer_, AppendAscii);
    SetMappedTerm(batch, i, buffer_);
  });
}

}  // namespace segue
