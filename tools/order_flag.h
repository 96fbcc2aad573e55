// SPDX-License-Identifier: Apache-2.0
//
// --order NAME, of the commands that merge.
#ifndef SEGUE_TOOLS_ORDER_FLAG_H_
#define SEGUE_TOOLS_ORDER_FLAG_H_

#include <string>

#include "absl/status/statusor.h"
#include "segue/index.h"
#include "tools/flags.h"

namespace segue {

struct ChosenOrder {
  DocumentOrder order = DocumentOrder::kAsAdded;
  std::string field;  // of kAscending and kDescending
};

struct OrderFlag {
  std::string name;

  void Declare(Flags* flags);
  // kInvalidArgument for a name that is none.
  absl::StatusOr<ChosenOrder> Read() const;
};

}  // namespace segue

#endif  // SEGUE_TOOLS_ORDER_FLAG_H_
