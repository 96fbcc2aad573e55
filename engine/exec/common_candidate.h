// SPDX-License-Identifier: Apache-2.0
//
// Where several scorers may match together.
#ifndef SEGUE_EXEC_COMMON_CANDIDATE_H_
#define SEGUE_EXEC_COMMON_CANDIDATE_H_

#include <cstddef>

#include "engine/exec/scorer.h"

namespace segue::exec {

// A document at or after `from` before which the scorers do not all match: the first window in
// which each of them has a candidate; where in it is Match's business. kEndOfDocs if there is
// none. `scorers`: a non-empty vector of (smart) pointers, best with the rarest first.
template <typename Scorers>
DocId NextCommonCandidate(const Scorers& scorers, DocId from) {
  DocId target = from;
  size_t turn = 0;
  for (size_t agreed = 0; agreed < scorers.size(); ++agreed) {
    const DocId candidate = scorers[turn]->NextCandidate(target);
    if (candidate >= kEndOfDocs) return kEndOfDocs;
    if (candidate / kWindowDocs != target / kWindowDocs) {
      target = candidate / kWindowDocs * kWindowDocs;
      agreed = 0;
    }
    turn = turn + 1 == scorers.size() ? 0 : turn + 1;
  }
  return target;
}

}  // namespace segue::exec

#endif  // SEGUE_EXEC_COMMON_CANDIDATE_H_
