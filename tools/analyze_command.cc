// SPDX-License-Identifier: Apache-2.0
//
// segue analyze: the tokens that an analyzer makes of text.
#include <unistd.h>

#include <memory>

#include "corpus/base_tools.h"
#include "corpus/text_source.h"
#include "segue/analysis.h"
#include "tools/commands.h"
#include "tools/console.h"
#include "tools/reading.h"
#include "tools/text_layout.h"

namespace segue {
namespace {

struct AnalyzeFlags {
  std::vector<std::string> words;
  std::string analyzer = "standard";
  std::string path, field;
  bool json = false, stages = false, definition = false, list = false;
};

absl::StatusOr<std::shared_ptr<const Analyzer>> ChooseAnalyzer(const AnalyzeFlags& flags) {
  AnalyzerRegistry registry = AnalyzerRegistry::BuiltIn();
  std::string name = flags.analyzer;
  if (!flags.path.empty()) {
    SEGUE_ASSIGN_OR_RETURN(OpenedIndex opened, OpenForReading(flags.path));
    const Schema& schema = opened.snapshot->schema();
    for (const auto& [own, definition] : schema.analyzers()) {
      SEGUE_RETURN_IF_ERROR(registry.RegisterAnalyzer(own, definition));
    }
    if (!flags.field.empty()) {
      const Field* field = schema.Find(flags.field);
      if (field == nullptr || field->options.type != FieldType::kText) {
        return Error(ErrorCode::kInvalidArgument, Cat("no text field ", Quoted(flags.field)));
      }
      name = field->options.analyzer;
    }
  } else if (!flags.field.empty()) {
    return Error(ErrorCode::kInvalidArgument, "--field needs --index DIR");
  }
  return name.starts_with("{") ? registry.Make(name) : registry.Get(name);
}

void PrintTokens(const std::vector<AnalyzedToken>& tokens) {
  using Align = TextTable::Align;
  TextTable table({Align::kRight, Align::kLeft, Align::kLeft, Align::kRight, Align::kRight});
  table.AddRow({"position", "term", "type", "begin", "end"});
  for (const AnalyzedToken& token : tokens) {
    // A token over several positions names the first and the last.
    const std::string span =
        token.position_length > 1 ? Cat("-", token.position + token.position_length - 1) : "";
    table.AddRow({Cat(token.position, span), token.term, std::string(TokenTypeName(token.type)),
                  Cat(token.start_byte), Cat(token.end_byte)});
  }
  Out().Write(table.ToText(TerminalWidth(STDOUT_FILENO)));
}

void PrintStages(const std::vector<AnalysisStage>& stages) {
  for (size_t i = 0; i < stages.size(); ++i) {
    Out().Write(Cat(i == 0 ? "" : "\n", stages[i].part, "\n"));
    if (stages[i].is_char_filter) {
      Out().Write(Cat(stages[i].text, "\n"));
    } else {
      PrintTokens(stages[i].tokens);
    }
  }
}

void WriteTokens(const std::vector<AnalyzedToken>& tokens, JsonWriter* json) {
  json->Key("tokens").BeginArray();
  for (const AnalyzedToken& token : tokens) {
    json->BeginObject();
    json->Key("term").String(token.term);
    json->Key("position").Uint(token.position);
    if (token.position_length > 1) json->Key("length").Uint(token.position_length);
    json->Key("type").String(TokenTypeName(token.type));
    json->Key("begin").Uint(token.start_byte);
    json->Key("end").Uint(token.end_byte);
    json->EndObject();
  }
  json->EndArray();
}

void PrintTokensAsJson(std::string_view text, const std::vector<AnalyzedToken>& tokens) {
  JsonWriter json;
  json.BeginObject();
  json.Key("text").String(text);
  WriteTokens(tokens, &json);
  json.EndObject();
  Out().Write(json.Take() + "\n");
}

void PrintStagesAsJson(std::string_view text, const std::vector<AnalysisStage>& stages) {
  JsonWriter json;
  json.BeginObject();
  json.Key("text").String(text);
  json.Key("stages").BeginArray();
  for (const AnalysisStage& stage : stages) {
    json.BeginObject();
    json.Key("part").String(stage.part);
    if (stage.is_char_filter) {
      json.Key("text").String(stage.text);
    } else {
      WriteTokens(stage.tokens, &json);
    }
    json.EndObject();
  }
  json.EndArray();
  json.EndObject();
  Out().Write(json.Take() + "\n");
}

absl::Status ShowStages(const Analyzer& analyzer, std::string_view text, bool as_json) {
  SEGUE_ASSIGN_OR_RETURN(const std::vector<AnalysisStage> stages, analyzer.AnalyzeStages(text));
  if (as_json) {
    PrintStagesAsJson(text, stages);
  } else {
    PrintStages(stages);
  }
  return absl::OkStatus();
}

void PrintNames(bool as_json) {
  const std::vector<std::string> names = AnalyzerRegistry::BuiltIn().AnalyzerNames();
  if (!as_json) {
    for (const std::string& name : names) Out().Write(name + "\n");
    return;
  }
  JsonWriter json;
  json.BeginObject().Key("analyzers").BeginArray();
  for (const std::string& name : names) json.String(name);
  json.EndArray().EndObject();
  Out().Write(json.Take() + "\n");
}

absl::Status Analyze(const AnalyzeFlags& flags) {
  if (flags.list) {
    PrintNames(flags.json);
    return absl::OkStatus();
  }
  SEGUE_ASSIGN_OR_RETURN(std::shared_ptr<const Analyzer> analyzer, ChooseAnalyzer(flags));
  if (flags.definition) {
    Out().Write(analyzer->Definition() + "\n");
    return absl::OkStatus();
  }
  std::string text;
  if (flags.words.empty() || flags.words == std::vector<std::string>{"-"}) {
    SEGUE_ASSIGN_OR_RETURN(std::unique_ptr<ByteStream> stream, OpenByteStream("-"));
    TextSource source("<stdin>", std::move(stream));
    SEGUE_ASSIGN_OR_RETURN(text, source.ReadAll());
  } else {
    for (const std::string& word : flags.words) text += (text.empty() ? "" : " ") + word;
  }
  if (flags.stages) return ShowStages(*analyzer, text, flags.json);
  SEGUE_ASSIGN_OR_RETURN(std::vector<AnalyzedToken> tokens, analyzer->Analyze(text));
  if (flags.json) {
    PrintTokensAsJson(text, tokens);
  } else {
    PrintTokens(tokens);
  }
  return absl::OkStatus();
}

}  // namespace

void DeclareAnalyze(Flags* flags) {
  auto given = std::make_shared<AnalyzeFlags>();
  flags->Positional("text", &given->words, "the text; - or nothing: standard input",
                    /*required=*/false);
  flags->Value("-a,--analyzer", "NAME|JSON", &given->analyzer, "which analyzer (standard)");
  flags->Value("--index", "DIR", &given->path, "know the analyzers of this index too");
  flags->Value("--field", "NAME", &given->field, "the analyzer of this field of --index");
  flags->Switch("--stages", &given->stages, "what each part of the analyzer makes of the text");
  flags->Switch("--definition", &given->definition, "print the analyzer's definition instead");
  flags->Switch("--list", &given->list, "print the names of the built-in analyzers instead");
  flags->Switch("--json", &given->json, "one JSON line");
  flags->Examples(
      "  segue analyze 'The quick brown foxes' --analyzer english\n"
      "  segue analyze 'wi-fi' --json\n"
      "  segue analyze 'The foxes' --analyzer english --stages\n"
      "  segue analyze 'Kind of Blue' --index albums --field title\n"
      "  segue analyze --list");
  flags->Run([given] {
    const absl::Status status = Analyze(*given);
    return status.ok() ? 0 : Fail(status);
  });
}

}  // namespace segue
