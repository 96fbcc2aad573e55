// SPDX-License-Identifier: Apache-2.0
//
// segue repl: a shell for searching.
#include <memory>

#include "corpus/base_tools.h"
#include "tools/commands.h"
#include "tools/console.h"
#include "tools/line_editor.h"
#include "tools/reading.h"
#include "tools/shell.h"

namespace segue {
namespace {

struct ReplFlags {
  std::string path, mode;
  std::vector<std::string> commands;
  QueryFlags reading;
  bool json = false;
};

int RunRepl(const ReplFlags& flags) {
  Shell shell;
  if (!flags.mode.empty() || flags.json) {
    const std::optional<Shell::Mode> mode = ParseMode(flags.json ? "json" : flags.mode);
    if (!mode) {
      return Fail(Error(ErrorCode::kInvalidArgument, "--mode takes table, lines, json or csv"));
    }
    shell.SetMode(*mode);
  }
  if (const auto limits = flags.reading.limits.Read(); !limits.ok()) return Fail(limits.status());
  shell.SetReading(flags.reading);
  if (!flags.path.empty()) {
    if (absl::Status status = shell.Open(flags.path); !status.ok()) return Fail(status);
  }
  if (!flags.commands.empty()) {
    for (const std::string& command : flags.commands) {
      if (!shell.RunLine(command)) break;
    }
    return 0;
  }
  const std::unique_ptr<LineEditor> editor =
      NewLineEditor("segue> ", [&shell](std::string_view before, std::string_view word) {
        return shell.Completions(before, word);
      });
  if (editor->interactive()) {
    if (!flags.path.empty()) shell.RunLine(".open");
    Out().Write(".help shows the commands, .quit leaves\n");
  }
  std::string line;
  while (Out().ok() && editor->ReadLine(&line)) {
    if (line.find_first_not_of(" \t") != line.npos) editor->Remember(line);
    if (!shell.RunLine(line)) break;
  }
  return 0;
}

}  // namespace

void DeclareRepl(Flags* flags) {
  auto given = std::make_shared<ReplFlags>();
  flags->Positional("dir", &given->path, "the index; .open opens one later", /*required=*/false);
  flags->Value("--mode", "NAME", &given->mode, "table, lines, json or csv");
  flags->Repeated("-c,--command", "LINE", &given->commands, "run this line and leave");
  given->reading.limits.Declare(flags);
  flags->Switch("--json", &given->json, "as --mode json");
  flags->Examples(
      "  segue repl albums\n"
      "  echo 'kind of blue' | segue repl albums --mode table\n"
      "  segue repl albums -c .stats");
  flags->Run([given] { return RunRepl(*given); });
}

}  // namespace segue
