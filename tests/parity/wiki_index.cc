// SPDX-License-Identifier: Apache-2.0
#include "tests/parity/wiki_index.h"

#include <unistd.h>

#include <filesystem>
#include <utility>

#include "engine/base/strings.h"
#include "engine/io/memory_env.h"
#include "gtest/gtest.h"
#include "tests/support/shared_data.h"

namespace segue {
namespace {

struct Built {
  std::string folder;  // removed at exit; empty: in memory
  std::unique_ptr<Env> env;
  std::unique_ptr<Index> index;
  std::shared_ptr<const Snapshot> snapshot;

  ~Built() {
    snapshot.reset();
    std::error_code ignored;
    if (!folder.empty()) std::filesystem::remove_all(folder, ignored);
  }
};

Schema SchemaOf(const std::string& analyzer, std::string_view join) {
  Schema schema;
  EXPECT_TRUE(schema.AddField("id", {.type = FieldType::kKeyword}).ok());
  FieldOptions text;
  text.analyzer = analyzer;
  text.from = {"title", "text"};
  text.join = std::string(join);
  EXPECT_TRUE(schema.AddField("body", text).ok());
  EXPECT_TRUE(schema.SetKey("id").ok());
  return schema;
}

void Build(const std::string& file, const Schema& schema, const std::string& path, Env* env,
           Built* built) {
  auto index = Index::Create(path, schema, {.env = env});
  ASSERT_TRUE(index.ok()) << index.status();
  built->index = std::make_unique<Index>(*std::move(index));
  auto writer = built->index->OpenWriter();
  ASSERT_TRUE(writer.ok()) << writer.status();
  absl::Status first_error;
  const size_t lines = ForEachLine(file, [&](std::string_view line) {
    absl::StatusOr<Document> document = Document::FromJson(line, schema);
    const absl::Status status = document.ok() ? (*writer)->Add(*document) : document.status();
    if (first_error.ok() && !status.ok()) first_error = status;
  });
  ASSERT_GT(lines, 0u) << file;
  ASSERT_TRUE(first_error.ok()) << first_error;
  const auto merged = (*writer)->ForceMerge(1);
  ASSERT_TRUE(merged.ok()) << merged.status();
  auto snapshot = built->index->OpenSnapshot();
  ASSERT_TRUE(snapshot.ok()) << snapshot.status();
  built->snapshot = *std::move(snapshot);
}

}  // namespace

std::shared_ptr<const Snapshot> WikiSnapshot() {
  static Built built;
  if (built.snapshot == nullptr && built.folder.empty()) {
    built.folder =
        (std::filesystem::temp_directory_path() / Cat("segue-parity-", getpid())).string();
    Build(SharedDataDir() + "/enwiki.jsonl.xz", SchemaOf("standard", "\n"), built.folder, nullptr,
          &built);
  }
  return built.snapshot;
}

std::shared_ptr<const Snapshot> CollectionSnapshot(const std::string& name,
                                                   const std::string& analyzer) {
  static std::map<std::string, Built> all;
  Built& built = all[name + "." + analyzer];
  if (built.snapshot == nullptr) {
    built.env = NewMemoryEnv();
    Build(SharedDataDir() + "/collections/" + name + "/docs.jsonl", SchemaOf(analyzer, " "),
          "collection", built.env.get(), &built);
  }
  return built.snapshot;
}

}  // namespace segue
