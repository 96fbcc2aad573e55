// SPDX-License-Identifier: Apache-2.0
#ifndef SEGUE_TOOLS_TERMINAL_EDITOR_H_
#define SEGUE_TOOLS_TERMINAL_EDITOR_H_

#include <memory>
#include <string>

#include "tools/line_editor.h"

namespace segue {

// The editor on a terminal, or null if this build has none. One at a time.
std::unique_ptr<LineEditor> NewTerminalEditor(const std::string& prompt, Completer completer);

}  // namespace segue

#endif  // SEGUE_TOOLS_TERMINAL_EDITOR_H_
