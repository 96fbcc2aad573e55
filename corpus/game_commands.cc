// SPDX-License-Identifier: Apache-2.0
#include "corpus/game_commands.h"

#include <CLI/CLI.hpp>
#include <map>
#include <string>
#include <vector>

#include "corpus/game_corpus.h"
#include "corpus/game_given.h"
#include "corpus/game_imitation.h"
#include "corpus/game_line.h"
#include "corpus/game_model.h"
#include "corpus/game_pattern_queries.h"
#include "corpus/game_queries.h"
#include "engine/base/status.h"
#include "engine/base/strings.h"

namespace segue {
namespace {

constexpr char kGameHelp[] =
    "Examples:\n"
    "  segue-corpus game wiki.jsonl.xz --unit article > articles.jsonl\n"
    "  segue-corpus game a.jsonl b.jsonl --unit sentence --shuffle 1 > sentences.jsonl\n";
constexpr char kImitateHelp[] =
    "Example:\n"
    "  segue-corpus imitate passages.jsonl --documents 10000000 > imitation.jsonl\n";
constexpr char kQueriesHelp[] =
    "Examples:\n"
    "  segue-corpus queries articles.jsonl --count 1000 --seed 7 > generated.jsonl\n"
    "  segue-corpus queries articles.jsonl --patterns > patterns.jsonl\n"
    "  segue-corpus queries --from given.jsonl > converted.jsonl\n";

void Say(std::string_view text) {
  std::fprintf(stderr, "segue-corpus: %.*s\n", static_cast<int>(text.size()), text.data());
}

void Warn(const absl::Status& status) { Say(Cat("passed over: ", MessageOf(status))); }

absl::Status WriteCorpus(const std::vector<std::string>& inputs, const GameCorpusOptions& options,
                         std::FILE* out) {
  SEGUE_ASSIGN_OR_RETURN(const GameCorpusCounts counts,
                         WriteGameCorpus(inputs, options, out, Warn));
  Say(Cat(counts.documents, " documents, ", counts.words, " words; ", counts.empty,
          " without a word left out, ", counts.bad_records, " bad records passed over"));
  return absl::OkStatus();
}

absl::Status Imitate(const std::vector<std::string>& inputs, uint64_t documents, uint64_t seed,
                     bool with_numbers, std::FILE* out) {
  SEGUE_ASSIGN_OR_RETURN(const GameModel model, GameModel::Read(inputs));
  return WriteImitation(Imitation(model, seed), model, documents, with_numbers, out);
}

absl::Status WriteQueries(const std::vector<GameQuery>& queries, std::FILE* out) {
  std::map<std::string, size_t> classes;
  for (const GameQuery& query : queries) {
    ++classes[query.tags.front()];
    SEGUE_RETURN_IF_ERROR(WriteTo(out, Cat(QueryLine(query), "\n")));
  }
  std::string summary = Cat(queries.size(), " queries:");
  for (const auto& [name, count] : classes) CatTo(&summary, " ", name, " ", count);
  Say(summary);
  return absl::OkStatus();
}

absl::Status Convert(const std::vector<std::string>& given, const std::vector<std::string>& corpus,
                     std::FILE* out) {
  SEGUE_ASSIGN_OR_RETURN(GivenQueries read, ReadGivenQueries(given, Warn));
  if (!corpus.empty()) {
    SEGUE_ASSIGN_OR_RETURN(const GameModel model, GameModel::Read(corpus));
    for (GameQuery& query : read.queries) AddBandsTag(model, &query);
  }
  SEGUE_RETURN_IF_ERROR(WriteQueries(read.queries, out));
  Say(Cat(read.dropped, " dropped"));
  return absl::OkStatus();
}

absl::Status Draw(const std::vector<std::string>& corpus, const GameQueryOptions& options,
                  bool patterns, std::FILE* out) {
  if (corpus.empty()) {
    return Error(ErrorCode::kInvalidArgument,
                 "queries wants a corpus to draw from, or --from with queries to convert");
  }
  SEGUE_ASSIGN_OR_RETURN(const GameModel model, GameModel::Read(corpus));
  const std::vector<GameQuery> queries =
      patterns ? DrawPatternQueries(model, options) : DrawGameQueries(model, options);
  SEGUE_RETURN_IF_ERROR(WriteQueries(queries, out));
  if (queries.size() < options.count) {
    Say(Cat("the corpus is too small for ", options.count, " different queries"));
  }
  return absl::OkStatus();
}

}  // namespace

struct GameCommands::Flags {
  std::vector<std::string> inputs;
  GameCorpusOptions corpus;
  uint64_t documents = 0;
  uint64_t seed = 1;
  GameQueryOptions queries;
  bool patterns = false;
  std::vector<std::string> given;
};

GameCommands::GameCommands(CLI::App* app) : flags_(std::make_unique<Flags>()) {
  AddGame(app);
  AddImitate(app);
  AddQueries(app);
}

GameCommands::~GameCommands() = default;

void GameCommands::AddGame(CLI::App* app) {
  static const std::map<std::string, GameUnit> kUnits = {{"article", GameUnit::kArticle},
                                                         {"passage", GameUnit::kPassage},
                                                         {"sentence", GameUnit::kSentence}};
  Flags* const flags = flags_.get();
  CLI::App* const game =
      app->add_subcommand("game", "articles made into a corpus that every engine reads alike");
  game->footer(kGameHelp);
  game->add_option("files", flags->inputs, "articles in any format that segue index reads")
      ->required();
  game->add_option("--unit", flags->corpus.unit, "what a document is: article, passage, sentence")
      ->transform(CLI::CheckedTransformer(kUnits).description(""))
      ->required();
  game->add_option("--shuffle", flags->corpus.shuffle_seed,
                   "an order drawn from this seed; all text is kept in memory");
  game->add_option("--limit", flags->corpus.limit,
                   "write only the first documents (of the shuffle)");
  game->add_flag("--numbers", flags->corpus.with_numbers,
                 "each document has a number, for queries of ranges");
  game->add_option("--min-characters", flags->corpus.passages.min_characters,
                   "passages: drop shorter paragraphs")
      ->capture_default_str();
  game->add_option("--max-words", flags->corpus.passages.max_words,
                   "passages: cut longer paragraphs")
      ->capture_default_str();
  commands_.push_back(
      {game, [flags](std::FILE* out) { return WriteCorpus(flags->inputs, flags->corpus, out); }});
}

void GameCommands::AddImitate(CLI::App* app) {
  Flags* const flags = flags_.get();
  CLI::App* const imitate =
      app->add_subcommand("imitate", "a corpus of any size that reads like a given one");
  imitate->footer(kImitateHelp);
  imitate->add_option("files", flags->inputs, "the model: what segue-corpus game made")->required();
  imitate->add_option("-n,--documents", flags->documents, "how many documents")->required();
  imitate->add_option("--seed", flags->seed, "the same seed gives the same documents")
      ->capture_default_str();
  imitate->add_flag("--numbers", flags->corpus.with_numbers, "as for game");
  commands_.push_back({imitate, [flags](std::FILE* out) {
                         return Imitate(flags->inputs, flags->documents, flags->seed,
                                        flags->corpus.with_numbers, out);
                       }});
}

void GameCommands::AddQueries(CLI::App* app) {
  Flags* const flags = flags_.get();
  CLI::App* const queries =
      app->add_subcommand("queries", "queries of all classes, drawn from a corpus or converted");
  queries->footer(kQueriesHelp);
  queries->add_option("corpus", flags->inputs,
                      "what segue-corpus game made; with --from it only adds the bands of words");
  queries->add_option("--count", flags->queries.count, "how many queries")->capture_default_str();
  queries->add_option("--seed", flags->queries.seed, "the same seed gives the same queries")
      ->capture_default_str();
  CLI::Option* const from =
      queries->add_option("--from", flags->given, "convert the queries of these files instead");
  queries
      ->add_flag("--patterns", flags->patterns,
                 "draw prefixes, misspelt words, regular expressions and ranges instead")
      ->excludes(from);
  commands_.push_back({queries, [flags](std::FILE* out) {
                         return flags->given.empty()
                                    ? Draw(flags->inputs, flags->queries, flags->patterns, out)
                                    : Convert(flags->given, flags->inputs, out);
                       }});
}

std::optional<absl::Status> GameCommands::Run(std::FILE* out) {
  for (const Command& command : commands_) {
    if (command.app->parsed()) return command.run(out);
  }
  return std::nullopt;
}

}  // namespace segue
