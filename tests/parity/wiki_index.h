// SPDX-License-Identifier: Apache-2.0
//
// An index of the English Wikipedia articles, built as the reference results were: one text field
// (title, newline, text) with the standard analyzer, one segment, documents in file order.
#ifndef SEGUE_TESTS_PARITY_WIKI_INDEX_H_
#define SEGUE_TESTS_PARITY_WIKI_INDEX_H_

#include <memory>
#include <string>

#include "segue/index.h"

namespace segue {

// Built on first use into a folder of its own, removed at exit. Null (after a test failure) if
// something went wrong. REQUIRES: the shared data.
std::shared_ptr<const Snapshot> WikiSnapshot();

// An index in memory of one of the small collections ("cranfield", "cacm"): text = title, space,
// text.
std::shared_ptr<const Snapshot> CollectionSnapshot(const std::string& name,
                                                   const std::string& analyzer);

}  // namespace segue

#endif  // SEGUE_TESTS_PARITY_WIKI_INDEX_H_
