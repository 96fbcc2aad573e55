// SPDX-License-Identifier: Apache-2.0
// The smallest program of somebody else that uses segue; each project beside it builds this file.
#include <cstdio>

#include "segue/index.h"

int main() {
  segue::Schema schema;
  absl::Status status = schema.AddField("title", {});
  if (status.ok()) status = segue::Index::Open("no such index").status();
  std::printf("%s\n", std::string(status.message()).c_str());
  return absl::IsNotFound(status) ? 0 : 1;
}
