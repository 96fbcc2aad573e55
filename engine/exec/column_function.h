// SPDX-License-Identifier: Apache-2.0
//
// ColumnFunction: what a score function makes of the values of a column, document by document and,
// at most, block by block.
#ifndef SEGUE_EXEC_COLUMN_FUNCTION_H_
#define SEGUE_EXEC_COLUMN_FUNCTION_H_

#include <array>
#include <cstdint>
#include <optional>

#include "engine/exec/search_context.h"
#include "engine/exec/window.h"
#include "engine/format/column_reader.h"
#include "engine/rank/value_function.h"

namespace segue::exec {

class ColumnFunction {
 public:
  // `function`, and `column` if there is one, outlive this. nullptr: no document has a value.
  ColumnFunction(const ValueFunction* function, const Column* column, SearchContext* context);

  // What documents have at most. `any_without`: one of them may have no value, and none stands for
  // it; `g` without a value: all are so.
  struct Most {
    std::optional<double> g = std::nullopt;
    bool any_without = true;
  };
  using WordMost = std::array<Most, kWindowWords>;
  // Of each word of a window. Cost: no value is read.
  WordMost MostOf(const Window& window) const;

  // Looks up the values of `docs`; those of the window that are known already stay known.
  void Load(const Window& window, const DocMask& docs);
  // nullopt: no value, and none stands for it. REQUIRES: loaded.
  std::optional<double> Of(uint32_t offset) const {
    return has_value_.Test(offset) ? std::optional(values_[offset]) : missing_;
  }

 private:
  double OfOrdered(int64_t value) const;
  double MostWithin(int64_t min, int64_t max) const;
  Most MostOfBlock(uint32_t block) const;
  void LoadInBlock(uint32_t block, uint32_t first_word, const DocMask& asked);

  const ValueFunction* function_;
  const Column* column_;
  SearchContext* context_;
  bool is_decay_ = false;
  bool has_doubles_ = false;
  int64_t origin_ = 0;                      // in the form of the column
  std::optional<double> missing_;           // what stands for no value
  Window window_{1, 1};                     // what follows describes; no window begins at 1
  DocMask known_;                           // documents that were asked about
  DocMask has_value_;                       // of these, those with a value
  std::array<double, kWindowDocs> values_;  // of these, the greatest
};

}  // namespace segue::exec

#endif  // SEGUE_EXEC_COLUMN_FUNCTION_H_
