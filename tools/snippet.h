// SPDX-License-Identifier: Apache-2.0
//
// The piece of a document to show with a hit.
#ifndef SEGUE_TOOLS_SNIPPET_H_
#define SEGUE_TOOLS_SNIPPET_H_

#include <cstddef>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>

#include "segue/analysis.h"
#include "segue/document.h"
#include "segue/query.h"
#include "segue/schema.h"
#include "segue/statistics.h"
#include "tools/console.h"

namespace segue {

// Finds a query's words in stored text, with the field's own analyzer, so that whatever matched
// in the index matches here. For one query; not thread-safe. The schema must outlive it.
class SnippetMaker {
 public:
  SnippetMaker(const Schema& schema, const Query& query);

  // Adds terms that the query stands for: an index knows those of its patterns.
  void AddTerms(const Statistics& terms);

  // About `columns` columns of the document's longest stored text around as many different query
  // words as possible, these in `style.match`; empty if there is no text. `title_field` is left
  // out, it is shown anyway.
  std::string Snippet(const Document& document, std::string_view title_field, size_t columns,
                      const Style& style);

  // A whole value, its query words in `style.match`.
  std::string Highlight(std::string_view field, std::string_view value, const Style& style);

 private:
  struct Match {
    size_t begin, end;  // bytes of the value
    const std::string* term;
  };

  const Analyzer* AnalyzerOf(const std::string& name);
  void Collect(const Query& query);
  void AddText(const std::string& field, std::string_view text);
  void AddTerm(const Field& field, std::string_view term);
  std::vector<Match> FindMatches(std::string_view field, std::string_view value);

  const Schema& schema_;
  AnalyzerRegistry registry_;
  std::map<std::string, std::shared_ptr<const Analyzer>> analyzers_;
  std::map<std::string, std::set<std::string>, std::less<>> terms_;  // by field
};

// The field whose value names a document: title, name, headline, subject or label if the schema
// stores it; else the first stored text field; empty if there is none.
std::string TitleField(const Schema& schema);

}  // namespace segue

#endif  // SEGUE_TOOLS_SNIPPET_H_
