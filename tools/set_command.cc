// SPDX-License-Identifier: Apache-2.0
//
// segue set: values of documents change without indexing them again.
#include <memory>
#include <optional>
#include <set>

#include "corpus/base_tools.h"
#include "corpus/document_maker.h"
#include "corpus/readers.h"
#include "tools/commands.h"
#include "tools/console.h"
#include "tools/reading.h"
#include "tools/wait_flag.h"

namespace segue {
namespace {

struct SetFlags {
  std::string path;
  std::vector<std::string> words;  // a key, then FIELD=VALUE
  std::string file, format;
  WaitFlag wait;
  bool json = false;
};

struct SetReport {
  uint64_t values = 0;   // set
  uint64_t unknown = 0;  // records whose key no document has
};

class Setting {
 public:
  Setting(const Schema& schema, Writer* writer)
      : schema_(schema), maker_(schema), writer_(writer) {}

  absl::Status ByWords(const std::vector<std::string>& words);
  absl::Status ByRecords(RecordReader* reader);
  const SetReport& report() const { return report_; }

 private:
  // The values of one record in the document with its key.
  absl::Status SetIn(Record* record, const std::vector<std::string>& taken_away);
  absl::Status Set(std::string_view key, std::string_view field, const std::optional<Value>& value);

  const Schema& schema_;
  DocumentMaker maker_;
  Writer* const writer_;
  SetReport report_;
  bool found_ = false;  // the document of the record
};

absl::Status Setting::Set(std::string_view key, std::string_view field,
                          const std::optional<Value>& value) {
  SEGUE_ASSIGN_OR_RETURN(found_, writer_->SetValue(key, field, value));
  if (found_) ++report_.values;
  return absl::OkStatus();
}

// `taken_away`: fields that lose their value. Names that the schema does not have are for the
// writer to refuse.
absl::Status Setting::SetIn(Record* record, const std::vector<std::string>& taken_away) {
  std::set<std::string> names;
  for (const RecordField& field : record->fields) names.insert(field.name);
  names.erase(schema_.key());
  const std::string where = record->Where();
  Document document;
  SEGUE_RETURN_IF_ERROR(maker_.Make(record, &document));
  const Value* const key = document.Find(schema_.key());
  if (key == nullptr) {
    return Error(ErrorCode::kInvalidArgument,
                 Cat(where, ": no ", Quoted(schema_.key()), ", the key of the document"));
  }
  found_ = true;
  for (const std::string& name : names) {
    const Value* const value = document.Find(name);
    const absl::Status status =
        Set(std::get<std::string>(*key), name, value == nullptr ? Value() : *value);
    if (!status.ok()) return Annotate(status, where);
  }
  for (const std::string& name : taken_away) {
    SEGUE_RETURN_IF_ERROR(Set(std::get<std::string>(*key), name, std::nullopt));
  }
  if (!found_) ++report_.unknown;
  return absl::OkStatus();
}

absl::Status Setting::ByWords(const std::vector<std::string>& words) {
  Record record;
  record.typed = false;
  record.file = "the command line";
  record.fields.push_back({schema_.key(), words.front()});
  std::vector<std::string> taken_away;
  for (size_t i = 1; i < words.size(); ++i) {
    const size_t sign = words[i].find('=');
    if (sign == std::string::npos) {
      return Error(ErrorCode::kInvalidArgument,
                   Cat(Quoted(words[i]), ": FIELD=VALUE belongs here, as in plays=5"));
    }
    const std::string name = words[i].substr(0, sign), value = words[i].substr(sign + 1);
    if (value.empty()) {
      taken_away.push_back(name);
    } else {
      record.fields.push_back({name, value});
    }
  }
  SEGUE_RETURN_IF_ERROR(SetIn(&record, taken_away));
  if (report_.unknown == 0) return absl::OkStatus();
  return Error(ErrorCode::kNotFound, Cat("no document has the key ", Quoted(words.front())));
}

absl::Status Setting::ByRecords(RecordReader* reader) {
  for (Record record;;) {
    SEGUE_ASSIGN_OR_RETURN(const bool more, reader->Next(&record));
    if (!more) return absl::OkStatus();
    SEGUE_RETURN_IF_ERROR(SetIn(&record, {}));
  }
}

absl::Status SetAll(const SetFlags& flags, Setting* setting) {
  if (flags.file.empty()) return setting->ByWords(flags.words);
  ReaderOptions options;
  if (!flags.format.empty()) {
    SEGUE_ASSIGN_OR_RETURN(options.format, ParseFormat(flags.format));
  }
  SEGUE_ASSIGN_OR_RETURN(const std::unique_ptr<RecordReader> reader,
                         OpenRecords({flags.file}, options));
  return setting->ByRecords(reader.get());
}

void Report(const SetFlags& flags, const SetReport& report, const CommitInfo& info) {
  if (flags.json) {
    JsonWriter json;
    json.BeginObject();
    json.Key("values").Uint(report.values);
    json.Key("unknown_keys").Uint(report.unknown);
    json.Key("generation").Uint(info.generation);
    json.EndObject();
    Out().Write(json.Take() + "\n");
    return;
  }
  Out().Write(Cat(flags.path, ": ", Grouped(report.values),
                  report.values == 1 ? " value" : " values", " set\n"));
  if (report.unknown > 0) {
    Warn(Cat(Grouped(report.unknown),
             report.unknown == 1 ? " record has a key" : " records have keys",
             " that no document has"));
  }
}

absl::Status SetValues(const SetFlags& flags) {
  if (flags.file.empty() == (flags.words.size() < 2)) {
    return Error(ErrorCode::kInvalidArgument,
                 "give the key of a document and FIELD=VALUE, or records with --file");
  }
  SEGUE_ASSIGN_OR_RETURN(OpenedIndex opened, OpenForReading(flags.path));
  const Schema& schema = opened.snapshot->schema();
  if (schema.key().empty()) {
    return Error(ErrorCode::kFailedPrecondition,
                 Cat(flags.path, ": the schema has no key, so no document can be told by one"));
  }
  SEGUE_ASSIGN_OR_RETURN(const std::unique_ptr<Writer> writer,
                         opened.index->OpenWriter({.lock_wait_ms = flags.wait.milliseconds()}));
  Setting setting(schema, writer.get());
  SEGUE_RETURN_IF_ERROR(SetAll(flags, &setting));
  SEGUE_ASSIGN_OR_RETURN(const CommitInfo info, writer->Commit());
  Report(flags, setting.report(), info);
  return absl::OkStatus();
}

}  // namespace

void DeclareSet(Flags* flags) {
  auto given = std::make_shared<SetFlags>();
  flags->Positional("dir", &given->path, "the index");
  flags->Positional("values", &given->words,
                    "the key of a document, then FIELD=VALUE; FIELD= takes the value away",
                    /*required=*/false);
  flags->Value("--file", "FILE", &given->file,
               "records with a key and values of many documents (- is standard input)");
  flags->Value("--format", "NAME", &given->format, "of the file: jsonl, csv, tsv; else found out");
  given->wait.Declare(flags);
  flags->Switch("--json", &given->json, "the report as JSON");
  flags->Examples(
      "  segue set tracks 42 plays=1001 rating=4.5\n"
      "  segue set tracks 42 rating=\n"
      "  segue set tracks --file plays.csv");
  flags->Run([given] {
    const absl::Status status = SetValues(*given);
    return status.ok() ? 0 : Fail(status);
  });
}

}  // namespace segue
