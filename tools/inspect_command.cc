// SPDX-License-Identifier: Apache-2.0
//
// segue inspect: what an index is made of.
#include <unistd.h>

#include <memory>
#include <optional>

#include "corpus/base_tools.h"
#include "tools/commands.h"
#include "tools/console.h"
#include "tools/reading.h"
#include "tools/segments.h"
#include "tools/text_layout.h"

namespace segue {
namespace {

using Align = TextTable::Align;

struct InspectFlags {
  std::string path, term, postings, phrase;
  uint64_t limit = 100;
  bool json = false, space = false;
};

// How the segment's stored values are packed; nullptr: it has none.
const StoredMeta* StoredOf(const OpenedSegments& opened, size_t segment) {
  const std::optional<StoredMeta>& stored = opened.segments[segment]->meta().stored;
  return stored ? &*stored : nullptr;
}

std::string_view CodecName(StoredCodec codec) {
  if (codec == StoredCodec::kNone) return "raw";
  return StoredCompressionName(codec == StoredCodec::kZstd ? StoredCompression::kZstd
                                                           : StoredCompression::kSnappy);
}

std::string StoredText(const StoredMeta* stored) {
  if (stored == nullptr) return "";
  if (stored->dictionary_bytes == 0) return std::string(CodecName(stored->codec));
  return Cat(CodecName(stored->codec), ", dictionary");
}

void PrintSegments(const OpenedSegments& opened) {
  uint64_t bytes = 0;
  for (const ManifestSegment& segment : opened.manifest.segments) bytes += segment.TotalBytes();
  const uint64_t documents = opened.manifest.DocCount();
  Out().Write(Cat(
      "generation ", opened.manifest.generation, ": ",
      Grouped(documents - opened.manifest.DeletedCount()), " documents, ", opened.segments.size(),
      opened.segments.size() == 1 ? " segment, " : " segments, ", Megabytes(bytes), "\n"));
  TextTable table({Align::kLeft, Align::kRight, Align::kRight, Align::kRight, Align::kLeft});
  table.AddRow({"segment", "documents", "deleted", "size", "stored"});
  for (size_t i = 0; i < opened.segments.size(); ++i) {
    const ManifestSegment& segment = opened.manifest.segments[i];
    table.AddRow({Hex(segment.id.value, 16), Grouped(segment.doc_count),
                  Grouped(segment.deleted_count), Megabytes(segment.TotalBytes()),
                  StoredText(StoredOf(opened, i))});
  }
  Out().Write(table.ToText(TerminalWidth(STDOUT_FILENO)));
}

void PrintKinds(const OpenedSegments& opened) {
  TextTable table({Align::kLeft, Align::kRight});
  table.AddRow({"file", "size"});
  for (const auto& [kind, bytes] : BytesByKind(opened)) table.AddRow({kind, Megabytes(bytes)});
  Out().Write("\n" + table.ToText(TerminalWidth(STDOUT_FILENO)));
}

void PrintFields(const std::vector<FieldSpace>& fields, bool space) {
  const size_t width = TerminalWidth(STDOUT_FILENO);
  TextTable table({Align::kLeft, Align::kLeft, Align::kRight, Align::kRight, Align::kRight,
                   Align::kRight, Align::kRight});
  table.AddRow({"field", "type", "documents", "tokens", "terms", "postings", "size"});
  for (const FieldSpace& field : fields) {
    table.AddRow({field.name, std::string(FieldTypeName(field.type)), Grouped(field.documents),
                  Grouped(field.tokens), Grouped(field.terms), Grouped(field.postings),
                  Megabytes(field.TotalBytes())});
  }
  Out().Write("\n" + table.ToText(width));
  if (space) {
    TextTable parts({Align::kLeft, Align::kRight, Align::kRight, Align::kRight, Align::kRight,
                     Align::kRight, Align::kRight});
    parts.AddRow({"field", "dictionary", "postings", "positions", "bounds", "norms", "column"});
    for (const FieldSpace& field : fields) {
      parts.AddRow({field.name, Megabytes(field.dictionary_bytes), Megabytes(field.postings_bytes),
                    Megabytes(field.positions_bytes), Megabytes(field.bounds_bytes),
                    Megabytes(field.norms_bytes), Megabytes(field.column_bytes)});
    }
    Out().Write("\n" + parts.ToText(width));
  }
  TextTable rates({Align::kLeft, Align::kRight, Align::kRight, Align::kRight, Align::kRight});
  rates.AddRow({"field", "blocks", "dense", "bits/posting", "bits/position"});
  bool any = false;
  for (const FieldSpace& field : fields) {
    if (field.postings == 0) continue;
    any = true;
    rates.AddRow({field.name, Grouped(field.blocks), Decimal(100 * field.DenseShare()) + " %",
                  Decimal(field.BitsPerPosting()),
                  field.positions_bytes == 0 ? "" : Decimal(field.BitsPerPosition())});
  }
  if (any) Out().Write("\n" + rates.ToText(width));
}

void PrintAsJson(const OpenedSegments& opened, const std::vector<FieldSpace>& fields, bool space) {
  JsonWriter json;
  json.BeginObject();
  json.Key("generation").Uint(opened.manifest.generation);
  json.Key("documents").Uint(opened.manifest.DocCount() - opened.manifest.DeletedCount());
  json.Key("deleted").Uint(opened.manifest.DeletedCount());
  json.Key("segments").BeginArray();
  for (size_t i = 0; i < opened.segments.size(); ++i) {
    const ManifestSegment& segment = opened.manifest.segments[i];
    json.BeginObject();
    json.Key("id").String(Hex(segment.id.value, 16));
    json.Key("documents").Uint(segment.doc_count);
    json.Key("deleted").Uint(segment.deleted_count);
    json.Key("bytes").Uint(segment.TotalBytes());
    if (const StoredMeta* const stored = StoredOf(opened, i)) {
      json.Key("stored_compression").String(CodecName(stored->codec));
      json.Key("stored_dictionary_bytes").Uint(stored->dictionary_bytes);
    }
    json.EndObject();
  }
  json.EndArray();
  json.Key("files").BeginObject();
  for (const auto& [kind, bytes] : BytesByKind(opened)) json.Key(kind).Uint(bytes);
  json.EndObject();
  json.Key("fields").BeginArray();
  for (const FieldSpace& field : fields) {
    json.BeginObject();
    json.Key("name").String(field.name);
    json.Key("type").String(FieldTypeName(field.type));
    json.Key("documents").Uint(field.documents);
    json.Key("tokens").Uint(field.tokens);
    json.Key("terms").Uint(field.terms);
    json.Key("postings").Uint(field.postings);
    json.Key("dictionary_bytes").Uint(field.dictionary_bytes);
    json.Key("postings_bytes").Uint(field.postings_bytes);
    json.Key("positions_bytes").Uint(field.positions_bytes);
    json.Key("bounds_bytes").Uint(field.bounds_bytes);
    json.Key("norms_bytes").Uint(field.norms_bytes);
    json.Key("column_bytes").Uint(field.column_bytes);
    json.Key("blocks").Uint(field.blocks);
    json.Key("dense_share").Double(field.DenseShare());
    json.Key("bits_per_posting").Double(field.BitsPerPosting());
    json.Key("bits_per_position").Double(field.BitsPerPosition());
    if (space) PrintBandsAsJson(field, &json);
    json.EndObject();
  }
  json.EndArray();
  json.EndObject();
  Out().Write(json.Take() + "\n");
}

// What a search decodes and scores, and the positions that it reads for each candidate of a phrase.
absl::Status InspectQuery(const InspectFlags& flags) {
  SEGUE_ASSIGN_OR_RETURN(OpenedIndex opened, OpenForReading(flags.path));
  SEGUE_ASSIGN_OR_RETURN(ReadQuery read,
                         QueryFromText(flags.phrase, QueryFlags(), opened.snapshot->schema()));
  SEGUE_ASSIGN_OR_RETURN(SearchResult result, opened.snapshot->Search(read.query));
  const SearchCounters& counters = result.counters;
  const double per_candidate = counters.phrase_candidates == 0
                                   ? 0
                                   : static_cast<double>(counters.positions_bytes) /
                                         static_cast<double>(counters.phrase_candidates);
  if (!flags.json) {
    Out().Write(Cat(Grouped(counters.postings), " postings in the query's lists, ",
                    Grouped(counters.blocks_decoded), " blocks decoded, ",
                    Grouped(counters.documents_scored), " scores computed\n",
                    Grouped(counters.phrase_candidates), " phrase candidates, ",
                    Decimal(per_candidate), " bytes of positions for each\n"));
    return absl::OkStatus();
  }
  JsonWriter json;
  json.BeginObject();
  json.Key("query").String(flags.phrase);
  json.Key("postings").Uint(counters.postings);
  json.Key("blocks_decoded").Uint(counters.blocks_decoded);
  json.Key("documents_scored").Uint(counters.documents_scored);
  json.Key("phrase_candidates").Uint(counters.phrase_candidates);
  json.Key("positions_bytes").Uint(counters.positions_bytes);
  json.Key("positions_bytes_per_candidate").Double(per_candidate);
  json.EndObject();
  Out().Write(json.Take() + "\n");
  return absl::OkStatus();
}

absl::Status Inspect(const InspectFlags& flags) {
  if (!flags.phrase.empty()) return InspectQuery(flags);
  SEGUE_ASSIGN_OR_RETURN(OpenedSegments opened, OpenSegments(flags.path));
  const std::string& named = flags.term.empty() ? flags.postings : flags.term;
  if (!named.empty()) {
    const size_t colon = named.find(':');
    if (colon == named.npos) {
      return Error(ErrorCode::kInvalidArgument,
                   Cat("FIELD:TERM is wanted, such as title:blue, not ", Quoted(named)));
    }
    const std::string field = named.substr(0, colon), term = named.substr(colon + 1);
    if (!flags.term.empty()) SEGUE_RETURN_IF_ERROR(PrintTerm(opened, field, term, flags.json));
    if (flags.postings.empty()) return absl::OkStatus();
    return PrintPostings(opened, field, term, flags.json, flags.limit);
  }
  SEGUE_ASSIGN_OR_RETURN(std::vector<FieldSpace> fields, MeasureFields(opened));
  if (flags.json) {
    PrintAsJson(opened, fields, flags.space);
  } else {
    PrintSegments(opened);
    if (flags.space) PrintKinds(opened);
    PrintFields(fields, flags.space);
    if (flags.space) PrintBands(fields);
  }
  return absl::OkStatus();
}

}  // namespace

void DeclareInspect(Flags* flags) {
  auto given = std::make_shared<InspectFlags>();
  flags->Positional("dir", &given->path, "the index");
  flags->Switch("--space", &given->space,
                "also space by kind of file, part of a field and frequency of terms");
  flags->Value("--term", "FIELD:TERM", &given->term, "statistics of a term instead");
  flags->Value("--postings", "FIELD:TERM", &given->postings, "the documents of a term instead");
  flags->Value("--limit", "N", &given->limit, "how many documents of --postings (100)");
  flags->Value("--query", "QUERY", &given->phrase, "what a search reads and computes instead");
  flags->Switch("--json", &given->json, "one JSON line");
  flags->Examples(
      "  segue inspect albums\n"
      "  segue inspect albums --space --json\n"
      "  segue inspect albums --term title:blue\n"
      "  segue inspect albums --postings title:blue --limit 10\n"
      "  segue inspect albums --query '\"kind of blue\"'");
  flags->Run([given] {
    const absl::Status status = Inspect(*given);
    return status.ok() ? 0 : Fail(status);
  });
}

}  // namespace segue
