// SPDX-License-Identifier: Apache-2.0
//
// The input formats that the loaders know, and how an input's format is found out.
#ifndef SEGUE_CORPUS_FORMAT_H_
#define SEGUE_CORPUS_FORMAT_H_

#include <cstdint>
#include <optional>
#include <string_view>

#include "absl/status/statusor.h"

namespace segue {

enum class Format : uint8_t {
  kJsonl,   // a JSON object a line
  kCsv,     // RFC 4180, with a header line
  kTsv,     // tab-separated, with a header line
  kTrec,    // <DOC><DOCNO>…</DOCNO>…</DOC>
  kText,    // a file is a record: its path and its contents
  kDebian,  // paragraphs of package lists (`apt-cache dumpavail`)
};

// "jsonl", "csv", "tsv", "trec", "text", "debian".
std::string_view FormatName(Format format);

// kInvalidArgument for an unknown name; the message lists the known ones.
absl::StatusOr<Format> ParseFormat(std::string_view name);

// What the file name says, looking through .gz, .xz, .zst and .lz4.
std::optional<Format> FormatOfName(std::string_view path);

// What the first bytes say (a few hundred are enough).
std::optional<Format> FormatOfContent(std::string_view head);

}  // namespace segue

#endif  // SEGUE_CORPUS_FORMAT_H_
