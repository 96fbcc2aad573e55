// SPDX-License-Identifier: Apache-2.0
//
// segue verify: derives everything in an index again and compares.
#include <memory>

#include "corpus/base_tools.h"
#include "engine/verify/verify.h"
#include "tools/commands.h"
#include "tools/console.h"
#include "tools/progress.h"

namespace segue {
namespace {

struct VerifyFlags {
  std::string path;
  bool json = false, no_stored = false;
};

void PrintReport(const std::string& path, const VerifyReport& report, double seconds) {
  for (const std::string& problem : report.problems) Out().Write(Cat("damaged: ", problem, "\n"));
  if (report.problem_count > report.problems.size()) {
    Out().Write(Cat("… and ", report.problem_count - report.problems.size(), " more\n"));
  }
  Out().Write(Cat(path, ": ", report.ok() ? "sound" : "DAMAGED", ", ", Megabytes(report.bytes),
                  ", ", report.segments, report.segments == 1 ? " segment, " : " segments, ",
                  Grouped(report.documents - report.deleted), " documents, ", Grouped(report.terms),
                  " terms, ", Grouped(report.postings), " postings, ", Grouped(report.positions),
                  " positions checked in ", Duration(static_cast<int64_t>(seconds * 1e6)), "\n"));
}

void PrintReportAsJson(const VerifyReport& report, double seconds) {
  JsonWriter json;
  json.BeginObject();
  json.Key("sound").Bool(report.ok());
  json.Key("generation").Uint(report.generation);
  json.Key("segments").Uint(report.segments);
  json.Key("documents").Uint(report.documents - report.deleted);
  json.Key("deleted").Uint(report.deleted);
  json.Key("bytes").Uint(report.bytes);
  json.Key("terms").Uint(report.terms);
  json.Key("postings").Uint(report.postings);
  json.Key("positions").Uint(report.positions);
  json.Key("stored_values").Uint(report.stored_values);
  json.Key("fields_compared").Uint(report.fields_compared);
  json.Key("problem_count").Uint(report.problem_count);
  json.Key("problems").BeginArray();
  for (const std::string& problem : report.problems) json.String(problem);
  json.EndArray();
  json.Key("took_ms").Uint(static_cast<uint64_t>(seconds * 1e3));
  json.EndObject();
  Out().Write(json.Take() + "\n");
}

int RunVerify(const VerifyFlags& flags) {
  Progress progress;
  VerifyOptions options;
  options.compare_stored = !flags.no_stored;
  options.progress = [&progress](const std::string& phase) { progress.Phase(phase); };
  absl::StatusOr<VerifyReport> report = VerifyIndex(PosixEnv(), flags.path, options);
  progress.Clear();
  if (!report.ok()) return Fail(report.status());
  if (flags.json) {
    PrintReportAsJson(*report, progress.Seconds());
  } else {
    PrintReport(flags.path, *report, progress.Seconds());
  }
  if (report->ok()) return 0;
  return Fail(Error(ErrorCode::kDataLoss,
                    Cat(flags.path, " is damaged: ", report->problem_count, " problems found")),
              "make the index again, or restore it from a copy");
}

}  // namespace

void DeclareVerify(Flags* flags) {
  auto given = std::make_shared<VerifyFlags>();
  flags->Positional("dir", &given->path, "the index");
  flags->Switch("--no-stored", &given->no_stored,
                "do not compare with stored values (documents that came with their own tokens)");
  flags->Switch("--json", &given->json, "the report as JSON");
  flags->Examples(
      "  segue verify albums\n"
      "  segue verify albums --json");
  flags->Run([given] { return RunVerify(*given); });
}

}  // namespace segue
