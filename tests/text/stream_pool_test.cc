// SPDX-License-Identifier: Apache-2.0
#include "engine/text/stream_pool.h"

#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "tests/text/text_test_util.h"

namespace segue {
namespace {

std::string FirstTerm(AnalysisStream* stream, std::string_view text) {
  if (!stream->Start(text).ok()) return "";
  const TokenBatch* batch = stream->Next();
  return batch == nullptr ? "" : std::string(batch->term(0));
}

TEST(StreamPoolTest, KeepsOneStreamForAThread) {
  StreamPool pool(MakeAnalyzer("standard"));
  std::unique_ptr<AnalysisStream> first = pool.Take();
  std::unique_ptr<AnalysisStream> second = pool.Take();
  AnalysisStream* const kept = second.get();
  EXPECT_NE(first, second);
  pool.Return(std::move(first));
  pool.Return(std::move(second));
  EXPECT_EQ(pool.Take().get(), kept);
}

TEST(StreamPoolTest, AStreamGivenBackHalfWayStartsAfresh) {
  StreamPool pool(MakeAnalyzer("english"));
  std::unique_ptr<AnalysisStream> stream = pool.Take();
  const std::string text = std::string(100'000, 'a') + " of the running dens";
  ASSERT_TRUE(stream->Start(text).ok());
  ASSERT_NE(stream->Next(), nullptr);
  pool.Return(std::move(stream));
  stream = pool.Take();
  EXPECT_EQ(FirstTerm(stream.get(), "Dens"), "den");
}

TEST(StreamPoolTest, ManyThreadsNeverShareAStream) {
  StreamPool pool(MakeAnalyzer("standard"));
  std::vector<std::thread> threads;
  for (int t = 0; t < 20; ++t) {
    threads.emplace_back([&pool, t] {
      const std::string word = "word" + std::to_string(t);
      for (int i = 0; i < 200; ++i) {
        std::unique_ptr<AnalysisStream> stream = pool.Take();
        EXPECT_EQ(FirstTerm(stream.get(), word), word);
        pool.Return(std::move(stream));
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
}

}  // namespace
}  // namespace segue
