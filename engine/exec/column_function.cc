// SPDX-License-Identifier: Apache-2.0
//
// A function that rises is greatest at a block's greatest value, one that falls at its least, and a
// decay at the one nearest to its origin: so the record of a block says what its documents have at
// most, and no value of it is read.
#include "engine/exec/column_function.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "engine/exec/column_window.h"
#include "engine/format/column_format.h"

namespace segue::exec {
namespace {

// A value in the ordered form of a column of doubles, or of one of integers.
int64_t OrderedAs(const Value& value, bool as_double) {
  const auto* real = std::get_if<double>(&value);
  if (real != nullptr) {
    if (as_double) return OrderedFromDouble(*real);
    return std::abs(*real) < 0x1p62 ? static_cast<int64_t>(*real) : 0;
  }
  const auto* truth = std::get_if<bool>(&value);
  const auto* integer = std::get_if<int64_t>(&value);
  const int64_t whole = truth != nullptr ? *truth : integer != nullptr ? *integer : 0;
  return as_double ? OrderedFromDouble(static_cast<double>(whole)) : whole;
}

// Forged columns may hold values beyond the infinities.
double NumberOf(int64_t ordered) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  return DoubleFromOrdered(
      std::clamp(ordered, OrderedFromDouble(-kInfinity), OrderedFromDouble(kInfinity)));
}

double DistanceOf(int64_t a, int64_t b) {
  const auto low = static_cast<uint64_t>(std::min(a, b));
  return static_cast<double>(static_cast<uint64_t>(std::max(a, b)) - low);
}

}  // namespace

ColumnFunction::ColumnFunction(const ValueFunction* function, const Column* column,
                               SearchContext* context)
    : function_(function), column_(column), context_(context) {
  const ScoreFunction& of = function->function();
  is_decay_ = IsDecay(of.kind);
  const std::optional<Value>& sample = of.missing.has_value() ? of.missing : of.origin;
  has_doubles_ = column != nullptr ? column->type() == ValueType::kFloat64
                                   : sample.has_value() && std::holds_alternative<double>(*sample);
  if (is_decay_) origin_ = OrderedAs(*of.origin, has_doubles_);
  if (of.missing.has_value()) missing_ = OfOrdered(OrderedAs(*of.missing, has_doubles_));
}

double ColumnFunction::OfOrdered(int64_t value) const {
  if (is_decay_) {
    return function_->OfDistance(has_doubles_ ? std::abs(NumberOf(value) - NumberOf(origin_))
                                              : DistanceOf(value, origin_));
  }
  return function_->OfValue(has_doubles_ ? NumberOf(value) : static_cast<double>(value));
}

double ColumnFunction::MostWithin(int64_t min, int64_t max) const {
  int64_t best = function_->function().kind == ScoreFunctionKind::kReciprocal ? min : max;
  if (is_decay_) best = std::clamp(origin_, min, max);
  return std::min(OfOrdered(best) * kFunctionMargin, std::numeric_limits<double>::max());
}

ColumnFunction::Most ColumnFunction::MostOfBlock(uint32_t block) const {
  if (column_ == nullptr || block >= column_->block_count()) return {.g = missing_};
  const ColumnBlockRecord record = column_->BlockBounds(block);
  const bool is_full = record.docs_with_value ==
                       std::min(kColumnBlockDocs, column_->doc_count() - block * kColumnBlockDocs);
  Most most{.g = missing_, .any_without = !is_full && !missing_.has_value()};
  if (record.value_count == 0) return most;
  const double of_values = MostWithin(record.min, record.max);
  most.g = is_full ? of_values : std::max(of_values, missing_.value_or(0));
  return most;
}

ColumnFunction::WordMost ColumnFunction::MostOf(const Window& window) const {
  WordMost most;
  ForEachColumnBlock(window, [&](uint32_t block, uint32_t first_word) {
    std::fill_n(most.begin() + first_word, kColumnWords, MostOfBlock(block));
  });
  return most;
}

void ColumnFunction::Load(const Window& window, const DocMask& docs) {
  if (!(window == window_)) {
    window_ = window;
    known_.Clear();
    has_value_.Clear();
  }
  DocMask asked = docs;
  asked.AndNot(known_);
  known_.Or(asked);
  if (column_ == nullptr || !asked.Any() || !context_->KeepGoingAfter(asked.Count())) return;
  ForEachColumnBlock(
      window, [&](uint32_t block, uint32_t first_word) { LoadInBlock(block, first_word, asked); });
}

// Those of the block begin at the word `first_word`.
void ColumnFunction::LoadInBlock(uint32_t block, uint32_t first_word, const DocMask& asked) {
  ColumnBlockMask docs;
  if (!TakeColumnWords(asked, first_word, &docs) || block >= column_->block_count()) return;
  const auto take = [&](uint32_t i, int64_t value) {
    const uint32_t offset = first_word * kWordDocs + i;
    const double g = OfOrdered(value);
    values_[offset] = has_value_.Test(offset) ? std::max(values_[offset], g) : g;
    has_value_.Set(offset);
  };
  if (absl::Status status = column_->VisitValues(block, docs, take); !status.ok()) {
    context_->Fail(std::move(status));
  }
}

}  // namespace segue::exec
