// SPDX-License-Identifier: Apache-2.0
//
// segue explain: why a document has its score.
#include <memory>

#include "corpus/base_tools.h"
#include "tools/commands.h"
#include "tools/console.h"
#include "tools/reading.h"

namespace segue {
namespace {

struct ExplainFlags {
  std::string path, query, document;
  QueryFlags reading;
  bool key = false, json = false;
};

absl::Status Explain(const ExplainFlags& flags) {
  SEGUE_ASSIGN_OR_RETURN(OpenedIndex opened, OpenForReading(flags.path));
  const Snapshot& snapshot = *opened.snapshot;
  SEGUE_ASSIGN_OR_RETURN(ReadQuery read,
                         QueryFromText(flags.query, flags.reading, snapshot.schema()));
  SEGUE_ASSIGN_OR_RETURN(uint64_t doc, FindDocument(snapshot, flags.document, flags.key));
  SearchOptions options;
  SEGUE_ASSIGN_OR_RETURN(options.limits, flags.reading.limits.Read());
  SEGUE_ASSIGN_OR_RETURN(Explanation explanation, snapshot.Explain(read.query, doc, options));
  Out().Write(flags.json ? explanation.ToJson() + "\n" : explanation.ToText());
  return absl::OkStatus();
}

}  // namespace

void DeclareExplain(Flags* flags) {
  auto given = std::make_shared<ExplainFlags>();
  flags->Positional("dir", &given->path, "the index");
  flags->Positional("query", &given->query, "the query");
  flags->Positional("document", &given->document, "its number (\"doc\" in results)");
  flags->Switch("--key", &given->key, "the document is given by its key");
  given->reading.Declare(flags);
  flags->Switch("--json", &given->json, "the tree as JSON");
  flags->Examples(
      "  segue explain albums 'kind of blue' 0\n"
      "  segue explain albums 'kind of blue' 1 --key --json");
  flags->Run([given] {
    const absl::Status status = Explain(*given);
    return status.ok() ? 0 : Fail(status);
  });
}

}  // namespace segue
