// SPDX-License-Identifier: Apache-2.0
#include "tools/flags.h"

#include <CLI/CLI.hpp>
#include <cstring>
#include <map>
#include <memory>
#include <utility>

#include "corpus/base_tools.h"
#include "tools/console.h"

namespace segue {
namespace {

constexpr char kVersion[] = "segue " SEGUE_VERSION;
constexpr char kIntroduction[] =
    "segue: full-text search over an index directory.\n"
    "Exit codes: 0 done, 1 your mistake, 2 damaged data, 3 a limit or memory, 4 input/output,\n"
    "5 another version of the format.";
constexpr char kTopExamples[] =
    "Examples:\n"
    "  segue index songs songs.jsonl\n"
    "  segue search songs 'kind of blue'\n"
    "  segue repl songs\n"
    "segue COMMAND --help has more of them.";

// What a subcommand runs, by its app.
std::map<const CLI::App*, std::function<int()>>& Runs() {
  static auto* runs = new std::map<const CLI::App*, std::function<int()>>;
  return *runs;
}

int ReportMistake(const CLI::App& app, const CLI::ParseError& error, int argc, char** argv) {
  std::string command = "segue";
  for (const CLI::App* chosen : app.get_subcommands()) command += " " + chosen->get_name();
  std::string hint = command + " --help shows the flags and examples";
  for (int i = 1; i < argc; ++i) {
    if (argv[i][0] == '-' && std::strchr(argv[i], ' ') != nullptr) {
      hint += "; -- before a query keeps its first - from being a flag";
      break;
    }
  }
  return Fail(Error(ErrorCode::kInvalidArgument, error.what()), hint);
}

}  // namespace

void Flags::Positional(const char* name, std::string* value, const char* help, bool required) {
  app_->add_option(name, *value, help)->required(required)->type_name("");
}

void Flags::Positional(const char* name, std::vector<std::string>* values, const char* help,
                       bool required) {
  app_->add_option(name, *values, help)->required(required)->type_name("");
}

void Flags::Value(const char* names, const char* what, std::string* value, const char* help) {
  app_->add_option(names, *value, help)->type_name(what);
}

void Flags::Value(const char* names, const char* what, uint64_t* value, const char* help) {
  app_->add_option(names, *value, help)->type_name(what);
}

void Flags::Value(const char* names, const char* what, std::optional<uint64_t>* value,
                  const char* help) {
  app_->add_option(names, *value, help)->type_name(what);
}

void Flags::List(const char* names, const char* what, std::vector<std::string>* values,
                 const char* help) {
  app_->add_option(names, *values, help)->type_name(what)->delimiter(',')->expected(1)->take_all();
}

void Flags::Repeated(const char* names, const char* what, std::vector<std::string>* values,
                     const char* help) {
  app_->add_option(names, *values, help)->type_name(what)->expected(1)->take_all();
}

void Flags::Switch(const char* names, bool* value, const char* help) {
  app_->add_flag(names, *value, help);
}

void Flags::Examples(const char* text) { app_->footer(std::string("Examples:\n") + text); }

void Flags::Run(std::function<int()> run) { Runs()[app_] = std::move(run); }

int ParseAndRun(int argc, char** argv, const std::vector<Subcommand>& commands) {
  CLI::App app(kIntroduction, "segue");
  app.require_subcommand(1);
  app.set_version_flag("--version", kVersion);
  app.footer(kTopExamples);
  for (const Subcommand& command : commands) {
    CLI::App* subcommand = app.add_subcommand(command.name, command.summary);
    Flags flags(subcommand);
    command.declare(&flags);
  }
  for (int i = 1; i < argc; ++i) {
    if (std::strcmp(argv[i], "--") == 0) break;
    if (std::strcmp(argv[i], "--json") == 0) ReportErrorsAsJson();
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    // The innermost command that was named explains itself.
    const auto chosen = app.get_subcommands();
    Out().Write((chosen.empty() ? &app : chosen.front())->help());
    return FinishOutput(0);
  } catch (const CLI::CallForAllHelp&) {
    Out().Write(app.help("", CLI::AppFormatMode::All));
    return FinishOutput(0);
  } catch (const CLI::CallForVersion&) {
    Out().Write(std::string(kVersion) + "\n");
    return FinishOutput(0);
  } catch (const CLI::ParseError& error) {
    return ReportMistake(app, error, argc, argv);
  }
  for (const CLI::App* chosen : app.get_subcommands()) {
    const auto run = Runs().find(chosen);
    if (run != Runs().end()) return FinishOutput(run->second());
  }
  return Fail(Error(ErrorCode::kInternal, "a command without an action"));
}

}  // namespace segue
