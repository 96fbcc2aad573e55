// SPDX-License-Identifier: Apache-2.0
//
// The subcommands of segue-corpus that make what engines are compared on: game, imitate, queries.
#ifndef SEGUE_CORPUS_GAME_COMMANDS_H_
#define SEGUE_CORPUS_GAME_COMMANDS_H_

#include <cstdio>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "absl/status/status.h"

namespace CLI {
class App;
}

namespace segue {

class GameCommands {
 public:
  // Adds the subcommands to `app`, which must outlive this.
  explicit GameCommands(CLI::App* app);
  ~GameCommands();

  // Runs the one that the command line named: results to `out`, a summary and what was passed
  // over to standard error. Empty if it named none of them.
  std::optional<absl::Status> Run(std::FILE* out);

 private:
  struct Flags;
  struct Command {
    CLI::App* app;
    std::function<absl::Status(std::FILE*)> run;
  };
  void AddGame(CLI::App* app);
  void AddImitate(CLI::App* app);
  void AddQueries(CLI::App* app);

  std::unique_ptr<Flags> flags_;
  std::vector<Command> commands_;
};

}  // namespace segue

#endif  // SEGUE_CORPUS_GAME_COMMANDS_H_
