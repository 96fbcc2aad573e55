// SPDX-License-Identifier: Apache-2.0
#include "tools/line_editor.h"

#include <gtest/gtest.h>

#include "tools/shell.h"

namespace segue {
namespace {

TEST(LineEditor, CompletesTheWordBeforeTheCursor) {
  const Completer completer = [](std::string_view before, std::string_view word) {
    std::vector<std::string> choices;
    for (const char* choice : {"title:", "tile:", "year:"}) {
      if (std::string_view(choice).starts_with(word)) choices.push_back(choice);
    }
    if (before == ".mode ") choices = {"table"};
    return choices;
  };
  Completion completion = Complete(completer, "+blue -(ti");
  EXPECT_EQ(completion.replace_from, 8u);
  EXPECT_EQ(completion.choices, (std::vector<std::string>{"tile:", "title:"}));
  EXPECT_EQ(completion.common, "ti");
  completion = Complete(completer, "tit");
  EXPECT_EQ(completion.common, "title:");
  EXPECT_EQ(Complete(completer, ".mode t").common, "table");
  EXPECT_TRUE(Complete(completer, "zzz").choices.empty());
}

TEST(Shell, CompletesCommandsAndArguments) {
  const Shell shell;
  EXPECT_EQ(shell.Completions("", ".ti"), std::vector<std::string>{".timer "});
  EXPECT_EQ(shell.Completions(".mode ", "t"), std::vector<std::string>{"table"});
  EXPECT_EQ(shell.Completions(".timer ", "o"), (std::vector<std::string>{"on", "off"}));
  EXPECT_TRUE(shell.Completions("", "ti").empty());  // no index, no fields
  EXPECT_GE(shell.Completions("", ".").size(), 11u);
}

}  // namespace
}  // namespace segue
