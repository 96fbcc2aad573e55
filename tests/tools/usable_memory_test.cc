// SPDX-License-Identifier: Apache-2.0
#include "tools/usable_memory.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

namespace segue {
namespace {

constexpr uint64_t kMachine = uint64_t{8000} * 1024;

class UsableMemoryTest : public testing::Test {
 protected:
  void SetUp() override {
    root_ = testing::TempDir() + "usable_memory_" +
            testing::UnitTest::GetInstance()->current_test_info()->name();
    std::filesystem::remove_all(root_);
    Write("/proc/meminfo", "MemFree:            1000 kB\nMemTotal:           8000 kB\n");
  }
  void TearDown() override { std::filesystem::remove_all(root_); }

  void Write(const std::string& path, const std::string& text) {
    std::filesystem::create_directories(std::filesystem::path(root_ + path).parent_path());
    std::ofstream(root_ + path) << text;
  }

  std::string root_;
};

TEST_F(UsableMemoryTest, IsTheMachinesWithoutGroups) {
  EXPECT_EQ(UsableMemoryBytes(root_), kMachine);
  Write("/proc/self/cgroup", "0::/\n");
  EXPECT_EQ(UsableMemoryBytes(root_), kMachine);
}

TEST_F(UsableMemoryTest, IsTheLeastLimitOfTheGroupsAround) {
  Write("/proc/self/cgroup", "0::/jobs/index\n");
  Write("/sys/fs/cgroup/jobs/index/memory.max", "max\n");
  EXPECT_EQ(UsableMemoryBytes(root_), kMachine);
  Write("/sys/fs/cgroup/jobs/memory.max", "2097152\n");
  EXPECT_EQ(UsableMemoryBytes(root_), 2097152u);
  Write("/sys/fs/cgroup/memory.high", "1048576\n");
  EXPECT_EQ(UsableMemoryBytes(root_), 1048576u);
  Write("/sys/fs/cgroup/jobs/index/memory.max", "4096\n");
  EXPECT_EQ(UsableMemoryBytes(root_), 4096u);
}

TEST_F(UsableMemoryTest, KnowsGroupsOfVersionOne) {
  Write("/proc/self/cgroup", "5:cpu,memory:/job\n4:memoryless:/other\nnonsense\n0::/\n");
  Write("/sys/fs/cgroup/memory/job/memory.limit_in_bytes", "9223372036854771712\n");
  Write("/sys/fs/cgroup/memory/other/memory.limit_in_bytes", "1\n");
  EXPECT_EQ(UsableMemoryBytes(root_), kMachine);
  Write("/sys/fs/cgroup/memory/job/memory.limit_in_bytes", "1234567\n");
  EXPECT_EQ(UsableMemoryBytes(root_), 1234567u);
}

// A container shows its own group at the root, and names the host's path.
TEST_F(UsableMemoryTest, GoesUpToTheRootOfAContainer) {
  Write("/proc/self/cgroup", "3:memory:/host/path\n");
  Write("/sys/fs/cgroup/memory/memory.limit_in_bytes", "65536\n");
  EXPECT_EQ(UsableMemoryBytes(root_), 65536u);
}

TEST_F(UsableMemoryTest, IsNotKnownWhereNothingTells) {
  EXPECT_EQ(UsableMemoryBytes(root_ + "/nowhere"), 0u);
  Write("/proc/meminfo", "MemTotal:\n");
  EXPECT_EQ(UsableMemoryBytes(root_), 0u);
}

TEST(DefaultMemory, IsAQuarterOfWhatThereIs) {
  constexpr uint64_t kMiB = uint64_t{1} << 20;
  EXPECT_EQ(DefaultMemoryBytes(24105 * kMiB), 1024 * kMiB);
  EXPECT_EQ(DefaultMemoryBytes(4096 * kMiB), 1024 * kMiB);
  // A machine sold with 4 GB tells a little less.
  EXPECT_EQ(DefaultMemoryBytes(3900 * kMiB), 512 * kMiB);
  EXPECT_EQ(DefaultMemoryBytes(512 * kMiB), 128 * kMiB);
  EXPECT_EQ(DefaultMemoryBytes(1000), kMiB);
  EXPECT_EQ(DefaultMemoryBytes(0), 256 * kMiB);
}

}  // namespace
}  // namespace segue
