// SPDX-License-Identifier: Apache-2.0
//
// Text in messages to users.
#ifndef SEGUE_QUERY_QUERY_TEXT_H_
#define SEGUE_QUERY_QUERY_TEXT_H_

#include <string>
#include <string_view>

#include "segue/score_function.h"

namespace segue {

// In single quotes, valid UTF-8, without control characters, cut after about 60
// bytes.
std::string ShownText(std::string_view text);

// As the parser takes it behind ^: saturation(plays, pivot=100, combine=add).
std::string FunctionText(const ScoreFunction& function);

}  // namespace segue

#endif  // SEGUE_QUERY_QUERY_TEXT_H_
