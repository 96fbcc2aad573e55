// SPDX-License-Identifier: Apache-2.0
#include "tools/shell.h"

#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <utility>

#include "corpus/base_tools.h"
#include "tools/console.h"
#include "tools/text_layout.h"

namespace segue {
namespace {

constexpr std::pair<std::string_view, Shell::Mode> kModes[] = {{"csv", Shell::Mode::kCsv},
                                                               {"json", Shell::Mode::kJson},
                                                               {"lines", Shell::Mode::kLines},
                                                               {"table", Shell::Mode::kTable}};
constexpr size_t kTermsShown = 20;

std::string_view Trim(std::string_view text) {
  const size_t begin = text.find_first_not_of(" \t\r\n");
  if (begin == text.npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t\r\n") - begin + 1);
}

absl::Status Mistake(std::string message) {
  return Error(ErrorCode::kInvalidArgument, std::move(message));
}

bool ParseNumber(std::string_view text, uint64_t* number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), *number);
  return !text.empty() && error == std::errc() && end == text.data() + text.size();
}

}  // namespace

std::optional<Shell::Mode> ParseMode(std::string_view name) {
  for (const auto& [known, mode] : kModes) {
    if (known == name) return mode;
  }
  return std::nullopt;
}

const std::vector<Shell::Command>& Shell::Commands() {
  static const auto* commands = new std::vector<Command>{
      {".count", "exact|none|N", "how far matches are counted", &Shell::OnCount},
      {".explain", "RANK", "why a hit of the last search has its score", &Shell::OnExplain},
      {".fields", "[NAME,…|*]", "which stored fields are shown; none: title and snippet",
       &Shell::OnFields},
      {".help", "", "this list", &Shell::OnHelp},
      {".limit", "N", "how many hits are shown", &Shell::OnLimit},
      {".mode", "table|lines|json|csv", "how hits are shown", &Shell::OnMode},
      {".open", "DIR", "open another index, or the newest state of this one", &Shell::OnOpen},
      {".quit", "", "leave", &Shell::OnQuit},
      {".schema", "", "the schema of the index", &Shell::OnSchema},
      {".stats", "", "segments, fields and their statistics", &Shell::OnStats},
      {".terms", "FIELD [PREFIX]", "terms of a field with their document frequencies",
       &Shell::OnTerms},
      {".timer", "on|off", "whether times are shown", &Shell::OnTimer},
  };
  return *commands;
}

bool Shell::RunLine(std::string_view line) {
  line = Trim(line);
  if (line.empty()) return true;
  const absl::Status status = line[0] == '.' ? RunCommand(line) : Search(line);
  if (!status.ok()) Fail(status);
  Out().Flush();
  return !quit_;
}

absl::Status Shell::Open(const std::string& path) {
  SEGUE_ASSIGN_OR_RETURN(OpenedIndex opened, OpenForReading(path));
  opened_ = std::move(opened);
  last_.reset();
  print_.fields.clear();
  return absl::OkStatus();
}

absl::Status Shell::NeedIndex() const {
  if (opened_) return absl::OkStatus();
  return Mistake("no index is open; .open DIR opens one");
}

absl::Status Shell::RunCommand(std::string_view line) {
  const size_t end = std::min(line.find_first_of(" \t"), line.size());
  const std::string_view name = line.substr(0, end);
  // An unambiguous beginning will do.
  const Command* found = nullptr;
  size_t candidates = 0;
  std::vector<std::string_view> names;
  for (const Command& command : Commands()) {
    names.push_back(command.name);
    if (command.name == name) {
      found = &command;
      candidates = 1;
      break;
    }
    if (name.size() > 1 && command.name.starts_with(name)) {
      found = &command;
      ++candidates;
    }
  }
  if (candidates == 1) return (this->*found->run)(Trim(line.substr(end)));
  return Mistake(Cat("no command ", Quoted(name), "; did you mean ", NearestName(name, names),
                     "? .help lists them"));
}

absl::Status Shell::Search(std::string_view text) {
  SEGUE_RETURN_IF_ERROR(NeedIndex());
  const Snapshot& snapshot = *opened_->snapshot;
  SEGUE_ASSIGN_OR_RETURN(ReadQuery read, QueryFromText(text, reading_, snapshot.schema()));
  SearchOptions options;
  SEGUE_ASSIGN_OR_RETURN(options.limits, reading_.limits.Read());
  options.k = limit_;
  options.count = count_;
  options.count_at_least = count_at_least_;
  SEGUE_ASSIGN_OR_RETURN(Answer answer, Ask(snapshot, text, std::move(read.query),
                                            std::move(read.diagnostics), options));
  SEGUE_RETURN_IF_ERROR(AddSuggestions(snapshot, options, &answer));
  last_ = std::move(answer);
  if (mode_ != Mode::kJson) PrintDiagnostics(*last_);
  switch (mode_) {
    case Mode::kTable:
      return PrintTable(snapshot, *last_, print_);
    case Mode::kLines:
      return PrintHits(snapshot, *last_, print_);
    case Mode::kJson:
      return PrintJsonLine(snapshot, *last_, print_);
    case Mode::kCsv:
      return PrintCsv(snapshot, *last_, print_);
  }
  return absl::OkStatus();
}

absl::Status Shell::OnHelp(std::string_view) {
  Out().Write("Type a query, such as: +title:blue \"kind of\" -train\n");
  using Align = TextTable::Align;
  TextTable table({Align::kLeft, Align::kLeft});
  for (const Command& command : Commands()) {
    std::string usage(command.name);
    if (!command.arguments.empty()) usage += Cat(" ", command.arguments);
    table.AddRow({usage, std::string(command.help)});
  }
  Out().Write(table.ToText(TerminalWidth(STDOUT_FILENO)));
  return absl::OkStatus();
}

absl::Status Shell::OnOpen(std::string_view argument) {
  if (argument.empty() && !opened_) return Mistake(".open takes the folder of an index");
  SEGUE_RETURN_IF_ERROR(Open(argument.empty() ? opened_->path : std::string(argument)));
  Out().Write(
      Cat(opened_->path, ": ", Grouped(opened_->snapshot->live_doc_count()), " documents\n"));
  return absl::OkStatus();
}

absl::Status Shell::OnSchema(std::string_view) {
  SEGUE_RETURN_IF_ERROR(NeedIndex());
  Out().Write(opened_->snapshot->schema().ToJson() + "\n");
  return absl::OkStatus();
}

absl::Status Shell::OnFields(std::string_view argument) {
  SEGUE_RETURN_IF_ERROR(NeedIndex());
  std::vector<std::string> fields;
  while (!argument.empty()) {
    const size_t end = std::min(argument.find_first_of(", \t"), argument.size());
    if (end > 0) fields.emplace_back(argument.substr(0, end));
    argument.remove_prefix(std::min(end + 1, argument.size()));
  }
  SEGUE_RETURN_IF_ERROR(CheckFields(opened_->snapshot->schema(), fields));
  print_.fields = std::move(fields);
  return absl::OkStatus();
}

absl::Status Shell::OnMode(std::string_view argument) {
  const std::optional<Mode> mode = ParseMode(argument);
  if (!mode) return Mistake(".mode takes table, lines, json or csv");
  mode_ = *mode;
  return absl::OkStatus();
}

absl::Status Shell::OnLimit(std::string_view argument) {
  uint64_t number = 0;
  if (!ParseNumber(argument, &number) || number > 10'000) {
    return Mistake(".limit takes a number up to 10,000");
  }
  limit_ = static_cast<uint32_t>(number);
  return absl::OkStatus();
}

absl::Status Shell::OnCount(std::string_view argument) {
  SEGUE_ASSIGN_OR_RETURN(auto count, ParseCount(argument));
  count_ = count.first;
  count_at_least_ = count.second;
  return absl::OkStatus();
}

absl::Status Shell::OnTimer(std::string_view argument) {
  if (argument != "on" && argument != "off") return Mistake(".timer takes on or off");
  print_.timing = argument == "on";
  return absl::OkStatus();
}

absl::Status Shell::OnExplain(std::string_view argument) {
  SEGUE_RETURN_IF_ERROR(NeedIndex());
  if (!last_) return Mistake("nothing was searched yet");
  uint64_t rank = 1;
  if (!argument.empty() && !ParseNumber(argument, &rank)) return Mistake(".explain takes a rank");
  if (rank == 0 || rank > last_->result.hits.size()) {
    return Mistake(Cat("the last search showed ", last_->result.hits.size(), " hits"));
  }
  SEGUE_ASSIGN_OR_RETURN(
      Explanation explanation,
      opened_->snapshot->Explain(last_->query, last_->result.hits[rank - 1].doc));
  Out().Write(mode_ == Mode::kJson ? explanation.ToJson() + "\n" : explanation.ToText());
  return absl::OkStatus();
}

absl::Status Shell::OnTerms(std::string_view argument) {
  SEGUE_RETURN_IF_ERROR(NeedIndex());
  const size_t end = std::min(argument.find_first_of(" \t:"), argument.size());
  const std::string_view field = argument.substr(0, end);
  const std::string_view prefix = Trim(argument.substr(std::min(end + 1, argument.size())));
  if (field.empty()) return Mistake(".terms takes a field and, if you like, how its terms begin");
  SEGUE_ASSIGN_OR_RETURN(auto terms, opened_->snapshot->Terms(field, prefix, kTermsShown + 1));
  using Align = TextTable::Align;
  TextTable table({Align::kRight, Align::kLeft});
  for (size_t i = 0; i < std::min(terms.size(), kTermsShown); ++i) {
    table.AddRow({Grouped(terms[i].second), terms[i].first});
  }
  if (terms.size() > kTermsShown) table.AddRow({"", "…"});
  Out().Write(terms.empty() ? "no terms\n" : table.ToText(TerminalWidth(STDOUT_FILENO)));
  return absl::OkStatus();
}

absl::Status Shell::OnStats(std::string_view) {
  SEGUE_RETURN_IF_ERROR(NeedIndex());
  const Snapshot& snapshot = *opened_->snapshot;
  uint64_t bytes = 0;
  for (const SegmentInfo& segment : snapshot.segments()) bytes += segment.bytes;
  Out().Write(Cat(opened_->path, ": generation ", snapshot.generation(), ", ",
                  Grouped(snapshot.live_doc_count()), " documents (",
                  Grouped(snapshot.doc_count() - snapshot.live_doc_count()), " deleted), ",
                  snapshot.segments().size(), " segments, ", Megabytes(bytes), "\n"));
  using Align = TextTable::Align;
  TextTable table({Align::kLeft, Align::kLeft, Align::kRight, Align::kRight, Align::kRight});
  table.AddRow({"field", "type", "documents", "tokens", "mean length"});
  for (const Field& field : snapshot.schema().fields()) {
    const bool has_terms = field.options.indexed && (field.options.type == FieldType::kText ||
                                                     field.options.type == FieldType::kKeyword);
    std::vector<std::string> row = {field.name, std::string(FieldTypeName(field.options.type))};
    if (has_terms) {
      SEGUE_ASSIGN_OR_RETURN(FieldStatistics stats, snapshot.FieldStats(field.name));
      const uint64_t documents = std::max<uint64_t>(stats.doc_count, 1);
      row.insert(row.end(), {Grouped(stats.doc_count), Grouped(stats.sum_total_freq),
                             Grouped((stats.sum_total_freq + documents / 2) / documents)});
    } else {
      row.resize(5);
    }
    table.AddRow(std::move(row));
  }
  Out().Write(table.ToText(TerminalWidth(STDOUT_FILENO)));
  return absl::OkStatus();
}

absl::Status Shell::OnQuit(std::string_view) {
  quit_ = true;
  return absl::OkStatus();
}

std::vector<std::string> Shell::Completions(std::string_view line_before,
                                            std::string_view word) const {
  std::vector<std::string> choices;
  const auto offer = [&](std::string choice) {
    if (std::string_view(choice).starts_with(word)) choices.push_back(std::move(choice));
  };
  const std::string_view command = Trim(line_before);
  if (command.empty() && word.starts_with(".")) {
    for (const Command& known : Commands()) {
      offer(Cat(known.name, known.arguments.empty() ? "" : " "));
    }
    return choices;
  }
  if (command == ".mode") {
    for (const auto& [name, mode] : kModes) offer(std::string(name));
  } else if (command == ".timer") {
    offer("on");
    offer("off");
  } else if (command == ".count") {
    offer("exact");
    offer("none");
  } else if (opened_) {
    const bool bare = command.starts_with(".fields") || command.starts_with(".terms");
    if (command.starts_with(".") && !bare) return choices;
    for (const Field& field : opened_->snapshot->schema().fields()) {
      offer(bare ? field.name : field.name + ":");
    }
  }
  return choices;
}

}  // namespace segue
