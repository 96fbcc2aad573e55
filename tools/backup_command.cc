// SPDX-License-Identifier: Apache-2.0
//
// segue backup: a copy of the newest generation in another directory.
#include <memory>

#include "corpus/base_tools.h"
#include "segue/index.h"
#include "tools/commands.h"
#include "tools/console.h"

namespace segue {
namespace {

struct BackupFlags {
  std::string path, to;
  bool json = false;
};

absl::Status Backup(const BackupFlags& flags) {
  SEGUE_ASSIGN_OR_RETURN(const Index index, Index::Open(flags.path));
  SEGUE_ASSIGN_OR_RETURN(const uint64_t generation, index.Backup(flags.to));
  SEGUE_ASSIGN_OR_RETURN(const Index copy, Index::Open(flags.to));
  SEGUE_ASSIGN_OR_RETURN(const auto snapshot, copy.OpenSnapshot());
  uint64_t bytes = 0;
  for (const SegmentInfo& segment : snapshot->segments()) bytes += segment.bytes;
  if (flags.json) {
    JsonWriter json;
    json.BeginObject();
    json.Key("generation").Uint(generation);
    json.Key("documents").Uint(snapshot->live_doc_count());
    json.Key("bytes").Uint(bytes);
    json.EndObject();
    Out().Write(json.Take() + "\n");
    return absl::OkStatus();
  }
  Out().Write(Cat(flags.to, ": generation ", generation, " of ", flags.path, ", ",
                  Grouped(snapshot->live_doc_count()), " documents, ", Megabytes(bytes), "\n"));
  return absl::OkStatus();
}

}  // namespace

void DeclareBackup(Flags* flags) {
  auto given = std::make_shared<BackupFlags>();
  flags->Positional("dir", &given->path, "the index");
  flags->Positional("to", &given->to, "where the copy goes: a directory without an index");
  flags->Switch("--json", &given->json, "the report as JSON");
  flags->Examples("  segue backup albums albums.copy");
  flags->Run([given] {
    const absl::Status status = Backup(*given);
    return status.ok() ? 0 : Fail(status);
  });
}

}  // namespace segue
