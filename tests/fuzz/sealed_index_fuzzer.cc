// SPDX-License-Identifier: Apache-2.0
//
// An index whose bytes are changed behind valid checksums: open it, ask it everything, verify it,
// merge it. Five bytes a change: which file, where (two bytes), how, and with what. A change of the
// list of files itself goes the same way.
//
// Promises: an answer or an error of the caller's kinds, never anything else; results in their
// order, scores that are numbers, documents that there are.
#include <gtest/gtest.h>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "engine/verify/verify.h"
#include "segue/index.h"
#include "segue/query.h"
#include "segue/status.h"
#include "tests/fuzz/require.h"
#include "tests/verify/questions.h"
#include "tests/verify/sealed_index.h"

namespace {

using namespace segue;

constexpr size_t kMostChanges = 8;

const std::vector<FileImage>& SmallIndex() {
  static const auto& files = *new std::vector<FileImage>(
      ReadFiles(BuildIndex(QuestionSchema(), QuestionDocuments(150), 90, {"k2", "k100"}).get()));
  return files;
}

void Change(uint8_t how, uint8_t with, size_t at, std::string* body) {
  if (body->empty()) return;
  at %= body->size();
  switch (how % 5) {
    case 0:
      (*body)[at] = static_cast<char>(with);
      break;
    case 1:
      (*body)[at] = static_cast<char>((*body)[at] + 1 + with % 3);
      break;
    case 2:  // as if it were larger, or smaller, than it is
      for (size_t i = at; i < std::min<size_t>(at + with % 9, body->size()); ++i) {
        (*body)[i] = with % 2 == 0 ? '\0' : '\xff';
      }
      break;
    case 3:
      body->erase(at, 1 + with);
      break;
    default:
      body->insert(at, 1 + with % 64, static_cast<char>(with));
      break;
  }
}

void RequireOrdinary(const absl::Status& status) {
  switch (CodeOf(status)) {
    case ErrorCode::kOk:
    case ErrorCode::kDataLoss:
    case ErrorCode::kVersion:
    case ErrorCode::kNotFound:
    case ErrorCode::kResourceExhausted:
    case ErrorCode::kInvalidArgument:
    case ErrorCode::kFailedPrecondition:
      return;
    default:
      std::fprintf(stderr, "%s\n", status.ToString().c_str());
      std::abort();
  }
}

// Those that stand for many terms are not among the questions.
void AskPatterns(Env* env) {
  const auto index = Index::Open(kIndexFolder, {.env = env});
  if (!index.ok()) return RequireOrdinary(index.status());
  const auto snapshot = index->OpenSnapshot();
  if (!snapshot.ok()) return RequireOrdinary(snapshot.status());
  const Query queries[] = {Query::Prefix("body", "w"),
                           Query::Wildcard("body", "*o*"),
                           Query::Regexp("body", "[a-m].*"),
                           Query::Fuzzy("body", "word33"),
                           Query::TermRange("tag", {.from = "a", .to = "x"}),
                           Query::All()};
  for (const Query& query : queries) {
    const auto result = (*snapshot)->Search(query, {.k = 50});
    RequireOrdinary(result.status());
    if (!result.ok()) continue;
    for (size_t i = 0; i < result->hits.size(); ++i) {
      Require(result->hits[i].doc < (*snapshot)->doc_count(), "a document that there is");
      Require(!std::isnan(result->hits[i].score), "a score that is a number");
      Require(i == 0 || RanksBefore(result->hits[i - 1], result->hits[i]), "hits in their order");
    }
  }
}

// Whoever merges reads all of it.
void Merge(Env* env) {
  const auto index = Index::Open(kIndexFolder, {.env = env});
  if (!index.ok()) return;
  const auto writer = index->OpenWriter();
  if (!writer.ok()) return RequireOrdinary(writer.status());
  RequireOrdinary((*writer)->ForceMerge(1).status());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  std::vector<FileImage> files = SmallIndex();
  for (size_t i = 0; i + 5 <= size && i < 5 * kMostChanges; i += 5) {
    const std::string name = files[data[i] % files.size()].name;
    if (name.starts_with("manifest-")) continue;
    const size_t at = data[i + 1] + 256u * data[i + 2];
    ChangeSealed(&files, name,
                 [&](std::string* body) { Change(data[i + 3], data[i + 4], at, body); });
  }
  const auto env = WriteFiles(files);
  for (const Answer& answer : AskEverything(env.get(), ReadMode::kMmap)) {
    RequireOrdinary(answer.status);
  }
  AskPatterns(env.get());
  const auto report = VerifyIndex(env.get(), kIndexFolder);
  RequireOrdinary(report.status());
  Merge(env.get());
  return 0;
}
