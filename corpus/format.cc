// SPDX-License-Identifier: Apache-2.0
//
// The name is asked first, then the content. Names whose ending says little (.txt, .xml, none) are
// left to the content.
#include "corpus/format.h"

#include <algorithm>
#include <string>

#include "engine/base/status.h"
#include "engine/base/strings.h"

namespace segue {
namespace {

struct Named {
  std::string_view name;
  Format format;
};

constexpr Named kNames[] = {{"jsonl", Format::kJsonl}, {"csv", Format::kCsv},
                            {"tsv", Format::kTsv},     {"trec", Format::kTrec},
                            {"text", Format::kText},   {"debian", Format::kDebian}};

constexpr Named kExtensions[] = {
    {".jsonl", Format::kJsonl}, {".ndjson", Format::kJsonl}, {".json", Format::kJsonl},
    {".csv", Format::kCsv},     {".tsv", Format::kTsv},      {".tab", Format::kTsv},
    {".trec", Format::kTrec},   {".sgml", Format::kTrec},    {".sgm", Format::kTrec},
    {".md", Format::kText},     {".rst", Format::kText},     {".text", Format::kText}};

std::string Lower(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

bool IsBlank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

}  // namespace

std::string_view FormatName(Format format) {
  for (const Named& named : kNames) {
    if (named.format == format) return named.name;
  }
  return "?";
}

absl::StatusOr<Format> ParseFormat(std::string_view name) {
  std::string known;
  for (const Named& named : kNames) {
    if (named.name == name) return named.format;
    CatTo(&known, known.empty() ? "" : ", ", named.name);
  }
  return Error(ErrorCode::kInvalidArgument,
               Cat("unknown format ", Quoted(name), "; known: ", known));
}

std::optional<Format> FormatOfName(std::string_view path) {
  std::string name = Lower(path);
  for (std::string_view compression : {".gz", ".xz", ".zst", ".lz4"}) {
    if (name.ends_with(compression)) {
      name.resize(name.size() - compression.size());
      break;
    }
  }
  for (const Named& named : kExtensions) {
    if (name.ends_with(named.name)) return named.format;
  }
  return std::nullopt;
}

std::optional<Format> FormatOfContent(std::string_view head) {
  size_t start = 0;
  while (start < head.size() && IsBlank(head[start])) ++start;
  const std::string_view text = head.substr(start);
  if (text.empty()) return std::nullopt;
  if (text[0] == '{') return Format::kJsonl;
  if (Lower(text.substr(0, 5)) == "<doc>") return Format::kTrec;
  if (text.starts_with("Package: ")) return Format::kDebian;
  const std::string_view line = text.substr(0, text.find('\n'));
  if (line.size() < text.size() && line.find('\t') != line.npos) return Format::kTsv;
  return std::nullopt;
}

}  // namespace segue
