// SPDX-License-Identifier: Apache-2.0
//
// Hostile documents, by what they are after.
#ifndef SEGUE_TESTS_HOSTILE_DOCUMENT_FAMILIES_H_
#define SEGUE_TESTS_HOSTILE_DOCUMENT_FAMILIES_H_

#include <vector>

#include "segue/document.h"
#include "tests/hostile/query_families.h"

namespace segue {

// Documents numbered 0 .. kDocumentsInFamily - 1, of up to 512 KiB.
inline constexpr uint64_t kDocumentsInFamily = 50;

std::vector<TextFamily> DocumentJsonFamilies();

struct DocumentFamily {
  const char* name;
  const char* why;
  std::function<Document(SeededRandom& random, uint64_t number)> draw;
};
std::vector<DocumentFamily> BuiltDocumentFamilies();

}  // namespace segue

#endif  // SEGUE_TESTS_HOSTILE_DOCUMENT_FAMILIES_H_
