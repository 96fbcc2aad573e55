// SPDX-License-Identifier: Apache-2.0
//
// Each Env under one name, with a fresh directory to work in.
#ifndef SEGUE_TESTS_IO_TEST_ENV_H_
#define SEGUE_TESTS_IO_TEST_ENV_H_

#include <gtest/gtest.h>
#include <stdlib.h>
#include <unistd.h>

#include <memory>
#include <string>
#include <string_view>

#include "engine/io/fault_env.h"
#include "engine/io/memory_env.h"
#include "engine/io/path.h"
#include "segue/env.h"

namespace segue {

class TestEnv {
 public:
  // kind: "posix", "memory" or "fault".
  explicit TestEnv(std::string_view kind) {
    if (kind == "posix") {
      std::string pattern = ::testing::TempDir() + "segue-test-XXXXXX";
      dir_ = ::mkdtemp(pattern.data()) != nullptr ? pattern : "";
      env_ = PosixEnv();
      return;
    }
    owned_ = kind == "memory" ? NewMemoryEnv() : std::make_unique<FaultEnv>();
    env_ = owned_.get();
    dir_ = "dir";
    EXPECT_TRUE(env_->CreateDir(dir_).ok());
  }
  ~TestEnv() {
    if (owned_ != nullptr) return;
    RemoveAll(dir_);
  }

  Env* env() const { return env_; }
  const std::string& dir() const { return dir_; }
  std::string Path(std::string_view name) const { return JoinPath(dir_, name); }

  // A file with these bytes. Not synced: a real disk takes milliseconds for that.
  void Write(std::string_view name, std::string_view bytes) const {
    auto file = env_->NewWritable(Path(name));
    ASSERT_TRUE(file.ok()) << file.status().ToString();
    ASSERT_TRUE((*file)->Append(bytes).ok());
    ASSERT_TRUE((*file)->Close().ok());
  }
  // Replaces a file, if need be.
  void Rewrite(std::string_view name, std::string_view bytes) const {
    (void)env_->Remove(Path(name));
    Write(name, bytes);
  }
  std::string Contents(std::string_view name) const {
    auto source = env_->OpenSource(Path(name), ReadMode::kPread);
    if (!source.ok()) return std::string(source.status().ToString());
    std::string bytes((*source)->size(), '\0');
    EXPECT_TRUE((*source)->Read(0, bytes.size(), reinterpret_cast<uint8_t*>(bytes.data())).ok());
    return bytes;
  }

 private:
  static void RemoveAll(const std::string& dir) {
    const auto names = PosixEnv()->List(dir);
    if (names.ok()) {
      for (const std::string& name : *names) {
        const std::string path = JoinPath(dir, name);
        if (::unlink(path.c_str()) != 0) RemoveAll(path);
      }
    }
    ::rmdir(dir.c_str());
  }

  std::unique_ptr<Env> owned_;
  Env* env_ = nullptr;
  std::string dir_;
};

}  // namespace segue

#endif  // SEGUE_TESTS_IO_TEST_ENV_H_
