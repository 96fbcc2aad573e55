// SPDX-License-Identifier: Apache-2.0
//
// Copies of whole generations, made while a writer may be at work.
#ifndef SEGUE_INDEX_BACKUP_H_
#define SEGUE_INDEX_BACKUP_H_

#include <string>

#include "absl/status/status.h"
#include "engine/format/manifest.h"
#include "segue/env.h"

namespace segue {

// Copies the generation of `manifest` in `from` to the directory `to`, as Index::Backup says.
// kNotFound: a file of it is gone, maybe because a writer has published another generation.
absl::Status CopyGeneration(Env* env, const std::string& from, const Manifest& manifest,
                            const std::string& to);

}  // namespace segue

#endif  // SEGUE_INDEX_BACKUP_H_
