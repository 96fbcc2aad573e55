// SPDX-License-Identifier: Apache-2.0
//
// Takes back what a failed job put into a folder.
#ifndef SEGUE_TOOLS_FRESH_FOLDER_H_
#define SEGUE_TOOLS_FRESH_FOLDER_H_

#include <set>
#include <string>

namespace segue {

// Remembers what is in a folder (which need not exist). Unless Keep is called, everything that
// came since is removed at the end, and the folder too if it did not exist.
class FreshFolder {
 public:
  explicit FreshFolder(std::string path);
  ~FreshFolder() { Wipe(); }
  FreshFolder(const FreshFolder&) = delete;
  FreshFolder& operator=(const FreshFolder&) = delete;

  void Keep() { keep_ = true; }
  // Removes what came since; files that were there before stay.
  void Wipe();

 private:
  const std::string path_;
  bool existed_ = false;
  bool keep_ = false;
  std::set<std::string> before_;
};

}  // namespace segue

#endif  // SEGUE_TOOLS_FRESH_FOLDER_H_
