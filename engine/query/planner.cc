// SPDX-License-Identifier: Apache-2.0
#include "engine/query/planner.h"

#include <memory>
#include <utility>
#include <vector>

#include "engine/base/status.h"
#include "engine/query/plan_maker.h"
#include "engine/query/plan_node.h"

namespace segue {

absl::StatusOr<QueryPlan> QueryPlan::Make(const Query& query, Segments segments,
                                          const Schema& schema, const SearchOptions& options,
                                          const PlanOptions& plan_options) {
  SEGUE_RETURN_IF_ERROR(query.Validate());
  if (HasParameters(options)) SEGUE_RETURN_IF_ERROR(CheckParameters(options));
  auto data = std::make_unique<Data>(segments);
  data->query = query;
  SEGUE_RETURN_IF_ERROR(PlanMaker(schema, options, plan_options, data.get()).Make(data->query));
  return QueryPlan(std::move(data));
}

const std::vector<Diagnostic>& QueryPlan::diagnostics() const { return data_->diagnostics; }

bool QueryPlan::expansions_cut() const { return data_->expansions_cut; }

QueryPlan::QueryPlan(std::unique_ptr<const Data> data) : data_(std::move(data)) {}
QueryPlan::QueryPlan(QueryPlan&&) noexcept = default;
QueryPlan& QueryPlan::operator=(QueryPlan&&) noexcept = default;
QueryPlan::~QueryPlan() = default;

}  // namespace segue
