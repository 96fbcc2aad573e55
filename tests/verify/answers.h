// SPDX-License-Identifier: Apache-2.0
//
// What an index answers, written out: two indexes with equal answers are equal to a user.
#ifndef SEGUE_TESTS_VERIFY_ANSWERS_H_
#define SEGUE_TESTS_VERIFY_ANSWERS_H_

#include <string>

#include "segue/env.h"

namespace segue {

// Every live document's key and (`with_stored`) stored fields; for the first terms of every text
// and keyword field, the document frequency, the total, the best hits with their scores, and the
// places of the term in the first of them; the same for pairs of terms as phrases and unions; each
// stored value of a number asked for. Errors are part of the answers.
std::string AnswersOf(Env* env, bool with_stored = true);

}  // namespace segue

#endif  // SEGUE_TESTS_VERIFY_ANSWERS_H_
