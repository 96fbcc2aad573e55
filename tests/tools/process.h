// SPDX-License-Identifier: Apache-2.0
//
// Runs the segue program and keeps what it said.
#ifndef SEGUE_TESTS_TOOLS_PROCESS_H_
#define SEGUE_TESTS_TOOLS_PROCESS_H_

#include <sys/types.h>

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/json.h"
#include "tests/corpus/temp_folder.h"

namespace segue {

struct Ran {
  int exit_code = -1;  // 128 + signal if one ended it
  std::string out, err;
};

// Runs the tool with these arguments in `folder`; `input` is its standard input. `prefix` is shell
// text in front of the command, such as "ulimit -f 1;".
Ran RunSegue(const TempFolder& folder, const std::vector<std::string>& arguments,
             std::string_view input = {}, const std::string& prefix = {});

// Runs a line of shell text in `folder`, with `segue` and `segue-corpus` in the path.
Ran RunShell(const TempFolder& folder, const std::string& line, std::string_view input = {});

// Parses one JSON text; a failure is a test failure.
JsonValue ParseOrDie(std::string_view text);
// The string, number or sub-object at a path such as "total.value".
JsonValue At(const JsonValue& value, std::string_view path);

// The tool on a pseudo-terminal of 80 columns and 24 lines.
class Terminal {
 public:
  Terminal(const TempFolder& folder, const std::vector<std::string>& arguments,
           const std::vector<std::string>& environment = {});
  ~Terminal();

  void Type(std::string_view keys);
  // Reads until `text` has appeared behind what was expected before; false after ten seconds.
  // Escape sequences are left out of what is compared.
  bool Expect(std::string_view text);
  void Resize(int columns);
  // Waits for the end; the exit code, or -1 if that takes longer.
  int Wait(std::chrono::milliseconds patience = std::chrono::seconds(10));

  // All that came so far, without escape sequences.
  std::string Plain() const;
  const std::string& raw() const { return raw_; }

 private:
  bool ReadMore();

  pid_t pid_ = -1;
  int fd_ = -1;
  std::string raw_;
  size_t expected_ = 0;  // in the plain text
};

// Albums that the tests search: index "albums" and file "albums.jsonl" in the folder.
void MakeAlbums(const TempFolder& folder);

}  // namespace segue

#endif  // SEGUE_TESTS_TOOLS_PROCESS_H_
