// SPDX-License-Identifier: Apache-2.0
//
// Text is taken in runs: a character that combines with nothing before it, and all that may combine
// with it. A run is decomposed, its marks put in order, and composed; runs do not touch each other.
// ASCII, but for the last letter before something else, is copied.
#include "engine/text/normal_form.h"

#include <algorithm>
#include <iterator>

#include "engine/base/limits.h"
#include "engine/text/term_mapping.h"
#include "engine/text/utf8_inline.h"
#include "utf8proc.h"

namespace segue {
namespace {

// No character is decomposed into more (U+FDFA).
constexpr size_t kMaxParts = 18;

int CombiningClass(int32_t cp) { return utf8proc_get_property(cp)->combining_class; }

// Whether a character may combine with those before it: marks, and the vowels and finals of Hangul.
bool MayCombine(int32_t cp) {
  return (cp >= 0x1160 && cp < 0x1200) || IsMark(static_cast<char32_t>(cp));
}

// Marks by their combining class: overlays, Hebrew and Arabic points, all above and below. Not
// nukta (7), voicing of kana (8), virama (9) and the vowels of Thai, Lao, Telugu and Tibetan.
bool IsDiacriticMark(int32_t cp) {
  if (utf8proc_category(cp) != UTF8PROC_CATEGORY_MN) return false;
  const int combining = CombiningClass(cp);
  return combining == 1 || (combining >= 10 && combining <= 36) || combining >= 200;
}

bool HasOtherWidth(char32_t cp) { return cp == 0x3000 || (cp >= 0xff01 && cp <= 0xffee); }

utf8proc_option_t DecompositionOf(NormalForm form) {
  switch (form) {
    case NormalForm::kNfc:
    case NormalForm::kNoDiacritics:
      return UTF8PROC_DECOMPOSE;
    case NormalForm::kNfkc:
    case NormalForm::kPlainWidth:
      break;
    case NormalForm::kNfkcCasefold:
      return static_cast<utf8proc_option_t>(UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT |
                                            UTF8PROC_CASEFOLD | UTF8PROC_IGNORE);
  }
  return static_cast<utf8proc_option_t>(UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT);
}

size_t CountAscii(std::string_view text) {
  size_t count = 0;
  while (count < text.size() && static_cast<uint8_t>(text[count]) < 0x80) ++count;
  return count;
}

}  // namespace

std::string_view NormalFormVersion() { return utf8proc_unicode_version(); }

bool IsMark(char32_t cp) {
  const utf8proc_category_t category = utf8proc_category(static_cast<int32_t>(cp));
  return category == UTF8PROC_CATEGORY_MN || category == UTF8PROC_CATEGORY_MC ||
         category == UTF8PROC_CATEGORY_ME;
}

Normalizer::Normalizer(NormalForm form) : form_(form) {}

// All of the ASCII in front but its last character; returns how many.
size_t Normalizer::AppendAscii(std::string_view text, std::string* out) const {
  const size_t count = CountAscii(text);
  if (count < 2) return 0;
  const size_t begin = out->size();
  out->append(text, 0, count - 1);
  if (form_ == NormalForm::kNfkcCasefold) {
    for (size_t i = begin; i < out->size(); ++i) {
      char& c = (*out)[i];
      if (c >= 'A' && c <= 'Z') c = static_cast<char>(c | 0x20);
    }
  }
  return count - 1;
}

void Normalizer::Decompose(char32_t cp) {
  parts_.assign(1, static_cast<int32_t>(cp));
  if (form_ == NormalForm::kPlainWidth && !HasOtherWidth(cp)) return;
  int32_t parts[kMaxParts];
  int ignored = 0;
  const utf8proc_ssize_t count = utf8proc_decompose_char(static_cast<int32_t>(cp), parts, kMaxParts,
                                                         DecompositionOf(form_), &ignored);
  if (count < 0 || count > static_cast<utf8proc_ssize_t>(kMaxParts)) return;
  parts_.assign(parts, parts + count);
}

// Marks behind each letter by their class, those of one class in the order in which they stand. By
// insertion: they are few, and at most kMaxNormalizedRun characters.
void Normalizer::Order() {
  for (size_t i = 1; i < run_.size(); ++i) {
    const int32_t cp = run_[i];
    const int combining = CombiningClass(cp);
    if (combining == 0) continue;
    size_t at = i;
    for (; at > 0 && CombiningClass(run_[at - 1]) > combining; --at) run_[at] = run_[at - 1];
    run_[at] = cp;
  }
}

// Unless nothing would be left.
void Normalizer::DropDiacritics() {
  const auto kept = std::remove_if(run_.begin(), run_.end(), IsDiacriticMark);
  if (kept != run_.begin()) run_.erase(kept, run_.end());
}

void Normalizer::FlushRun(std::string_view text, size_t end, std::string* out, OffsetMap* map) {
  const std::string_view before = text.substr(run_begin_, end - run_begin_);
  if (before.empty()) return;
  changed_.clear();
  if (run_.size() > 1) Order();
  if (form_ == NormalForm::kNoDiacritics) DropDiacritics();
  if (run_.size() > 1 && composes_) {
    const utf8proc_ssize_t left = utf8proc_normalize_utf32(
        run_.data(), static_cast<utf8proc_ssize_t>(run_.size()),
        static_cast<utf8proc_option_t>(UTF8PROC_COMPOSE | UTF8PROC_STABLE));
    if (left >= 0) run_.resize(static_cast<size_t>(left));
  }
  for (const int32_t cp : run_) AppendUtf8(static_cast<char32_t>(cp), &changed_);
  const size_t out_begin = out->size();
  out->append(changed_);
  const bool one_for_one = run_chars_ == 1 && run_.size() == 1 && changed_.size() == before.size();
  if (map != nullptr && !one_for_one && changed_ != before) {
    map->Add(static_cast<uint32_t>(run_begin_), static_cast<uint32_t>(end),
             static_cast<uint32_t>(out_begin), static_cast<uint32_t>(out->size()));
  }
  run_.clear();
  run_chars_ = 0;
  composes_ = form_ != NormalForm::kPlainWidth;
}

void Normalizer::Append(std::string_view text, std::string* out, OffsetMap* map) {
  const uint8_t* const begin = reinterpret_cast<const uint8_t*>(text.data());
  const uint8_t* const end = begin + text.size();
  run_.clear();
  run_begin_ = run_chars_ = 0;
  composes_ = form_ != NormalForm::kPlainWidth;
  for (size_t at = 0; at < text.size();) {
    if (out->size() > Analyzer::kMaxValueBytes) return;  // a char filter's stream reports it
    char32_t cp;
    const size_t bytes = DecodeUtf8Inline(begin + at, end, &cp);
    if (cp < 0x80) {
      FlushRun(text, at, out, map);
      at += AppendAscii(text.substr(at), out);
      cp = static_cast<uint8_t>(text[at]);
      run_begin_ = at;
    }
    if (cp == kReplacementCharacter) {  // or malformed
      FlushRun(text, at, out, map);
      out->append(text, at, bytes);
      at += bytes;
      run_begin_ = at;
      continue;
    }
    Decompose(cp);
    const bool combines = parts_.empty() || MayCombine(parts_[0]);
    if (!combines || run_chars_ == kMaxNormalizedRun) {
      FlushRun(text, at, out, map);
      run_begin_ = at;
    }
    if (form_ == NormalForm::kPlainWidth && HasOtherWidth(cp)) composes_ = true;
    run_.insert(run_.end(), parts_.begin(), parts_.end());
    ++run_chars_;
    at += bytes;
  }
  FlushRun(text, text.size(), out, map);
}

void NormalFormFilter::Filter(TokenBatch* batch, bool) {
  if (lower_ != nullptr) {
    lower_->lower(reinterpret_cast<uint8_t*>(batch->bytes()), batch->bytes_used());
  }
  ForNonAscii(batch, [&](size_t i) {
    buffer_.clear();
    normalizer_.Append(batch->term(i), &buffer_, nullptr);
    SetMappedTerm(batch, i, buffer_);
  });
}

}  // namespace segue
