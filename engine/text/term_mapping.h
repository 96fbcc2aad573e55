// SPDX-License-Identifier: Apache-2.0
//
// What filters share that map the characters of terms.
#ifndef SEGUE_TEXT_TERM_MAPPING_H_
#define SEGUE_TEXT_TERM_MAPPING_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "engine/base/limits.h"
#include "engine/text/utf8_inline.h"
#include "segue/analysis.h"

namespace segue {

// Sets *out to `map(code point, out)` of each character of the term in turn; malformed bytes stay
// as they are.
template <typename Map>
void MapTerm(std::string_view term, std::string* out, Map map) {
  out->clear();
  const uint8_t* p = reinterpret_cast<const uint8_t*>(term.data());
  const uint8_t* const end = p + term.size();
  while (p < end) {
    char32_t cp;
    const size_t bytes = DecodeUtf8Inline(p, end, &cp);
    if (cp == kReplacementCharacter) {
      out->append(reinterpret_cast<const char*>(p), bytes);
    } else {
      map(cp, out);
    }
    p += bytes;
  }
}

// Calls `work(i)` for each token that may hold other characters than ASCII.
template <typename Work>
void ForNonAscii(TokenBatch* batch, Work work) {
  if (!batch->may_have_non_ascii()) return;
  const size_t tokens = batch->size();
  for (size_t i = 0; i < tokens; ++i) {
    if ((*batch)[i].may_be_non_ascii) work(i);
  }
}

// Sets term i, unless it would become empty or outgrow what an index takes: it stays then.
inline void SetMappedTerm(TokenBatch* batch, size_t i, std::string_view term) {
  const std::string_view before = batch->term(i);
  if (term.empty() || term == before) return;
  if (term.size() > kMaxTermBytes && term.size() > before.size()) return;
  batch->SetTerm(i, term);
}

}  // namespace segue

#endif  // SEGUE_TEXT_TERM_MAPPING_H_
