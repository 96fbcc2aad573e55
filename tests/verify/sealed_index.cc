// SPDX-License-Identifier: Apache-2.0
#include "tests/verify/sealed_index.h"

#include <gtest/gtest.h>

#include <utility>

#include "engine/format/file_kind.h"
#include "engine/format/manifest_io.h"
#include "engine/io/framed_file.h"
#include "engine/io/memory_env.h"
#include "engine/io/section.h"
#include "engine/write/index_writer.h"

namespace segue {
namespace {

std::string PathOf(const std::string& name) { return std::string(kIndexFolder) + "/" + name; }

FileImage* Find(std::vector<FileImage>* files, const std::string& name) {
  for (FileImage& file : *files) {
    if (file.name == name) return &file;
  }
  return nullptr;
}

std::string ManifestName(const std::vector<FileImage>& files) {
  std::string newest;
  for (const FileImage& file : files) {
    if (file.name.starts_with("manifest-")) newest = std::max(newest, file.name);
  }
  return newest;
}

// The body of a file, and what frames it.
std::string BodyOf(Env* env, const std::string& name, FrameInfo* info) {
  auto frame = ReadFrameInfo(env, PathOf(name));
  EXPECT_TRUE(frame.ok()) << frame.status();
  if (!frame.ok()) return {};
  *info = *frame;
  OpenOptions options;
  options.max_version = info->version;
  auto body = OpenFramed(env, PathOf(name), info->kind, info->segment, options);
  EXPECT_TRUE(body.ok()) << body.status();
  if (!body.ok()) return {};
  auto bytes = body->PinAll();
  EXPECT_TRUE(bytes.ok()) << bytes.status();
  return bytes.ok() ? std::string(bytes->view()) : std::string();
}

}  // namespace

std::unique_ptr<Env> BuildIndex(const Schema& schema, const std::vector<Document>& documents,
                                size_t flush_every, const std::vector<std::string>& deleted) {
  std::unique_ptr<Env> env = NewMemoryEnv();
  IndexWriterOptions options;
  options.auto_merge = false;
  absl::Status status = IndexWriter::Create(env.get(), kIndexFolder, schema, options);
  EXPECT_TRUE(status.ok()) << status;
  auto writer = IndexWriter::Open(env.get(), kIndexFolder, options);
  EXPECT_TRUE(writer.ok()) << writer.status();
  if (!writer.ok()) return env;
  for (size_t i = 0; i < documents.size(); ++i) {
    status = (*writer)->Add(documents[i]);
    EXPECT_TRUE(status.ok()) << status;
    if (flush_every > 0 && (i + 1) % flush_every == 0) {
      EXPECT_TRUE((*writer)->Flush().ok());
    }
  }
  EXPECT_TRUE((*writer)->Commit().ok());
  if (deleted.empty()) return env;
  for (const std::string& key : deleted) EXPECT_TRUE((*writer)->Delete(key).ok());
  const Field* const plays = schema.Find("plays");
  if (plays != nullptr && plays->options.updatable) {
    EXPECT_TRUE(*(*writer)->SetValue("k1", "plays", Value(int64_t{17})));
  }
  EXPECT_TRUE((*writer)->Commit().ok());
  return env;
}

std::vector<FileImage> ReadFiles(Env* env) {
  std::vector<FileImage> files;
  const auto names = env->List(kIndexFolder);
  EXPECT_TRUE(names.ok());
  for (const std::string& name : *names) {
    if (name.ends_with(".lock")) continue;
    auto source = env->OpenSource(PathOf(name), ReadMode::kPread);
    EXPECT_TRUE(source.ok()) << source.status();
    std::string bytes((*source)->size(), '\0');
    EXPECT_TRUE((*source)->Read(0, bytes.size(), reinterpret_cast<uint8_t*>(bytes.data())).ok());
    files.push_back({name, std::move(bytes)});
  }
  return files;
}

std::unique_ptr<Env> WriteFiles(const std::vector<FileImage>& files) {
  std::unique_ptr<Env> env = NewMemoryEnv();
  EXPECT_TRUE(env->CreateDir(kIndexFolder).ok());
  for (const FileImage& file : files) {
    auto out = env->NewWritable(PathOf(file.name));
    EXPECT_TRUE(out.ok()) << out.status();
    EXPECT_TRUE((*out)->Append(file.bytes).ok());
    EXPECT_TRUE((*out)->Close().ok());
  }
  return env;
}

void ChangeManifest(std::vector<FileImage>* files, const std::function<void(Manifest*)>& change) {
  const std::unique_ptr<Env> env = WriteFiles(*files);
  auto manifest = ReadNewestManifest(env.get(), kIndexFolder);
  ASSERT_TRUE(manifest.ok()) << manifest.status();
  change(&*manifest);
  FrameInfo info;
  const std::string name = ManifestName(*files);
  BodyOf(env.get(), name, &info);
  Find(files, name)->bytes =
      FrameBytes(info.kind, info.version, info.segment, EncodeManifest(*manifest));
}

bool ChangeSealed(std::vector<FileImage>* files, const std::string& name,
                  const std::function<void(std::string* body)>& change) {
  const std::unique_ptr<Env> env = WriteFiles(*files);
  FrameInfo info;
  const std::string before = BodyOf(env.get(), name, &info);
  std::string body = before;
  change(&body);
  if (body == before) return false;
  FileImage* file = Find(files, name);
  file->bytes = FrameBytes(info.kind, info.version, info.segment, body);
  if (name.starts_with("manifest-")) return true;  // which no other file speaks of

  // What the manifest says of the file comes from the file itself.
  const std::unique_ptr<Env> changed = WriteFiles(*files);
  const auto frame = ReadFrameInfo(changed.get(), PathOf(name));
  EXPECT_TRUE(frame.ok()) << frame.status();
  ChangeManifest(files, [&](Manifest* manifest) {
    for (ManifestSegment& segment : manifest->segments) {
      for (ManifestFile& listed : segment.files) {
        if (listed.info.name == name) listed.info = frame->file;
      }
    }
  });
  return true;
}

}  // namespace segue
