// SPDX-License-Identifier: Apache-2.0
//
// segue join: the documents of other indexes, in one commit.
#include <memory>
#include <vector>

#include "corpus/base_tools.h"
#include "segue/index.h"
#include "tools/commands.h"
#include "tools/console.h"
#include "tools/wait_flag.h"

namespace segue {
namespace {

struct JoinFlags {
  std::string path;
  std::vector<std::string> others;
  WaitFlag wait;
  bool json = false;
};

void Report(const JoinFlags& flags, const CommitInfo& info) {
  if (flags.json) {
    JsonWriter json;
    json.BeginObject();
    json.Key("added").Uint(info.added);
    json.Key("replaced").Uint(info.deleted);
    json.Key("documents").Uint(info.documents);
    json.Key("generation").Uint(info.generation);
    json.EndObject();
    Out().Write(json.Take() + "\n");
    return;
  }
  Out().Write(Cat(flags.path, ": added ", Grouped(info.added), " documents, replaced ",
                  Grouped(info.deleted), ", ", Grouped(info.documents), " now\n"));
}

absl::Status Join(const JoinFlags& flags) {
  SEGUE_ASSIGN_OR_RETURN(const Index index, Index::Open(flags.path));
  SEGUE_ASSIGN_OR_RETURN(const std::unique_ptr<Writer> writer,
                         index.OpenWriter({.lock_wait_ms = flags.wait.milliseconds()}));
  for (const std::string& path : flags.others) {
    SEGUE_ASSIGN_OR_RETURN(const Index other, Index::Open(path));
    SEGUE_ASSIGN_OR_RETURN(const auto snapshot, other.OpenSnapshot());
    const absl::Status added = writer->AddIndex(*snapshot).status();
    if (!added.ok()) return Annotate(added, path);
  }
  SEGUE_ASSIGN_OR_RETURN(const CommitInfo info, writer->Commit());
  Report(flags, info);
  return absl::OkStatus();
}

}  // namespace

void DeclareJoin(Flags* flags) {
  auto given = std::make_shared<JoinFlags>();
  flags->Positional("dir", &given->path, "the index that grows");
  flags->Positional("other", &given->others,
                    "indexes of the same schema; their documents replace those with the same key");
  given->wait.Declare(flags);
  flags->Switch("--json", &given->json, "the report as JSON");
  flags->Examples(
      "  segue index east albums.jsonl\n"
      "  segue index west more.jsonl\n"
      "  segue join east west");
  flags->Run([given] {
    const absl::Status status = Join(*given);
    return status.ok() ? 0 : Fail(status);
  });
}

}  // namespace segue
