// SPDX-License-Identifier: Apache-2.0
//
// A reader per input format, and the one that users ask for: OpenRecords.
#ifndef SEGUE_CORPUS_READERS_H_
#define SEGUE_CORPUS_READERS_H_

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "absl/status/statusor.h"
#include "corpus/format.h"
#include "corpus/record.h"
#include "corpus/text_source.h"
#include "segue/schema.h"

namespace segue {

struct ReaderOptions {
  std::optional<Format> format;      // empty: found out for each input
  std::vector<std::string> columns;  // CSV and TSV: names of the columns; then there is no header
};

// All records of all inputs, in order. An input is a file, a folder (all files below it, sorted by
// path; those whose name says nothing are plain text), a glob pattern that the shell left alone,
// or "-" for standard input. Inputs are looked up now and opened when their turn comes.
// Errors: kNotFound names the input; kInvalidArgument if a format cannot be told.
absl::StatusOr<std::unique_ptr<RecordReader>> OpenRecords(const std::vector<std::string>& inputs,
                                                          const ReaderOptions& options);

// The files that the inputs stand for.
absl::StatusOr<std::vector<std::string>> ExpandInputs(const std::vector<std::string>& inputs);

// The schema that fits a format's records, where the format itself says what they mean.
std::optional<Schema> SchemaOfFormat(Format format);

// --- One reader per format; each owns its source. ---

// A JSON object a line; blank lines are skipped. Members of objects inside get dotted names
// ("metadata.url"), arrays give several values, null gives none.
std::unique_ptr<RecordReader> NewJsonlReader(std::unique_ptr<TextSource> source);

// RFC 4180: quoted cells may hold the separator, quotes (doubled) and, in CSV, line ends. A tab-
// separated cell counts as quoted only if its closing quote ends the cell on the same line. Empty
// cells have no value. All values are text.
std::unique_ptr<RecordReader> NewCsvReader(std::unique_ptr<TextSource> source, char separator,
                                           std::vector<std::string> columns);

// TREC documents: `id` from DOCNO, `title` from the first of TITLE, HEADLINE, HL, HEAD and TTL, and
// `text` from everything else, without tags and with character references resolved.
std::unique_ptr<RecordReader> NewTrecReader(std::unique_ptr<TextSource> source);

// One record for the whole source: `id` is its name, `contents` its text.
std::unique_ptr<RecordReader> NewTextReader(std::unique_ptr<TextSource> source);

// Long descriptions of packages, as the Translation files give them.
struct DebianDescription {
  std::string synopsis;
  std::string text;
};
using DebianTranslations = std::unordered_map<std::string, DebianDescription>;  // by MD5

// Whether an input is a Translation file, by its name.
bool IsDebianTranslation(std::string_view path);
absl::Status LoadDebianTranslations(TextSource* source, DebianTranslations* translations);

// Package paragraphs. `id` and `name` are the package's name, `tag` has a value per tag;
// `synopsis` is the description's first line and `description` its rest, taken from
// `translations` (may be null, must outlive the reader) where the paragraph has none.
std::unique_ptr<RecordReader> NewDebianReader(std::unique_ptr<TextSource> source,
                                              const DebianTranslations* translations);

}  // namespace segue

#endif  // SEGUE_CORPUS_READERS_H_
