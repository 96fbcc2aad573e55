// SPDX-License-Identifier: Apache-2.0
//
// The helpers of engine/base that the tools may use: JSON text, strings, status macros. All else
// that a tool does with an index goes through the public headers, so that the tools prove that
// these suffice.
#ifndef SEGUE_CORPUS_BASE_TOOLS_H_
#define SEGUE_CORPUS_BASE_TOOLS_H_

#include "engine/base/json.h"
#include "engine/base/nearest_name.h"
#include "engine/base/status.h"
#include "engine/base/strings.h"
#include "engine/base/utf8.h"

#endif  // SEGUE_CORPUS_BASE_TOOLS_H_
