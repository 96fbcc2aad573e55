// SPDX-License-Identifier: Apache-2.0
//
// Lucene's answers to queries over a world's documents, from the program in lucene/.
#ifndef SEGUE_TESTS_PARITY_LUCENE_ANSWERS_H_
#define SEGUE_TESTS_PARITY_LUCENE_ANSWERS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "segue/query.h"
#include "segue/types.h"

namespace segue {

struct LuceneAnswer {
  uint64_t total = 0;
  std::vector<Hit> hits;  // the best 10,000
};

// Fetches and compiles what is needed, on first use. Empty if that went well, else why it cannot be
// had on this machine. What is wrong with the program itself is a test failure.
const std::string& WhyNoLucene();

// `documents`: DifferentialWorld::lines. Empty, after a test failure, if something went wrong.
// REQUIRES: WhyNoLucene().empty().
std::vector<LuceneAnswer> AskLucene(const std::string& documents,
                                    const std::vector<Query>& queries);

}  // namespace segue

#endif  // SEGUE_TESTS_PARITY_LUCENE_ANSWERS_H_
