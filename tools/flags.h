// SPDX-License-Identifier: Apache-2.0
//
// The flags of a subcommand, declared in the subcommand's own file. The flag parser behind it is
// heavy to compile, so only flags.cc includes it.
#ifndef SEGUE_TOOLS_FLAGS_H_
#define SEGUE_TOOLS_FLAGS_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace CLI {
class App;
}

namespace segue {

class Flags {
 public:
  explicit Flags(CLI::App* app) : app_(app) {}

  // Names are as in "-k,--hits". Values keep what they hold if the flag is not given.
  void Positional(const char* name, std::string* value, const char* help, bool required = true);
  void Positional(const char* name, std::vector<std::string>* values, const char* help,
                  bool required = true);
  void Value(const char* names, const char* what, std::string* value, const char* help);
  void Value(const char* names, const char* what, uint64_t* value, const char* help);
  void Value(const char* names, const char* what, std::optional<uint64_t>* value, const char* help);
  // Several values, separated by commas, or the flag several times.
  void List(const char* names, const char* what, std::vector<std::string>* values,
            const char* help);
  // Several values, the flag once for each.
  void Repeated(const char* names, const char* what, std::vector<std::string>* values,
                const char* help);
  void Switch(const char* names, bool* value, const char* help);
  // Shown at the end of --help. Lines that begin with "  segue" are run by a test.
  void Examples(const char* text);
  // Runs the subcommand; returns the exit code.
  void Run(std::function<int()> run);

 private:
  CLI::App* app_;
};

// A subcommand: declares its flags and what runs.
struct Subcommand {
  const char* name;
  const char* summary;
  void (*declare)(Flags* flags);
};

// Parses the command line and runs the subcommand that it names; returns the exit code.
int ParseAndRun(int argc, char** argv, const std::vector<Subcommand>& commands);

}  // namespace segue

#endif  // SEGUE_TOOLS_FLAGS_H_
