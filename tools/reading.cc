// SPDX-License-Identifier: Apache-2.0
#include "tools/reading.h"

#include <charconv>
#include <utility>

#include "corpus/base_tools.h"
#include "segue/query_parser.h"

namespace segue {
namespace {

bool ParseNumber(std::string_view text, uint64_t* number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), *number);
  return error == std::errc() && end == text.data() + text.size() && !text.empty();
}

}  // namespace

absl::StatusOr<OpenedIndex> OpenForReading(const std::string& path) {
  absl::StatusOr<Index> index = Index::Open(path);
  if (!index.ok()) return index.status();
  OpenedIndex opened;
  opened.path = path;
  opened.index = std::make_unique<Index>(*std::move(index));
  SEGUE_ASSIGN_OR_RETURN(opened.snapshot, opened.index->OpenSnapshot());
  return opened;
}

void QueryFlags::Declare(Flags* flags) {
  flags->Switch("--text", &text, "every character of the query is text, nothing an operator");
  flags->Switch("--strict", &strict, "a query that has to be guessed at is an error");
  flags->Switch("--all", &all, "words without an operator must all match");
  limits.Declare(flags);
}

absl::StatusOr<ReadQuery> QueryFromText(std::string_view text, const QueryFlags& flags,
                                        const Schema& schema) {
  if (flags.text) return ReadQuery{Query::Text(text), {}};
  ParseOptions options;
  options.default_operator = flags.all ? DefaultOperator::kAnd : DefaultOperator::kOr;
  options.schema = &schema;
  SEGUE_ASSIGN_OR_RETURN(options.limits, flags.limits.Read());
  if (flags.strict) {
    SEGUE_ASSIGN_OR_RETURN(Query query, ParseQueryStrict(text, options));
    return ReadQuery{std::move(query), {}};
  }
  ParsedQuery parsed = ParseQuery(text, options);
  return ReadQuery{std::move(parsed.query), std::move(parsed.diagnostics)};
}

absl::StatusOr<std::pair<CountMode, uint64_t>> ParseCount(std::string_view text) {
  if (text == "exact") return std::pair(CountMode::kExact, uint64_t{0});
  if (text == "none") return std::pair(CountMode::kNone, uint64_t{0});
  uint64_t number = 0;
  if (ParseNumber(text, &number)) return std::pair(CountMode::kAtLeast, number);
  return Error(ErrorCode::kInvalidArgument,
               Cat("--count takes exact, none or a number, not ", Quoted(text)));
}

absl::StatusOr<uint64_t> FindDocument(const Snapshot& snapshot, std::string_view name,
                                      bool is_key) {
  if (is_key) {
    SEGUE_ASSIGN_OR_RETURN(std::optional<uint64_t> doc, snapshot.FindKey(name));
    if (doc) return *doc;
    return Error(ErrorCode::kNotFound, Cat("no document has the key ", Quoted(name)));
  }
  uint64_t doc = 0;
  if (!ParseNumber(name, &doc)) {
    return Error(ErrorCode::kInvalidArgument,
                 Cat("a document number is wanted, not ", Quoted(name), "; --key takes a key"));
  }
  if (doc >= snapshot.doc_count()) {
    return Error(ErrorCode::kNotFound, Cat("no document ", doc, "; the index has documents 0 to ",
                                           snapshot.doc_count(), " exclusive"));
  }
  return doc;
}

}  // namespace segue
