// SPDX-License-Identifier: Apache-2.0
// A framed file on a disk that fails at every operation in turn.
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "engine/base/status.h"
#include "engine/io/fault_env.h"
#include "engine/io/framed_file.h"

namespace segue {
namespace {

constexpr FileKind kKind = FileKind::Of("test");

absl::StatusOr<FileInfo> WriteBig(Env* env) {
  SEGUE_ASSIGN_OR_RETURN(const auto writer, FramedWriter::Create(env, "f", kKind, 1, SegmentId{1}));
  for (int i = 0; i < 30; ++i) {
    SEGUE_RETURN_IF_ERROR(writer->Append(std::string(100000, static_cast<char>('a' + i))));
  }
  SEGUE_RETURN_IF_ERROR(writer->Append(std::string(2000000, 'z')));
  return writer->Finish();
}

absl::Status ReadBig(Env* env) {
  OpenOptions options;
  options.read_mode = ReadMode::kPread;
  SEGUE_ASSIGN_OR_RETURN(const Section section, OpenFramed(env, "f", kKind, SegmentId{1}, options));
  SEGUE_RETURN_IF_ERROR(section.Pin(100000, 10).status());
  return section.PinAll().status();
}

TEST(FramedFaultTest, EveryFailingOperationFailsTheFileAndLeavesNothing) {
  FaultEnv counting;
  ASSERT_TRUE(WriteBig(&counting).ok());
  const std::vector<FaultEnv::Op> ops = counting.ops();
  ASSERT_GT(ops.size(), 6u);
  for (const absl::Status& error : {FaultEnv::DiskFull(), FaultEnv::IoError()}) {
    for (size_t n = 0; n < ops.size(); ++n) {
      for (const bool halfway : {false, true}) {
        FaultEnv env;
        if (halfway) {
          env.FailHalfwayAt(n, error);
        } else {
          env.FailAt(n, error);
        }
        const absl::Status status = WriteBig(&env).status();
        EXPECT_EQ(CodeOf(status), ErrorCode::kIo) << ops[n].ToString();
        EXPECT_EQ(IsSyncFailure(status), ops[n].kind == FaultEnv::OpKind::kSync);
        EXPECT_FALSE(env.Exists("f").value()) << ops[n].ToString();
        env.ClearFaults();
        EXPECT_TRUE(WriteBig(&env).ok());
        EXPECT_TRUE(ReadBig(&env).ok());
      }
    }
  }
}

TEST(FramedFaultTest, EveryFailingReadIsReported) {
  FaultEnv env;
  ASSERT_TRUE(WriteBig(&env).ok());
  env.ClearOps();
  ASSERT_TRUE(ReadBig(&env).ok());
  const std::vector<FaultEnv::Op> ops = env.ops();
  for (size_t n = 0; n < ops.size(); ++n) {
    env.ClearOps();
    env.ClearFaults();
    env.FailAt(n, FaultEnv::IoError());
    EXPECT_EQ(CodeOf(ReadBig(&env)), ErrorCode::kIo) << ops[n].ToString();
  }
}

// Bytes whose checksum was compared are copied again by the next Pin, which may fail by itself.
TEST(FramedFaultTest, AFailingSecondReadIsReported) {
  FaultEnv env;
  ASSERT_TRUE(WriteBig(&env).ok());
  OpenOptions options;
  options.read_mode = ReadMode::kPread;
  const Section section = OpenFramed(&env, "f", kKind, SegmentId{1}, options).value();
  ASSERT_TRUE(section.Pin(100000, 10).ok());
  env.ClearOps();
  env.FailAt(0, FaultEnv::IoError());
  EXPECT_EQ(CodeOf(section.Pin(100000, 10).status()), ErrorCode::kIo);
  EXPECT_EQ(section.Pin(100000, 10)->view(), "bbbbbbbbbb");
}

TEST(FramedFaultTest, AnyTornOrLostWriteIsFound) {
  FaultEnv written;
  ASSERT_TRUE(written.SyncDir(".").ok());
  {
    auto writer = FramedWriter::Create(&written, "f", kKind, 1, SegmentId{1});
    ASSERT_TRUE(writer.ok());
    ASSERT_TRUE((*writer)->Append(std::string(3000000, 'x')).ok());
    written.IgnoreSyncAt(written.op_count() + 1);  // the append of the tail comes first
    ASSERT_TRUE((*writer)->Finish().ok());
    ASSERT_TRUE(written.SyncDir(".").ok());
  }
  const std::vector<FaultEnv::Pending> pending = written.pending();
  ASSERT_GE(pending.size(), 3u);
  ASSERT_LT(pending.size(), 10u);
  for (size_t subset = 0; subset + 1 < size_t{1} << pending.size(); ++subset) {
    const auto env = written.Clone();
    FaultEnv::CrashPlan plan;
    for (size_t i = 0; i < pending.size(); ++i) plan.keep.push_back((subset >> i & 1) != 0);
    env->Crash(plan);
    EXPECT_EQ(CodeOf(ReadBig(env.get())), ErrorCode::kDataLoss) << subset;
  }
  for (size_t i = 0; i < pending.size(); ++i) {
    for (const uint64_t torn : {uint64_t{0}, uint64_t{512}, uint64_t{4096}}) {
      if (torn >= pending[i].bytes) continue;
      const auto env = written.Clone();
      FaultEnv::CrashPlan plan;
      plan.keep_all = true;
      plan.torn_index = i;
      plan.torn_bytes = torn;
      env->Crash(plan);
      EXPECT_EQ(CodeOf(ReadBig(env.get())), ErrorCode::kDataLoss) << i << " " << torn;
    }
  }
  const auto whole = written.Clone();
  FaultEnv::CrashPlan all;
  all.keep_all = true;
  whole->Crash(all);
  EXPECT_TRUE(ReadBig(whole.get()).ok());
}

absl::StatusOr<std::vector<FileInfo>> WriteThree(Env* env) {
  std::vector<std::unique_ptr<FramedWriter>> writers;
  std::vector<FramedWriter*> pointers;
  for (const char* name : {"a", "b", "c"}) {
    SEGUE_ASSIGN_OR_RETURN(writers.emplace_back(),
                           FramedWriter::Create(env, name, kKind, 1, SegmentId{1}));
    SEGUE_RETURN_IF_ERROR(writers.back()->Append(name));
    pointers.push_back(writers.back().get());
  }
  return FramedWriter::FinishAll(env, pointers);
}

TEST(FramedFaultTest, SeveralAreFinishedOrNone) {
  FaultEnv whole;
  const auto infos = WriteThree(&whole);
  ASSERT_TRUE(infos.ok()) << infos.status();
  ASSERT_EQ(infos->size(), 3u);
  for (const FileInfo& info : *infos) {
    EXPECT_TRUE(VerifyFile(&whole, info.name, info).ok());
  }
  const std::vector<FaultEnv::Op> ops = whole.ops();
  for (size_t n = 0; n < ops.size(); ++n) {
    // What follows the writing, which is to be looked at as it ended.
    if (ops[n].kind == FaultEnv::OpKind::kOpen) break;
    FaultEnv env;
    env.FailAt(n, FaultEnv::IoError());
    const absl::Status status = WriteThree(&env).status();
    EXPECT_EQ(CodeOf(status), ErrorCode::kIo) << ops[n].ToString();
    EXPECT_EQ(IsSyncFailure(status), ops[n].kind == FaultEnv::OpKind::kSync) << ops[n].ToString();
    for (const char* name : {"a", "b", "c"}) {
      EXPECT_FALSE(env.Exists(name).value()) << name << " after " << ops[n].ToString();
    }
  }
}

}  // namespace
}  // namespace segue
