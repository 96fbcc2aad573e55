// SPDX-License-Identifier: Apache-2.0
//
// The shell, with lines from a pipe and with a person at a terminal.
#include <gtest/gtest.h>

#include "tests/tools/process.h"

namespace segue {
namespace {

class ReplTest : public ::testing::Test {
 protected:
  void SetUp() override { MakeAlbums(folder_); }
  Ran Pipe(std::string_view lines) { return RunSegue(folder_, {"repl", "albums"}, lines); }
  TempFolder folder_;
};

TEST_F(ReplTest, LinesFromAPipe) {
  const Ran ran = Pipe(".mode json\n.timer off\nblue -train\n.quit\nnever reached\n");
  ASSERT_EQ(ran.exit_code, 0) << ran.err;
  const JsonValue line = ParseOrDie(ran.out);  // nothing else: no prompt, no banner
  EXPECT_EQ(At(line, "total.value").int64_value(), 1);
  EXPECT_TRUE(At(line, "took_us").is_null());
}

TEST_F(ReplTest, EveryCommand) {
  const Ran ran = Pipe(
      ".help\n.open albums\n.schema\n.fields year,title\n.mode table\n.limit 1\n.count none\n"
      ".timer on\nblue\n.explain 1\n.terms title b\n.stats\n.mode csv\n.fields\nblue\n"
      ".mode lines\n.fields *\nsupreme\n");
  ASSERT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_TRUE(ran.err.empty()) << ran.err;
  for (const char* part : {".explain RANK", "albums: 4 documents", "\"key\":\"id\"", "#   score",
                           "1958", "weight(title:blue", "2  blue", "mean length",
                           "rank,score,id,title\r\n1,", "year: 1965", "1 shown in "}) {
    EXPECT_NE(ran.out.find(part), std::string::npos) << part << " is missing in\n" << ran.out;
  }
}

TEST_F(ReplTest, MistakesDoNotEndIt) {
  const Ran ran = Pipe(
      ".explain\n.mode xml\n.nonsense\n.open nowhere\n.limit -1\n.fields tilte\n"
      ".terms\n.mode json\nblue\n");
  EXPECT_EQ(ran.exit_code, 0);
  EXPECT_EQ(At(ParseOrDie(ran.out), "total.value").int64_value(), 2);
  EXPECT_EQ(std::count(ran.err.begin(), ran.err.end(), '\n'), 7) << ran.err;
}

TEST_F(ReplTest, CommandsFromTheCommandLine) {
  const Ran ran =
      RunSegue(folder_, {"repl", "albums", "--json", "-c", "blue, train", "-c", "supreme"});
  ASSERT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_EQ(std::count(ran.out.begin(), ran.out.end(), '\n'), 2) << ran.out;
  EXPECT_EQ(RunSegue(folder_, {"repl", "nowhere"}).exit_code, 1);
}

TEST_F(ReplTest, APersonAtATerminal) {
  Terminal terminal(folder_, {"repl", "albums"});
  ASSERT_TRUE(terminal.Expect("albums: 4 documents"));
  ASSERT_TRUE(terminal.Expect("segue> "));

  // Keys wait for the prompt: before it, the terminal is not yet the editor's.
  // Edit a line: type with a mistake, go to its start, repair it.
  terminal.Type(
      "lue -train\x01"
      "b\r");  // Ctrl-A, then the missing letter
  ASSERT_TRUE(terminal.Expect("Kind of Blue"));
  ASSERT_TRUE(terminal.Expect("1 of 1 document"));
  EXPECT_NE(terminal.raw().find("\033[1;33mBlue"), std::string::npos)
      << "matches are in colour on a terminal:\n"
      << terminal.raw();
  ASSERT_TRUE(terminal.Expect("segue> "));

  // Recall it from the history and go on with it.
  terminal.Type("\033[A");
  ASSERT_TRUE(terminal.Expect("blue -train"));
  terminal.Type(" love\r");
  ASSERT_TRUE(terminal.Expect("2 of 2 documents"));
  ASSERT_TRUE(terminal.Expect("segue> "));

  // Complete a command, its argument, and a field.
  terminal.Type(".sch\t\r");
  ASSERT_TRUE(terminal.Expect(".schema"));
  ASSERT_TRUE(terminal.Expect("\"key\":\"id\""));
  ASSERT_TRUE(terminal.Expect("segue> "));
  terminal.Type(".mode ta\t\r");
  ASSERT_TRUE(terminal.Expect(".mode table"));
  ASSERT_TRUE(terminal.Expect("segue> "));
  terminal.Type("ti\tsupreme\r");
  ASSERT_TRUE(terminal.Expect("title:supreme"));
  ASSERT_TRUE(terminal.Expect("A Love Supreme"));
  ASSERT_TRUE(terminal.Expect("segue> "));

  // Several choices are listed.
  terminal.Type(".t\t");
  ASSERT_TRUE(terminal.Expect(".terms"));
  ASSERT_TRUE(terminal.Expect(".timer"));
  ASSERT_TRUE(terminal.Expect("segue> "));

  // Ctrl-C empties the line and does not end the shell.
  terminal.Type("\x03");
  ASSERT_TRUE(terminal.Expect("^C"));
  ASSERT_TRUE(terminal.Expect("segue> "));
  terminal.Type("青い\r");
  ASSERT_TRUE(terminal.Expect("Blå tåg"));
  ASSERT_TRUE(terminal.Expect("segue> "));

  // A narrower window, in the middle of a line.
  terminal.Type("blue ");
  ASSERT_TRUE(terminal.Expect("blue "));
  terminal.Resize(40);
  terminal.Type("train\r");
  ASSERT_TRUE(terminal.Expect("2 of 2 documents"));
  ASSERT_TRUE(terminal.Expect("segue> "));

  // Ctrl-D ends it, whatever a Ctrl-D left behind that came while a search ran: a NUL.
  terminal.Type(std::string_view("\0", 1));
  terminal.Type("\x04");
  EXPECT_EQ(terminal.Wait(), 0);

  // The next one remembers.
  Terminal again(folder_, {"repl", "albums"}, {"NO_COLOR=1"});
  ASSERT_TRUE(again.Expect("segue> "));
  again.Type("\033[A");
  ASSERT_TRUE(again.Expect("blue train"));
  again.Type("\r");
  ASSERT_TRUE(again.Expect("2 of 2 documents"));
  again.Type(".quit\r");
  EXPECT_EQ(again.Wait(), 0);
  EXPECT_EQ(again.raw().find("\033[1;33m"), std::string::npos) << "NO_COLOR is honoured";
}

TEST_F(ReplTest, ProgressOnATerminal) {
  ASSERT_EQ(RunShell(folder_, "segue-corpus generate -n 4000 > in.jsonl").exit_code, 0);
  Terminal terminal(folder_, {"index", "big", "in.jsonl"});
  ASSERT_TRUE(terminal.Expect("MB/s"));
  ASSERT_TRUE(terminal.Expect("indexed 4,000 documents"));
  EXPECT_EQ(terminal.Wait(), 0);
}

}  // namespace
}  // namespace segue
