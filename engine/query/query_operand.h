// SPDX-License-Identifier: Apache-2.0
//
// What one operand of a query string stands for: a word, a pattern, a phrase, a range, a place.
#ifndef SEGUE_QUERY_QUERY_OPERAND_H_
#define SEGUE_QUERY_QUERY_OPERAND_H_

#include <string_view>

#include "engine/query/query_scanner.h"
#include "segue/query.h"

namespace segue {

// The query of an operand in a field; an empty one: the default fields. REQUIRES: the scanner has
// not gone on behind `operand`, which is no operator.
Query QueryOfOperand(const QueryToken& operand, const QueryScanner& scanner,
                     std::string_view field);

// Whether there is nothing but spaces.
bool IsBlankText(std::string_view text);

}  // namespace segue

#endif  // SEGUE_QUERY_QUERY_OPERAND_H_
