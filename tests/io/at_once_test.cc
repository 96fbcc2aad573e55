// SPDX-License-Identifier: Apache-2.0
#include "engine/io/at_once.h"

#include <gtest/gtest.h>

#include <atomic>
#include <cstddef>
#include <memory>
#include <new>
#include <string>
#include <utility>
#include <vector>

#include "engine/base/status.h"
#include "engine/base/strings.h"
#include "segue/env.h"

namespace segue {
namespace {

TEST(AtOnceThreadsTest, EachCallOnce) {
  for (const size_t count : {0, 1, 2, 9, 100}) {
    std::vector<std::atomic<int>> calls(count);
    const std::vector<absl::Status> statuses = DoAtOnce(count, [&calls](size_t i) {
      ++calls[i];
      return i % 3 == 2 ? Error(ErrorCode::kIo, Cat("call ", i)) : absl::OkStatus();
    });
    ASSERT_EQ(statuses.size(), count);
    for (size_t i = 0; i < count; ++i) {
      EXPECT_EQ(calls[i], 1);
      EXPECT_EQ(statuses[i].message(), i % 3 == 2 ? Cat("call ", i) : "");
    }
  }
}

TEST(AtOnceThreadsTest, NoMemoryIsThrownWhenAllAreDone) {
  std::atomic<int> calls = 0;
  EXPECT_THROW(DoAtOnce(20,
                        [&calls](size_t i) -> absl::Status {
                          ++calls;
                          if (i == 5) throw std::bad_alloc();
                          return absl::OkStatus();
                        }),
               std::bad_alloc);
  EXPECT_EQ(calls, 20);
}

class FailingFile final : public WritableFile {
 public:
  explicit FailingFile(std::string message) : message_(std::move(message)) {}
  absl::Status Append(std::string_view) override { return absl::OkStatus(); }
  absl::Status Sync() override {
    ++syncs;
    return message_.empty() ? absl::OkStatus() : Error(ErrorCode::kIo, message_);
  }
  absl::Status Close() override { return absl::OkStatus(); }
  std::atomic<int> syncs = 0;

 private:
  const std::string message_;
};

TEST(AtOnceThreadsTest, TheFirstSyncThatFailed) {
  std::vector<std::unique_ptr<FailingFile>> files;
  std::vector<WritableFile*> pointers;
  for (size_t i = 0; i < 20; ++i) {
    files.push_back(std::make_unique<FailingFile>(i == 5 || i == 15 ? Cat("file ", i) : ""));
    pointers.push_back(files.back().get());
  }
  EXPECT_EQ(PosixEnv()->SyncAll(pointers).message(), "file 5");
  for (const auto& file : files) EXPECT_EQ(file->syncs, 1);
  pointers.resize(5);
  EXPECT_TRUE(PosixEnv()->SyncAll(pointers).ok());
}

}  // namespace
}  // namespace segue
