// SPDX-License-Identifier: Apache-2.0
//
// The golden index: a small index with every feature of the format, always the same.
#ifndef SEGUE_TESTS_GOLDEN_GOLDEN_INDEX_H_
#define SEGUE_TESTS_GOLDEN_GOLDEN_INDEX_H_

#include <string>
#include <vector>

#include "segue/document.h"
#include "segue/env.h"
#include "segue/query.h"
#include "segue/schema.h"

namespace segue {

Schema GoldenSchema();
// Documents 0 .. 699; some words are in nearly all of them (dense lists), most in few.
Document GoldenDocument(int number);
// Two segments, deletions in both.
void WriteGoldenIndex(Env* env, const std::string& path);
// Queries over all its features.
std::vector<Query> GoldenQueries();

}  // namespace segue

#endif  // SEGUE_TESTS_GOLDEN_GOLDEN_INDEX_H_
