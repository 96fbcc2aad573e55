// SPDX-License-Identifier: Apache-2.0
//
// The index that hostile queries are asked of: many words that are alike, words of all lengths,
// words that repeat, fields of every type, several segments, deletions.
#ifndef SEGUE_TESTS_HOSTILE_HOSTILE_WORLD_H_
#define SEGUE_TESTS_HOSTILE_HOSTILE_WORLD_H_

#include <memory>

#include "segue/env.h"
#include "segue/index.h"
#include "segue/schema.h"

namespace segue {

// id (keyword, the key), title, body, bare (text without positions), tag (keyword), n (int64),
// x (float64), flag (bool), at (timestamp), blob (bytes). Title and body are the default fields.
Schema HostileSchema();

class HostileWorld {
 public:
  HostileWorld();

  const Snapshot& snapshot() const { return *snapshot_; }

 private:
  std::unique_ptr<Env> env_;
  std::shared_ptr<const Snapshot> snapshot_;
};

}  // namespace segue

#endif  // SEGUE_TESTS_HOSTILE_HOSTILE_WORLD_H_
