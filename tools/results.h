// SPDX-License-Identifier: Apache-2.0
//
// Results of searches, printed in every form that the tools offer.
#ifndef SEGUE_TOOLS_RESULTS_H_
#define SEGUE_TOOLS_RESULTS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "segue/index.h"
#include "segue/query.h"
#include "segue/search.h"

namespace segue {

// A search that was done, with what is needed to print it.
struct Answer {
  std::string text;  // as the user wrote it
  Query query;
  SearchResult result;
  std::vector<Diagnostic> diagnostics;  // of reading the query
  std::vector<Suggestion> suggestions;  // for its words that no document has
  int64_t took_us = 0;
};

// Searches and takes the time.
absl::StatusOr<Answer> Ask(const Snapshot& snapshot, std::string_view text, Query query,
                           std::vector<Diagnostic> diagnostics, const SearchOptions& options);

// For its words that no document has. Costs a look at the dictionaries for each of those. Of the
// options the limits count.
absl::Status AddSuggestions(const Snapshot& snapshot, const SearchOptions& options, Answer* answer);

struct PrintOptions {
  std::vector<std::string> fields;  // stored fields to show; "*" for all
  bool timing = true;
};

// All of these write to Out(). They fail only where reading stored values fails.

// {"query":…,"total":{"value":N,"relation":"eq"},"hits":[{"key":…,"doc":N,"score":…}],"took_us":…}
// on one line. "total" is left out without a count, "key" without a key field; hits have "fields"
// if fields are to be shown; "diagnostics" and "suggestions" appear if there are any.
absl::Status PrintJsonLine(const Snapshot& snapshot, const Answer& answer,
                           const PrintOptions& options);

// For people: rank, score, key and title, and a snippet, each hit on two lines; then the total.
absl::Status PrintHits(const Snapshot& snapshot, const Answer& answer, const PrintOptions& options);

// For people: one hit a line, a column per field.
absl::Status PrintTable(const Snapshot& snapshot, const Answer& answer,
                        const PrintOptions& options);

// RFC 4180 with a header line.
absl::Status PrintCsv(const Snapshot& snapshot, const Answer& answer, const PrintOptions& options);

// `number Q0 key rank score tag`, a line per hit.
absl::Status PrintTrecRun(const Snapshot& snapshot, std::string_view number, const Answer& answer,
                          std::string_view tag);

// Diagnostics on standard error, with the place in the query, and suggestions.
void PrintDiagnostics(const Answer& answer);

// "3 of 1,234 documents in 1.2 ms".
std::string Summary(const Answer& answer, bool timing);

// The fewest digits that read back to the same float.
std::string ScoreText(float score);

// The stored values that are asked for, each once, in the order asked.
Document ChooseFields(const Document& document, const std::vector<std::string>& fields);
// kInvalidArgument if the schema has no such stored field; names the nearest.
absl::Status CheckFields(const Schema& schema, const std::vector<std::string>& fields);

}  // namespace segue

#endif  // SEGUE_TOOLS_RESULTS_H_
