// SPDX-License-Identifier: Apache-2.0
//
// segue repair: says which segments are damaged, and drops them when told to.
#include <memory>

#include "corpus/base_tools.h"
#include "engine/verify/repair.h"
#include "tools/commands.h"
#include "tools/console.h"
#include "tools/progress.h"

namespace segue {
namespace {

struct RepairFlags {
  std::string path;
  bool drop = false, json = false, no_stored = false;
};

void PrintReport(const RepairFlags& flags, const RepairReport& report) {
  for (const std::string& problem : report.found.problems) {
    Out().Write(Cat("damaged: ", problem, "\n"));
  }
  uint64_t documents = 0;
  for (const LostSegment& segment : report.lost) {
    documents += segment.documents;
    Out().Write(Cat("segment ", Hex(segment.id, 16), ": ", Grouped(segment.documents),
                    " documents, ", Megabytes(segment.bytes),
                    flags.drop ? ", dropped\n" : ", would be dropped\n"));
  }
  Out().Write(Cat(flags.path, ": ",
                  report.found.ok()     ? "sound, nothing to repair"
                  : report.lost.empty() ? "DAMAGED, but in no single segment"
                                        : Cat("of ", Grouped(report.found.segments), " segments ",
                                              Grouped(report.lost.size()), " damaged, with ",
                                              Grouped(documents), " documents"),
                  "; ", Grouped(report.kept_documents), " documents in sound ones\n"));
}

void PrintReportAsJson(const RepairFlags& flags, const RepairReport& report) {
  JsonWriter json;
  json.BeginObject();
  json.Key("sound").Bool(report.found.ok());
  json.Key("generation").Uint(report.generation);
  json.Key("dropped").Bool(flags.drop && !report.lost.empty());
  json.Key("lost").BeginArray();
  for (const LostSegment& segment : report.lost) {
    json.BeginObject();
    json.Key("segment").Uint(segment.id);
    json.Key("documents").Uint(segment.documents);
    json.Key("bytes").Uint(segment.bytes);
    json.EndObject();
  }
  json.EndArray();
  json.Key("problem_count").Uint(report.found.problem_count);
  json.Key("problems").BeginArray();
  for (const std::string& problem : report.found.problems) json.String(problem);
  json.EndArray();
  json.EndObject();
  Out().Write(json.Take() + "\n");
}

int RunRepair(const RepairFlags& flags) {
  Progress progress;
  VerifyOptions options;
  options.compare_stored = !flags.no_stored;
  options.progress = [&progress](const std::string& phase) { progress.Phase(phase); };
  const absl::StatusOr<RepairReport> report =
      RepairIndex(PosixEnv(), flags.path, options, flags.drop);
  progress.Clear();
  if (!report.ok()) return Fail(report.status());
  if (flags.json) {
    PrintReportAsJson(flags, *report);
  } else {
    PrintReport(flags, *report);
  }
  if (report->found.ok() || (flags.drop && !report->lost.empty())) return 0;
  return Fail(Error(ErrorCode::kDataLoss, Cat(flags.path, " is damaged; nothing was changed")),
              report->lost.empty() ? "restore it from a copy, or make it again"
                                   : "segue repair --drop-damaged gives up the damaged segments");
}

}  // namespace

void DeclareRepair(Flags* flags) {
  auto given = std::make_shared<RepairFlags>();
  flags->Positional("dir", &given->path, "the index");
  flags->Switch("--drop-damaged", &given->drop,
                "commit a generation without the damaged segments; their documents are lost");
  flags->Switch("--no-stored", &given->no_stored,
                "do not compare with stored values (documents that came with their own tokens)");
  flags->Switch("--json", &given->json, "the report as JSON");
  flags->Examples(
      "  segue repair albums\n"
      "  segue repair albums --drop-damaged --json");
  flags->Run([given] { return RunRepair(*given); });
}

}  // namespace segue
