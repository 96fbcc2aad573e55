// SPDX-License-Identifier: Apache-2.0
//
// segue export: the stored documents as JSON lines, ready for segue index.
#include <memory>

#include "corpus/base_tools.h"
#include "tools/commands.h"
#include "tools/console.h"
#include "tools/reading.h"
#include "tools/results.h"

namespace segue {
namespace {

struct ExportFlags {
  std::string path;
  std::vector<std::string> fields;
  bool schema = false;
  bool json = false;
};

absl::Status Export(const ExportFlags& flags) {
  SEGUE_ASSIGN_OR_RETURN(OpenedIndex opened, OpenForReading(flags.path));
  const Snapshot& snapshot = *opened.snapshot;
  const Schema& schema = snapshot.schema();
  if (flags.schema) {
    Out().Write(schema.ToJson() + "\n");
    return absl::OkStatus();
  }
  SEGUE_RETURN_IF_ERROR(CheckFields(schema, flags.fields));
  for (uint64_t doc = 0; doc < snapshot.doc_count() && Out().ok(); ++doc) {
    absl::StatusOr<Document> stored = snapshot.Stored(doc);
    if (CodeOf(stored.status()) == ErrorCode::kNotFound) continue;  // deleted
    if (!stored.ok()) return stored.status();
    // The key is what makes the export an input again, stored or not.
    if (!schema.key().empty() && stored->Find(schema.key()) == nullptr) {
      SEGUE_ASSIGN_OR_RETURN(std::string key, snapshot.Key(doc));
      Document with_key;
      with_key.Add(schema.key(), std::string_view(key));
      for (const FieldValue& value : stored->values()) with_key.Add(value.field, value.value);
      stored = std::move(with_key);
    }
    const Document chosen = flags.fields.empty() ? *stored : ChooseFields(*stored, flags.fields);
    Out().Write(chosen.ToJson(schema) + "\n");
  }
  return absl::OkStatus();
}

}  // namespace

void DeclareExport(Flags* flags) {
  auto given = std::make_shared<ExportFlags>();
  flags->Positional("dir", &given->path, "the index");
  flags->List("--fields", "NAMES", &given->fields, "only these stored fields");
  flags->Switch("--schema", &given->schema, "print the schema instead");
  flags->Switch("--json", &given->json, "accepted; the output is JSON lines anyway");
  flags->Examples(
      "  segue export albums\n"
      "  segue export albums --fields id,title\n"
      "  segue export albums --schema");
  flags->Run([given] {
    const absl::Status status = Export(*given);
    return status.ok() ? 0 : Fail(status);
  });
}

}  // namespace segue
