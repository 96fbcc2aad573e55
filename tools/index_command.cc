// SPDX-License-Identifier: Apache-2.0
//
// segue index: files become an index.
#include <signal.h>

#include <atomic>
#include <cstdio>
#include <memory>
#include <optional>

#include "corpus/base_tools.h"
#include "tools/commands.h"
#include "tools/compression_flag.h"
#include "tools/console.h"
#include "tools/index_job.h"
#include "tools/limit_flag.h"
#include "tools/memory_flag.h"
#include "tools/order_flag.h"
#include "tools/threads_flag.h"
#include "tools/wait_flag.h"

namespace segue {
namespace {

struct IndexFlags {
  std::string path, schema, format, key;
  MemoryFlag memory;
  CompressionFlag compression;
  OrderFlag order;
  ThreadsFlag threads;
  LimitFlag<DocumentLimits> limits;
  WaitFlag wait;
  std::vector<std::string> inputs, columns;
  std::optional<uint64_t> segments;
  bool append = false, strict = false, json = false;
};

std::atomic<bool> interrupted = false;

absl::StatusOr<Schema> ReadSchema(const std::string& file) {
  SEGUE_ASSIGN_OR_RETURN(std::unique_ptr<ByteStream> stream, OpenByteStream(file));
  TextSource source(file, std::move(stream));
  SEGUE_ASSIGN_OR_RETURN(std::string json, source.ReadAll());
  absl::StatusOr<Schema> schema = Schema::FromJson(json);
  if (schema.ok()) {
    if (absl::Status status = schema->Validate(); !status.ok()) schema = status;
  }
  if (!schema.ok()) return Annotate(schema.status(), file);
  return schema;
}

absl::StatusOr<IndexJobOptions> OptionsOf(const IndexFlags& flags) {
  IndexJobOptions options;
  options.path = flags.path;
  options.inputs = flags.inputs;
  if (!flags.format.empty()) {
    SEGUE_ASSIGN_OR_RETURN(options.reading.format, ParseFormat(flags.format));
  }
  options.reading.columns = flags.columns;
  if (!flags.schema.empty()) {
    SEGUE_ASSIGN_OR_RETURN(options.schema, ReadSchema(flags.schema));
    if (!flags.key.empty()) SEGUE_RETURN_IF_ERROR(options.schema->SetKey(flags.key));
  }
  options.key = flags.key;
  SEGUE_ASSIGN_OR_RETURN(options.compression, flags.compression.Read());
  options.append = flags.append;
  options.strict = flags.strict;
  SEGUE_ASSIGN_OR_RETURN(options.threads, flags.threads.Read());
  SEGUE_ASSIGN_OR_RETURN(options.memory_bytes, flags.memory.Read());
  options.lock_wait_ms = flags.wait.milliseconds();
  SEGUE_ASSIGN_OR_RETURN(options.limits, flags.limits.Read());
  SEGUE_ASSIGN_OR_RETURN(options.order, flags.order.Read());
  // Only a merge puts documents in order.
  const bool ordered = options.order.order != DocumentOrder::kAsAdded;
  options.segments = flags.segments.value_or(flags.append && !ordered ? 0 : 1);
  if (options.segments > 1'000'000) {
    return Error(ErrorCode::kInvalidArgument, "--segments takes 0 to 1000000");
  }
  if (ordered && options.segments == 0) {
    return Error(ErrorCode::kInvalidArgument,
                 "--order wants a merge, and --segments 0 none; give another number, or neither");
  }
  options.cancel = &interrupted;
  return options;
}

void PrintReport(const std::string& path, const IndexReport& report) {
  char rate[32];
  std::snprintf(rate, sizeof rate, "%.1f MB/s",
                static_cast<double>(report.text_bytes) / 1e6 / std::max(report.seconds, 1e-6));
  std::string line =
      Cat("indexed ", Grouped(report.commit.added), " documents, ", Megabytes(report.text_bytes),
          " of input in ", Duration(static_cast<int64_t>(report.seconds * 1e6)), " (", rate, ")");
  if (report.commit.deleted > 0) line += Cat(", replaced ", Grouped(report.commit.deleted));
  if (report.bad_records > 0)
    line += Cat(", left out ", Grouped(report.bad_records), " bad records");
  Out().Write(Cat(line, "\n", path, ": ", Grouped(report.commit.documents), " documents, ",
                  Megabytes(report.index_bytes), " in ", report.segments,
                  report.segments == 1 ? " segment\n" : " segments\n"));
}

void PrintReportAsJson(const IndexReport& report) {
  JsonWriter json;
  json.BeginObject();
  json.Key("generation").Uint(report.commit.generation);
  json.Key("documents").Uint(report.commit.documents);
  json.Key("added").Uint(report.commit.added);
  json.Key("deleted").Uint(report.commit.deleted);
  json.Key("bad_records").Uint(report.bad_records);
  json.Key("truncated_tokens").Uint(report.commit.truncated_tokens);
  json.Key("text_bytes").Uint(report.text_bytes);
  json.Key("index_bytes").Uint(report.index_bytes);
  json.Key("segments").Uint(report.segments);
  json.Key("took_ms").Uint(static_cast<uint64_t>(report.seconds * 1e3));
  json.Key("peak_memory_bytes").Uint(PeakResidentBytes());
  json.Key("schema").Raw(report.schema.ToJson());
  json.EndObject();
  Out().Write(json.Take() + "\n");
}

int RunIndex(const IndexFlags& flags) {
  ::signal(SIGINT, [](int) { interrupted = true; });
  ::signal(SIGTERM, [](int) { interrupted = true; });
  absl::StatusOr<IndexJobOptions> options = OptionsOf(flags);
  if (!options.ok()) return Fail(options.status());
  absl::StatusOr<IndexReport> report = IndexJob(*std::move(options)).Run();
  if (!report.ok()) {
    Fail(report.status());
    return interrupted ? 130 : ExitCodeOf(report.status());
  }
  if (flags.json) {
    PrintReportAsJson(*report);
  } else {
    PrintReport(flags.path, *report);
  }
  return 0;
}

}  // namespace

void DeclareIndex(Flags* flags) {
  auto given = std::make_shared<IndexFlags>();
  flags->Positional("dir", &given->path, "the index; made if it is not there");
  flags->Positional("files", &given->inputs,
                    "files, folders, patterns, - for standard input; .gz .xz .zst .lz4 too");
  flags->Value("--schema", "FILE", &given->schema, "the schema (docs/tools.md); else inferred");
  flags->Value("--format", "NAME", &given->format,
               "jsonl, csv, tsv, trec, text or debian; else found out");
  flags->List("--columns", "NAMES", &given->columns, "the columns of CSV or TSV without a header");
  flags->Value("--key", "FIELD", &given->key, "the field that names a document, unique");
  flags->Switch("--append", &given->append, "add to the index, replacing documents by key");
  flags->Switch("--strict", &given->strict, "stop at the first bad record, commit nothing");
  given->threads.Declare(flags);
  given->wait.Declare(flags);
  given->memory.Declare(flags);
  flags->Value("--segments", "N", &given->segments,
               "merge down to N in the end, 0: not (1; with --append 0)");
  given->order.Declare(flags);
  given->compression.Declare(flags);
  given->limits.Declare(flags);
  flags->Switch("--json", &given->json, "the report as JSON");
  flags->Examples(
      "  segue index albums albums.jsonl\n"
      "  segue index albums new.jsonl --append\n"
      "  segue index notes notes/ --format text\n"
      "  segue index songs songs.csv --key id --memory 512M\n"
      "  segue index ordered albums.jsonl --order quick\n"
      "  segue index newest albums.jsonl --order -year\n"
      "  segue index small albums.jsonl --compression zstd\n"
      "  zcat albums.jsonl.gz | segue index more -\n"
      "  apt-cache dumpavail | segue index packages - --format debian");
  flags->Run([given] { return RunIndex(*given); });
}

}  // namespace segue
