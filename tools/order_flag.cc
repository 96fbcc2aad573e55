// SPDX-License-Identifier: Apache-2.0
#include "tools/order_flag.h"

#include "corpus/base_tools.h"

namespace segue {

void OrderFlag::Declare(Flags* flags) {
  flags->Value("--order", "NAME", &name,
               "quick or full: like documents next to each other; +FIELD or -FIELD: by its values, "
               "ascending or descending; merges (none)");
}

absl::StatusOr<ChosenOrder> OrderFlag::Read() const {
  if (name.empty() || name == "none") return ChosenOrder{};
  if (name == "quick") return ChosenOrder{DocumentOrder::kQuick, {}};
  if (name == "full") return ChosenOrder{DocumentOrder::kFull, {}};
  if (name.size() > 1 && name[0] == '+') {
    return ChosenOrder{DocumentOrder::kAscending, name.substr(1)};
  }
  if (name.size() > 1 && name[0] == '-') {
    return ChosenOrder{DocumentOrder::kDescending, name.substr(1)};
  }
  return Error(ErrorCode::kInvalidArgument,
               Cat("--order takes none, quick, full, +FIELD or -FIELD, not ", Quoted(name)));
}

}  // namespace segue
