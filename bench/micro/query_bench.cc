// SPDX-License-Identifier: Apache-2.0
//
// From the text of a query to its canonical form, in microseconds: what a search pays before it
// touches the index. Items are words.
#include <benchmark/benchmark.h>

#include <memory>
#include <string_view>
#include <vector>

#include "engine/query/rewrite.h"
#include "segue/query_parser.h"

namespace segue {
namespace {

constexpr std::string_view kTexts[] = {
    "the",
    "+griffith +observatory",
    "\"the english restoration\"",
    "a search engine is an information retrieval software system designed to help find information "
    "stored on one or more computer systems",
};
constexpr int kWords[] = {1, 2, 3, 22};

void BM_Parse(benchmark::State& state) {
  const auto number = static_cast<size_t>(state.range(0));
  for (auto _ : state) benchmark::DoNotOptimize(ParseQuery(kTexts[number]));
  state.SetItemsProcessed(state.iterations() * kWords[number]);
}
BENCHMARK(BM_Parse)->DenseRange(0, 3);

void BM_Rewrite(benchmark::State& state) {
  const auto number = static_cast<size_t>(state.range(0));
  const Schema schema = *Schema::FromJson(R"({"fields":{"text":{"type":"text"}}})");
  const std::shared_ptr<const Analyzer> analyzer = *AnalyzerRegistry::BuiltIn().Get("standard");
  const RewriteContext context{.schema = &schema,
                               .analyzer = [&](std::string_view) { return analyzer.get(); }};
  const Query query = ParseQuery(kTexts[number]).query;
  for (auto _ : state) {
    std::vector<Diagnostic> diagnostics;
    benchmark::DoNotOptimize(Rewrite(query, context, &diagnostics));
  }
  state.SetItemsProcessed(state.iterations() * kWords[number]);
}
BENCHMARK(BM_Rewrite)->DenseRange(0, 3);

}  // namespace
}  // namespace segue
