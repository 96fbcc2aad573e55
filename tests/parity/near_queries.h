// SPDX-License-Identifier: Apache-2.0
//
// Kinds of DifferentialKinds() where it counts how near to each other words stand.
#ifndef SEGUE_TESTS_PARITY_NEAR_QUERIES_H_
#define SEGUE_TESTS_PARITY_NEAR_QUERIES_H_

#include "segue/query.h"
#include "tests/parity/differential_queries.h"

namespace segue {

// Phrases with a slop, without a word that they hold twice.
Query SloppyPair(WordSource& words);
Query SloppyPhrase(WordSource& words);

// NEAR, ORDERED and ATLEAST of words.
Query NearAnyOrder(WordSource& words);
Query NearInOrder(WordSource& words);
Query AtLeast(WordSource& words);

// With a pattern or alternatives among them.
Query NearParts(WordSource& words);
Query NearAlternatives(WordSource& words);
Query PhraseParts(WordSource& words);

// CONTAINING, WITHIN and what is not.
Query Related(WordSource& words);

}  // namespace segue

#endif  // SEGUE_TESTS_PARITY_NEAR_QUERIES_H_
