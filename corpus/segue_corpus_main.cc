// SPDX-License-Identifier: Apache-2.0
//
// segue-corpus: documents for tests, examples and measurements.
#include <signal.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <optional>
#include <string>
#include <vector>

#include "corpus/catalogue.h"
#include "corpus/game_commands.h"
#include "corpus/passages.h"
#include "corpus/readers.h"
#include "engine/base/status.h"

namespace segue {
namespace {

int Fail(const absl::Status& status) {
  const std::string_view message = MessageOf(status);
  std::fprintf(stderr, "segue-corpus: error: %.*s\n", static_cast<int>(message.size()),
               message.data());
  return ExitCodeOf(status);
}

bool PutLine(std::string line) {
  line += '\n';
  return std::fwrite(line.data(), 1, line.size(), stdout) == line.size();
}

// Buffered output fails late: the last word is fclose's.
int Finish(bool written) {
  if (std::fclose(stdout) == 0 && written) return 0;
  return Fail(Error(ErrorCode::kIo, "cannot write to standard output"));
}

int Generate(const CatalogueOptions& options, bool schema_only) {
  if (schema_only) return Finish(PutLine(Catalogue::MakeSchema().ToJson()));
  const Catalogue catalogue(options);
  Record record;
  bool written = true;
  for (uint64_t i = 0; i < catalogue.documents() && written; ++i) {
    catalogue.Make(i, &record);
    written = PutLine(record.ToJson());
  }
  return Finish(written);
}

int Split(const std::vector<std::string>& inputs, const PassageOptions& options) {
  absl::StatusOr<std::unique_ptr<RecordReader>> reader = OpenRecords(inputs, {});
  if (!reader.ok()) return Fail(reader.status());
  Record record;
  bool written = true;
  while (written) {
    absl::StatusOr<bool> more = (*reader)->Next(&record);
    if (!more.ok() && IsBadRecord(more.status())) {
      Fail(more.status());
      continue;
    }
    if (!more.ok()) return Fail(more.status());
    if (!*more) break;
    for (const Record& passage : PassagesOf(record, options)) {
      written = written && PutLine(passage.ToJson());
    }
  }
  return Finish(written);
}

int Main(int argc, char** argv) {
  ::signal(SIGPIPE, SIG_IGN);
  CLI::App app("Documents for tests, examples and measurements, as JSON lines.", "segue-corpus");
  app.require_subcommand(1);

  CatalogueOptions catalogue;
  bool schema_only = false;
  CLI::App* generate = app.add_subcommand("generate", "a made-up audio catalogue");
  generate->add_option("-n,--documents", catalogue.documents, "how many documents");
  generate->add_option("--seed", catalogue.seed, "the same seed gives the same catalogue");
  generate->add_option("--transcript-words", catalogue.transcript_words,
                       "mean length of an episode's transcript");
  generate->add_flag("--schema", schema_only, "print the catalogue's schema instead");

  PassageOptions passages;
  std::vector<std::string> inputs;
  CLI::App* split = app.add_subcommand("passages", "articles cut into passages");
  split->add_option("files", inputs, "articles in any format that segue index reads")->required();
  split->add_option("--min-characters", passages.min_characters, "drop shorter paragraphs");
  split->add_option("--max-words", passages.max_words, "cut longer paragraphs");

  GameCommands game(&app);

  CLI11_PARSE(app, argc, argv);
  if (const std::optional<absl::Status> done = game.Run(stdout)) {
    return done->ok() ? Finish(true) : Fail(*done);
  }
  return generate->parsed() ? Generate(catalogue, schema_only) : Split(inputs, passages);
}

}  // namespace
}  // namespace segue

int main(int argc, char** argv) { return segue::Main(argc, argv); }
