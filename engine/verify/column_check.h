// SPDX-License-Identifier: Apache-2.0
//
// Checks the column of one field of one segment.
#ifndef SEGUE_VERIFY_COLUMN_CHECK_H_
#define SEGUE_VERIFY_COLUMN_CHECK_H_

#include "engine/segment/segment.h"
#include "engine/verify/fingerprint.h"
#include "engine/verify/problems.h"

namespace segue {

// `balance` gets what the values amount to, with this salt; null: not wanted.
// REQUIRES: field.column() != nullptr.
void CheckColumn(const Segment& segment, const SegmentField& field, uint64_t salt, Balance* balance,
                 Problems* problems);

}  // namespace segue

#endif  // SEGUE_VERIFY_COLUMN_CHECK_H_
