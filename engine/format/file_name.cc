// SPDX-License-Identifier: Apache-2.0
#include "engine/format/file_name.h"

#include <algorithm>
#include <iterator>

#include "engine/base/check.h"
#include "engine/base/strings.h"

namespace segue {
namespace {

constexpr std::string_view kManifestPrefix = "manifest-";
constexpr std::string_view kSegmentPrefix = "seg-";
constexpr std::string_view kLivePrefix = "live-";
constexpr std::string_view kValuesPrefix = "values-";
constexpr std::string_view kTemporarySuffix = ".tmp";
constexpr size_t kHexDigits = 16;
constexpr size_t kMaxExtensionBytes = 64;

// Takes `prefix` off the front of *text.
bool Consume(std::string_view prefix, std::string_view* text) {
  if (!text->starts_with(prefix)) return false;
  text->remove_prefix(prefix.size());
  return true;
}

// Takes exactly 16 lower-case digits.
bool ConsumeHex(std::string_view* text, uint64_t* value) {
  if (text->size() < kHexDigits) return false;
  *value = 0;
  for (const char c : text->substr(0, kHexDigits)) {
    uint64_t digit = 0;
    if (c >= '0' && c <= '9') {
      digit = static_cast<uint64_t>(c - '0');
    } else if (c >= 'a' && c <= 'f') {
      digit = static_cast<uint64_t>(c - 'a' + 10);
    } else {
      return false;
    }
    *value = *value << 4 | digit;
  }
  text->remove_prefix(kHexDigits);
  return true;
}

std::optional<ParsedFileName> ParseManifest(std::string_view rest) {
  ParsedFileName parsed;
  parsed.kind = kManifestKind;
  if (!ConsumeHex(&rest, &parsed.generation)) return std::nullopt;
  if (rest == kTemporarySuffix) {
    parsed.type = ParsedFileName::Type::kManifestTemporary;
    return parsed;
  }
  if (!rest.empty()) return std::nullopt;
  return parsed;
}

std::optional<ParsedFileName> ParseSegment(std::string_view rest) {
  ParsedFileName parsed;
  if (!ConsumeHex(&rest, &parsed.segment.value) || !Consume(".", &rest)) return std::nullopt;
  const bool live = Consume(kLivePrefix, &rest);
  if (live || Consume(kValuesPrefix, &rest)) {
    parsed.type = live ? ParsedFileName::Type::kLive : ParsedFileName::Type::kValues;
    parsed.kind = live ? kLiveKind : kValuesKind;
    if (!ConsumeHex(&rest, &parsed.generation) || !rest.empty()) return std::nullopt;
    return parsed;
  }
  parsed.type = ParsedFileName::Type::kSegment;
  for (const SegmentFileKind& row : kSegmentFileKinds) {
    if (rest != row.extension) continue;
    parsed.kind = row.kind;
    return parsed;
  }
  return std::nullopt;
}

}  // namespace

std::string ManifestFileName(uint64_t generation) {
  return Cat(kManifestPrefix, Hex(generation, kHexDigits));
}

std::string SegmentFileName(SegmentId segment, FileKind kind) {
  const auto* const row =
      std::find_if(std::begin(kSegmentFileKinds), std::end(kSegmentFileKinds),
                   [kind](const SegmentFileKind& candidate) { return candidate.kind == kind; });
  SEGUE_DCHECK(row != std::end(kSegmentFileKinds));
  return Cat(kSegmentPrefix, segment.ToString(), ".", row->extension);
}

std::string LiveFileName(SegmentId segment, uint64_t live_generation) {
  return Cat(kSegmentPrefix, segment.ToString(), ".", kLivePrefix,
             Hex(live_generation, kHexDigits));
}

std::string ValuesFileName(SegmentId segment, uint64_t number) {
  return Cat(kSegmentPrefix, segment.ToString(), ".", kValuesPrefix, Hex(number, kHexDigits));
}

std::optional<ParsedFileName> ParseFileName(std::string_view name) {
  std::string_view rest = name;
  if (Consume(kManifestPrefix, &rest)) return ParseManifest(rest);
  if (Consume(kSegmentPrefix, &rest)) return ParseSegment(rest);
  if (name != kLockFileName) return std::nullopt;
  ParsedFileName parsed;
  parsed.type = ParsedFileName::Type::kLock;
  return parsed;
}

bool IsFileNameOfSegment(std::string_view name, SegmentId segment) {
  std::string_view rest = name;
  uint64_t id = 0;
  if (!Consume(kSegmentPrefix, &rest) || !ConsumeHex(&rest, &id) || id != segment.value ||
      !Consume(".", &rest) || rest.empty() || rest.size() > kMaxExtensionBytes) {
    return false;
  }
  for (const char c : rest) {
    if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && c != '-') return false;
  }
  return true;
}

}  // namespace segue
