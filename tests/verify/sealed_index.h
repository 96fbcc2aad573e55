// SPDX-License-Identifier: Apache-2.0
//
// An index in memory whose bytes can be changed behind valid checksums.
#ifndef SEGUE_TESTS_VERIFY_SEALED_INDEX_H_
#define SEGUE_TESTS_VERIFY_SEALED_INDEX_H_

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "engine/format/manifest.h"
#include "segue/document.h"
#include "segue/env.h"
#include "segue/schema.h"

namespace segue {

// The index folder inside the memory environment.
inline constexpr char kIndexFolder[] = "index";

// Builds an index: several segments if `flush_every` says so, documents deleted by key. With those
// the last commit sets `plays` of document "k1" to 17, if the schema says that it is updatable.
std::unique_ptr<Env> BuildIndex(const Schema& schema, const std::vector<Document>& documents,
                                size_t flush_every, const std::vector<std::string>& deleted);

// Everything in the index folder.
struct FileImage {
  std::string name;
  std::string bytes;
};
std::vector<FileImage> ReadFiles(Env* env);

// A new environment with these files.
std::unique_ptr<Env> WriteFiles(const std::vector<FileImage>& files);

// Changes the body of one file of the index and seals it again: the file's own checksums, and the
// length and checksum in the manifest. False if `change` left the body as it was.
bool ChangeSealed(std::vector<FileImage>* files, const std::string& name,
                  const std::function<void(std::string* body)>& change);

// Changes the manifest and seals it.
void ChangeManifest(std::vector<FileImage>* files, const std::function<void(Manifest*)>& change);

}  // namespace segue

#endif  // SEGUE_TESTS_VERIFY_SEALED_INDEX_H_
