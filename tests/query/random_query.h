// SPDX-License-Identifier: Apache-2.0
#ifndef SEGUE_TESTS_QUERY_RANDOM_QUERY_H_
#define SEGUE_TESTS_QUERY_RANDOM_QUERY_H_

#include "segue/query.h"
#include "tests/support/seeded_random.h"

namespace segue {

// A query within all limits, of at most `depth` levels and of many kinds, with every option that a
// kind has, some as usual, and with text of any bytes.
Query RandomQuery(SeededRandom* random, uint32_t depth);

}  // namespace segue

#endif  // SEGUE_TESTS_QUERY_RANDOM_QUERY_H_
