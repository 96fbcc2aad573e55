// SPDX-License-Identifier: Apache-2.0
#include <signal.h>
#include <unistd.h>

#include <clocale>

#include "tools/commands.h"

namespace {

// The library maps index files. If one is cut short under our feet the system sends SIGBUS; all
// that can be done is to say so.
void OnLostMapping(int) {
  constexpr char kMessage[] =
      "segue: error: an index file was truncated or its disk failed while it was being read\n"
      "hint: segue verify DIR\n";
  [[maybe_unused]] const ssize_t ignored = ::write(STDERR_FILENO, kMessage, sizeof kMessage - 1);
  ::_exit(2);
}

}  // namespace

int main(int argc, char** argv) {
  std::setlocale(LC_CTYPE, "");
  ::signal(SIGPIPE, SIG_IGN);  // a failing write says the same, and can be answered
  ::signal(SIGBUS, OnLostMapping);
  return segue::ParseAndRun(
      argc, argv,
      {{"index", "make an index of files, or add to one", segue::DeclareIndex},
       {"search", "search an index", segue::DeclareSearch},
       {"repl", "a shell for searching", segue::DeclareRepl},
       {"explain", "why a document has its score", segue::DeclareExplain},
       {"inspect", "segments, space, statistics, posting lists", segue::DeclareInspect},
       {"set", "change values of documents without indexing them again", segue::DeclareSet},
       {"delete", "delete documents by query or key", segue::DeclareDelete},
       {"join", "add the documents of other indexes", segue::DeclareJoin},
       {"merge", "make few segments of many, or put documents in order", segue::DeclareMerge},
       {"verify", "derive everything in an index again and compare", segue::DeclareVerify},
       {"repair", "say which segments are damaged, and drop them when told to",
        segue::DeclareRepair},
       {"backup", "copy an index, verified, while it may be written", segue::DeclareBackup},
       {"export", "the stored documents as JSON lines", segue::DeclareExport},
       {"analyze", "the tokens that an analyzer makes of text", segue::DeclareAnalyze}});
}
