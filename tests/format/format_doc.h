// SPDX-License-Identifier: Apache-2.0
//
// The worked examples of docs/format.md, so that tests can hold them against the code.
//
//   ```hex frame
//   89 53 45 47 …          # comments to the end of the line
//   00 x28                 # 28 times the byte before it, itself included
//   ```
#ifndef SEGUE_TESTS_FORMAT_FORMAT_DOC_H_
#define SEGUE_TESTS_FORMAT_FORMAT_DOC_H_

#include <string>
#include <string_view>

namespace segue {

// The bytes of the fenced block "```hex <name>". A missing block or one that cannot be read is a
// test failure and gives no bytes.
std::string DocBytes(std::string_view name);

// The same, of a given text.
std::string BlockBytes(std::string_view markdown, std::string_view name);

// Fails the test unless the block's bytes are `actual`; prints the bytes as such a block would have
// them, 16 a line, ready to be pasted.
void ExpectDocBytes(std::string_view name, std::string_view actual);

}  // namespace segue

#endif  // SEGUE_TESTS_FORMAT_FORMAT_DOC_H_
