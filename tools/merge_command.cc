// SPDX-License-Identifier: Apache-2.0
//
// segue merge: fewer segments, without the documents that were deleted, in another order or packed
// otherwise if asked to. Interrupted, it leaves the index as it was.
#include <memory>
#include <optional>

#include "corpus/base_tools.h"
#include "segue/index.h"
#include "tools/commands.h"
#include "tools/compression_flag.h"
#include "tools/console.h"
#include "tools/index_size.h"
#include "tools/memory_flag.h"
#include "tools/order_flag.h"
#include "tools/progress.h"
#include "tools/threads_flag.h"
#include "tools/wait_flag.h"

namespace segue {
namespace {

struct MergeFlags {
  std::string path;
  uint64_t segments = 1;
  OrderFlag order;
  CompressionFlag compression;
  ThreadsFlag threads;
  MemoryFlag memory;
  WaitFlag wait;
  bool json = false;
};

absl::StatusOr<IndexSize> SizeNow(const Index& index) {
  SEGUE_ASSIGN_OR_RETURN(const std::shared_ptr<const Snapshot> snapshot, index.OpenSnapshot());
  return SizeOf(*snapshot);
}

std::string Told(const IndexSize& size) {
  return Cat(Grouped(size.segments), size.segments == 1 ? " segment" : " segments", " of ",
             Megabytes(size.bytes));
}

void Report(const MergeFlags& flags, const IndexSize& before, const IndexSize& after,
            const CommitInfo& info, double seconds) {
  if (flags.json) {
    JsonWriter json;
    json.BeginObject();
    json.Key("generation").Uint(info.generation);
    json.Key("documents").Uint(info.documents);
    json.Key("segments_before").Uint(before.segments);
    json.Key("segments").Uint(after.segments);
    json.Key("index_bytes_before").Uint(before.bytes);
    json.Key("index_bytes").Uint(after.bytes);
    json.Key("deleted_before").Uint(before.deleted);
    json.Key("deleted").Uint(after.deleted);
    json.Key("took_ms").Uint(static_cast<uint64_t>(seconds * 1e3));
    json.EndObject();
    Out().Write(json.Take() + "\n");
    return;
  }
  std::string line = Cat(flags.path, ": ", Told(before), " became ", Told(after));
  if (before.deleted > after.deleted) {
    CatTo(&line, ", without ", Grouped(before.deleted - after.deleted), " deleted documents");
  }
  Out().Write(Cat(line, ", in ", Duration(static_cast<int64_t>(seconds * 1e6)), "\n"));
}

absl::StatusOr<WriterOptions> OptionsOf(const MergeFlags& flags) {
  if (flags.segments == 0 || flags.segments > 1'000'000) {
    return Error(ErrorCode::kInvalidArgument, "--segments takes 1 to 1000000");
  }
  WriterOptions options;
  options.lock_wait_ms = flags.wait.milliseconds();
  SEGUE_ASSIGN_OR_RETURN(options.threads, flags.threads.Read());
  SEGUE_ASSIGN_OR_RETURN(options.memory_bytes, flags.memory.Read());
  return options;
}

absl::Status Merge(const MergeFlags& flags) {
  SEGUE_ASSIGN_OR_RETURN(const WriterOptions options, OptionsOf(flags));
  SEGUE_ASSIGN_OR_RETURN(const ChosenOrder order, flags.order.Read());
  SEGUE_ASSIGN_OR_RETURN(const std::optional<StoredCompression> compression,
                         flags.compression.Read());
  SEGUE_ASSIGN_OR_RETURN(const Index index, Index::Open(flags.path));
  SEGUE_ASSIGN_OR_RETURN(const std::unique_ptr<Writer> writer, index.OpenWriter(options));
  SEGUE_ASSIGN_OR_RETURN(const IndexSize before, SizeNow(index));
  if (compression) SEGUE_RETURN_IF_ERROR(writer->SetStoredCompression(*compression));
  Progress progress;
  const ForceMergeOptions merge{
      .order = order.order,
      .order_field = order.field,
      .progress = [&](uint64_t done, uint64_t all) { progress.Part("merging", done, all); }};
  const absl::StatusOr<CommitInfo> info =
      writer->ForceMerge(static_cast<uint32_t>(flags.segments), merge);
  progress.Clear();
  if (!info.ok()) return info.status();
  SEGUE_ASSIGN_OR_RETURN(const IndexSize after, SizeNow(index));
  Report(flags, before, after, *info, progress.Seconds());
  return absl::OkStatus();
}

}  // namespace

void DeclareMerge(Flags* flags) {
  auto given = std::make_shared<MergeFlags>();
  flags->Positional("dir", &given->path, "the index");
  flags->Value("--segments", "N", &given->segments, "merge until at most N are left (1)");
  given->order.Declare(flags);
  given->compression.Declare(flags);
  given->threads.Declare(flags);
  given->memory.Declare(flags);
  given->wait.Declare(flags);
  flags->Switch("--json", &given->json, "the report as JSON");
  flags->Examples(
      "  segue merge albums\n"
      "  segue merge albums --order quick --memory 256M\n"
      "  segue merge albums --compression zstd\n"
      "  segue merge albums --segments 4 --json");
  flags->Run([given] {
    const absl::Status status = Merge(*given);
    return status.ok() ? 0 : Fail(status);
  });
}

}  // namespace segue
