// SPDX-License-Identifier: Apache-2.0
//
// segue search: one query, a file of queries, or a TREC run.
#include <memory>
#include <optional>
#include <utility>

#include "corpus/base_tools.h"
#include "corpus/text_source.h"
#include "segue/query_parser.h"
#include "tools/commands.h"
#include "tools/console.h"
#include "tools/reading.h"
#include "tools/results.h"

namespace segue {
namespace {

// As many as trec_eval looks at by default.
constexpr uint64_t kTrecHits = 1000;

struct SearchFlags {
  std::string path, query;
  std::optional<uint64_t> hits;
  std::string count = "exact";
  std::string queries, trec_tag, explain, like;
  std::vector<std::string> fields;
  QueryFlags reading;
  bool json = false;
  bool has_query = false;
  bool instant = false;
};

absl::StatusOr<SearchOptions> OptionsOf(const SearchFlags& flags, uint64_t default_hits) {
  SearchOptions options;
  options.k =
      static_cast<uint32_t>(std::min<uint64_t>(flags.hits.value_or(default_hits), UINT32_MAX));
  SEGUE_ASSIGN_OR_RETURN(auto count, ParseCount(flags.count));
  options.count = count.first;
  options.count_at_least = count.second;
  SEGUE_ASSIGN_OR_RETURN(options.limits, flags.reading.limits.Read());
  return options;
}

// What was typed, or a query for documents like one.
absl::StatusOr<ReadQuery> QueryOf(const Snapshot& snapshot, const SearchFlags& flags) {
  if (flags.like.empty()) return QueryFromText(flags.query, flags.reading, snapshot.schema());
  const bool has_keys = !snapshot.schema().key().empty();
  SEGUE_ASSIGN_OR_RETURN(const uint64_t doc, FindDocument(snapshot, flags.like, has_keys));
  SEGUE_ASSIGN_OR_RETURN(Query like, snapshot.LikeDocument(doc));
  return ReadQuery{.query = std::move(like), .diagnostics = {}};
}

absl::Status ExplainOne(const Snapshot& snapshot, const SearchFlags& flags) {
  SEGUE_ASSIGN_OR_RETURN(ReadQuery read, QueryOf(snapshot, flags));
  SEGUE_ASSIGN_OR_RETURN(uint64_t doc, FindDocument(snapshot, flags.explain, /*is_key=*/false));
  SearchOptions options;
  SEGUE_ASSIGN_OR_RETURN(options.limits, flags.reading.limits.Read());
  SEGUE_ASSIGN_OR_RETURN(Explanation explanation, snapshot.Explain(read.query, doc, options));
  Out().Write(flags.json ? explanation.ToJson() + "\n" : explanation.ToText());
  return absl::OkStatus();
}

// Of the queries for what is being typed the first one that has hits.
absl::StatusOr<Answer> AskInstant(const Snapshot& snapshot, const SearchFlags& flags,
                                  const SearchOptions& options) {
  Answer answer;
  const ParseOptions reading{.schema = &snapshot.schema(), .limits = options.limits};
  for (const Query& query : ParseInstant(flags.query, reading)) {
    SEGUE_ASSIGN_OR_RETURN(answer, Ask(snapshot, flags.query, query, {}, options));
    if (!answer.result.hits.empty()) break;
  }
  return answer;
}

absl::Status SearchOne(const Snapshot& snapshot, const SearchFlags& flags) {
  SEGUE_ASSIGN_OR_RETURN(SearchOptions options, OptionsOf(flags, 10));
  Answer answer;
  if (flags.instant) {
    SEGUE_ASSIGN_OR_RETURN(answer, AskInstant(snapshot, flags, options));
  } else {
    SEGUE_ASSIGN_OR_RETURN(ReadQuery read, QueryOf(snapshot, flags));
    SEGUE_ASSIGN_OR_RETURN(
        answer, Ask(snapshot, flags.like.empty() ? flags.query : flags.like, std::move(read.query),
                    std::move(read.diagnostics), options));
    // Not of what is still being typed: half a word is in no document.
    SEGUE_RETURN_IF_ERROR(AddSuggestions(snapshot, options, &answer));
  }
  PrintOptions print;
  print.fields = flags.fields;
  if (flags.json) return PrintJsonLine(snapshot, answer, print);
  PrintDiagnostics(answer);
  return PrintHits(snapshot, answer, print);
}

absl::Status RunQueryLine(const Snapshot& snapshot, const SearchFlags& flags,
                          const SearchOptions& options, std::string_view line) {
  const bool trec = !flags.trec_tag.empty();
  std::string_view number, text = line;
  QueryFlags reading = flags.reading;
  if (trec) {
    const size_t tab = line.find('\t');
    if (tab == line.npos || tab == 0) {
      return Error(ErrorCode::kInvalidArgument, "not a number, a tab and a query");
    }
    number = line.substr(0, tab);
    text = line.substr(tab + 1);
    reading.text = true;
  }
  SEGUE_ASSIGN_OR_RETURN(ReadQuery read, QueryFromText(text, reading, snapshot.schema()));
  SEGUE_ASSIGN_OR_RETURN(Answer answer, Ask(snapshot, text, std::move(read.query),
                                            std::move(read.diagnostics), options));
  if (trec) return PrintTrecRun(snapshot, number, answer, flags.trec_tag);
  SEGUE_RETURN_IF_ERROR(AddSuggestions(snapshot, options, &answer));
  PrintOptions print;
  print.fields = flags.fields;
  return PrintJsonLine(snapshot, answer, print);
}

absl::Status SearchFile(const Snapshot& snapshot, const SearchFlags& flags) {
  const bool trec = !flags.trec_tag.empty();
  SearchFlags with_defaults = flags;
  if (trec && flags.count == "exact") with_defaults.count = "none";  // a run shows no totals
  SEGUE_ASSIGN_OR_RETURN(SearchOptions options, OptionsOf(with_defaults, trec ? kTrecHits : 10));
  SEGUE_ASSIGN_OR_RETURN(std::unique_ptr<ByteStream> stream, OpenByteStream(flags.queries));
  TextSource source(flags.queries, std::move(stream));
  std::string_view line;
  while (Out().ok()) {
    SEGUE_ASSIGN_OR_RETURN(bool more, source.NextLine(&line));
    if (!more) break;
    if (line.empty()) continue;
    const absl::Status status = RunQueryLine(snapshot, flags, options, line);
    if (!status.ok()) {
      return Annotate(status, Cat(flags.queries, ":", source.line_number()));
    }
  }
  return absl::OkStatus();
}

absl::Status CheckFlags(const SearchFlags& flags, const Schema& schema) {
  if (flags.has_query + !flags.queries.empty() + !flags.like.empty() > 1) {
    return Error(ErrorCode::kInvalidArgument, "give one of a query, --queries and --like");
  }
  if (!flags.has_query && flags.queries.empty() && flags.like.empty()) {
    return Error(ErrorCode::kInvalidArgument, "no query; an empty one is ''");
  }
  if (flags.instant && (!flags.has_query || !flags.explain.empty())) {
    return Error(ErrorCode::kInvalidArgument,
                 "--instant is for one query, without --queries, --like and --explain");
  }
  if (!flags.trec_tag.empty() && flags.queries.empty()) {
    return Error(ErrorCode::kInvalidArgument,
                 "--trec-run needs --queries FILE with lines of number, tab, query");
  }
  return CheckFields(schema, flags.fields);
}

int RunSearch(SearchFlags flags, std::vector<std::string> query) {
  flags.has_query = !query.empty();
  // Unquoted words are one query.
  for (size_t i = 0; i < query.size(); ++i) flags.query += (i > 0 ? " " : "") + query[i];
  absl::StatusOr<OpenedIndex> opened = OpenForReading(flags.path);
  if (!opened.ok()) return Fail(opened.status());
  const Snapshot& snapshot = *opened->snapshot;
  absl::Status status = CheckFlags(flags, snapshot.schema());
  if (status.ok()) {
    status = !flags.queries.empty()   ? SearchFile(snapshot, flags)
             : !flags.explain.empty() ? ExplainOne(snapshot, flags)
                                      : SearchOne(snapshot, flags);
  }
  return status.ok() ? 0 : Fail(status);
}

}  // namespace

void DeclareSearch(Flags* flags) {
  auto given = std::make_shared<SearchFlags>();
  auto query = std::make_shared<std::vector<std::string>>();
  flags->Positional("dir", &given->path, "the index");
  flags->Positional("query", query.get(), "what to search for (docs/query-language.md)",
                    /*required=*/false);
  flags->Value("-k,--hits", "N", &given->hits,
               "how many hits (10; 1000 for --trec-run; 0: only count)");
  flags->Value("--count", "exact|none|N", &given->count,
               "count all matches, none, or at least N (exact)");
  flags->List("--fields", "NAMES", &given->fields, "stored fields to show; '*' for all");
  flags->Value("--queries", "FILE", &given->queries, "a query a line; prints a JSON line for each");
  flags->Value("--trec-run", "TAG", &given->trec_tag,
               "print a TREC run; the lines of --queries are number, tab, literal text");
  flags->Value("--explain", "DOC", &given->explain, "explain the score of this document instead");
  flags->Value("--like", "KEY", &given->like,
               "documents like the one with this key (number, in an index without keys)");
  flags->Switch("--instant", &given->instant,
                "the query is still being typed: the last word may go on, long ones have typos");
  given->reading.Declare(flags);
  flags->Switch("--json", &given->json, "one JSON line");
  flags->Examples(
      "  segue search albums 'kind of blue'\n"
      "  segue search albums '+title:blue -train' -k 5 --count exact --json\n"
      "  segue search albums '\"kind of blue\"' --fields title,year\n"
      "  segue search albums 'kind of bl' --instant\n"
      "  segue search albums --like 1\n"
      "  segue search albums blue --explain 0\n"
      "  segue search albums 'title:bl*' --at-most patterns=4,clauses=100\n"
      "  segue search albums --queries queries.tsv --trec-run segue");
  flags->Run([given, query] { return RunSearch(*given, *query); });
}

}  // namespace segue
