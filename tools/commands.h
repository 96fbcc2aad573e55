// SPDX-License-Identifier: Apache-2.0
//
// The subcommands, one file each.
#ifndef SEGUE_TOOLS_COMMANDS_H_
#define SEGUE_TOOLS_COMMANDS_H_

#include "tools/flags.h"

namespace segue {

void DeclareAnalyze(Flags* flags);
void DeclareBackup(Flags* flags);
void DeclareDelete(Flags* flags);
void DeclareExplain(Flags* flags);
void DeclareExport(Flags* flags);
void DeclareIndex(Flags* flags);
void DeclareInspect(Flags* flags);
void DeclareJoin(Flags* flags);
void DeclareMerge(Flags* flags);
void DeclareRepair(Flags* flags);
void DeclareRepl(Flags* flags);
void DeclareSearch(Flags* flags);
void DeclareSet(Flags* flags);
void DeclareVerify(Flags* flags);

}  // namespace segue

#endif  // SEGUE_TOOLS_COMMANDS_H_
