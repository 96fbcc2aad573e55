// SPDX-License-Identifier: Apache-2.0
//
// Everything that can be asked of an index of the tests, each answer by itself: right, or an error.
#ifndef SEGUE_TESTS_VERIFY_QUESTIONS_H_
#define SEGUE_TESTS_VERIFY_QUESTIONS_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "segue/document.h"
#include "segue/env.h"
#include "segue/schema.h"

namespace segue {

// Every type of field: text with and without positions, keywords, numbers single and multiple,
// stored and not, or `all_stored`.
Schema QuestionSchema(bool all_stored = false);
// Documents that use all of it. "common" stands in each of them.
std::vector<Document> QuestionDocuments(size_t count);

struct Answer {
  absl::Status status;
  std::string text;     // if that is OK
  bool stored = false;  // a document's stored fields
};

// Opens the index in kIndexFolder and asks: all stored documents and keys, all terms, queries of
// every kind, statistics, explanations, places of matches. If it cannot be opened, the error is the
// only answer. The number and order of answers is otherwise always the same.
std::vector<Answer> AskEverything(Env* env, ReadMode mode);

}  // namespace segue

#endif  // SEGUE_TESTS_VERIFY_QUESTIONS_H_
