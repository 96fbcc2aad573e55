// SPDX-License-Identifier: Apache-2.0
#include "engine/format/manifest.h"

#include <gtest/gtest.h>

#include <functional>
#include <random>
#include <string>

#include "engine/base/limits.h"
#include "tests/format/manifest_samples.h"

namespace segue {
namespace {

absl::StatusOr<Manifest> RoundTrip(const Manifest& manifest) {
  return DecodeManifest(EncodeManifest(manifest), "manifest");
}

// Decoding the example after `change` must fail with data loss and mention `what`.
void ExpectRefused(const std::function<void(Manifest*)>& change, std::string_view what) {
  Manifest manifest = ExampleManifest();
  change(&manifest);
  const absl::Status status = RoundTrip(manifest).status();
  EXPECT_EQ(CodeOf(status), ErrorCode::kDataLoss) << what;
  EXPECT_NE(MessageOf(status).find(what), std::string_view::npos) << status.ToString();
}

TEST(ManifestTest, RoundTrips) {
  EXPECT_EQ(RoundTrip(ExampleManifest()).value(), ExampleManifest());
  Manifest smallest;
  smallest.generation = 1;
  EXPECT_EQ(RoundTrip(smallest).value(), smallest);
  Manifest large = ExampleManifest();
  large.next_segment_id = UINT64_MAX;
  large.payload = std::string(kMaxCommitPayloadBytes, '\0');
  large.features.ignorable = UINT64_MAX;
  for (uint64_t i = 2; i < 300; ++i) {
    ManifestSegment segment;
    segment.id = SegmentId{i * 0x123456789};
    segment.doc_count = kMaxDocsInSegment;
    for (const SegmentFileKind& row : kSegmentFileKinds) {
      segment.files.push_back({FileClass::kImmutable,
                               row.kind,
                               {SegmentFileName(segment.id, row.kind), UINT64_MAX, 0xffffffff}});
    }
    large.segments.push_back(segment);
  }
  EXPECT_EQ(RoundTrip(large).value(), large);
}

TEST(ManifestTest, SumsOverSegments) {
  Manifest manifest = ExampleManifest();
  ManifestSegment second = manifest.segments[0];
  second.doc_count = 10;
  manifest.segments.push_back(second);
  EXPECT_EQ(manifest.DocCount(), 12u);
  EXPECT_EQ(manifest.DeletedCount(), 2u);
  EXPECT_EQ(manifest.segments[0].TotalBytes(), 344u);
  ASSERT_NE(manifest.segments[0].Find(kLiveKind), nullptr);
  EXPECT_EQ(manifest.segments[0].Find(kLiveKind)->info.length, 144u);
  EXPECT_EQ(manifest.segments[0].Find(kTermsKind), nullptr);
}

TEST(ManifestTest, FeatureWords) {
  Manifest manifest = ExampleManifest();
  EXPECT_FALSE(IsReadOnly(manifest));
  manifest.features.ignorable = 1;
  EXPECT_TRUE(RoundTrip(manifest).ok());
  EXPECT_FALSE(IsReadOnly(manifest));
  manifest.features.read_only = uint64_t{1} << 63;
  EXPECT_TRUE(IsReadOnly(RoundTrip(manifest).value()));
  manifest.features.refuse = kZstdFeature | kUpdatableFeature;
  EXPECT_TRUE(RoundTrip(manifest).ok());
  manifest.features.refuse |= 4;
  const absl::Status refused = RoundTrip(manifest).status();
  EXPECT_EQ(CodeOf(refused), ErrorCode::kVersion);
  EXPECT_NE(MessageOf(refused).find("0000000000000004"), std::string_view::npos);
}

TEST(ManifestTest, AFeatureThatChangesTheRestIsAVersionErrorAllTheSame) {
  std::string body = EncodeManifest(ExampleManifest()).substr(0, 24);
  body[16] = 4;
  EXPECT_EQ(CodeOf(DecodeManifest(body + "anything", "m").status()), ErrorCode::kVersion);
}

TEST(ManifestTest, ContradictionsAreRefused) {
  ExpectRefused([](Manifest* m) { m->generation = 0; }, "generation 0");
  ExpectRefused([](Manifest* m) { m->next_segment_id = 0; }, "next segment id 0");
  ExpectRefused([](Manifest* m) { m->fields[1].id = 2; }, "field id not below the next one");
  ExpectRefused([](Manifest* m) { m->fields[1].id = 0; }, "field ids do not ascend");
  ExpectRefused([](Manifest* m) { m->fields[1].name = "id"; }, "field name occurs twice");
  ExpectRefused([](Manifest* m) { m->fields[1].name = ""; }, "field name is empty");
  ExpectRefused([](Manifest* m) { m->fields[1].name = "\xff"; },
                "field name is empty or not UTF-8");
  ExpectRefused([](Manifest* m) { m->fields[1].name = std::string(256, 'x'); },
                "field name is longer than 255");
  ExpectRefused([](Manifest* m) { m->segments[0].id = SegmentId{0}; }, "segment id is 0");
  ExpectRefused([](Manifest* m) { m->segments[0].id = SegmentId{2}; }, "not below the next one");
  ExpectRefused([](Manifest* m) { m->segments.push_back(m->segments[0]); },
                "segment id occurs twice");
  ExpectRefused([](Manifest* m) { m->segments[0].doc_count = 0x7fffffff; }, "too many documents");
  ExpectRefused([](Manifest* m) { m->segments[0].deleted_count = 3; }, "more documents deleted");
  ExpectRefused([](Manifest* m) { m->segments[0].live_generation = 0; }, "no list of live ones");
  ExpectRefused([](Manifest* m) { m->segments[0].live_generation = 4; },
                "is not of live generation 4");
  ExpectRefused([](Manifest* m) { m->segments[0].files[0].file_class = static_cast<FileClass>(3); },
                "unknown class of file");
  ExpectRefused([](Manifest* m) { m->segments[0].files[0].kind = kTermsKind; },
                "has kind \"term\"");
  ExpectRefused([](Manifest* m) { m->segments[0].files[0].info.name = "../../etc/passwd"; },
                "is none of segment");
  ExpectRefused([](Manifest* m) { m->segments[0].files[1] = m->segments[0].files[0]; },
                "occurs twice");
  ExpectRefused([](Manifest* m) { m->payload.resize(kMaxCommitPayloadBytes + 1); },
                "payload is longer");
}

TEST(ManifestTest, FilesOfLaterKindsAreKept) {
  Manifest manifest = ExampleManifest();
  manifest.segments[0].files.push_back(
      {FileClass::kMutable, FileKind::Of("xtra"), {"seg-0000000000000001.extra", 5, 6}});
  EXPECT_EQ(RoundTrip(manifest).value(), manifest);
}

TEST(ManifestTest, EveryTruncationIsRefused) {
  const std::string body = EncodeManifest(ExampleManifest());
  for (size_t size = 0; size < body.size(); ++size) {
    const absl::Status status = DecodeManifest(body.substr(0, size), "m").status();
    ASSERT_EQ(CodeOf(status), ErrorCode::kDataLoss) << size;
  }
  EXPECT_EQ(CodeOf(DecodeManifest(body + std::string(1, '\0'), "m").status()),
            ErrorCode::kDataLoss);
}

TEST(ManifestTest, HugeCountsAllocateNothing) {
  // The count of fields is right after the two strings.
  Manifest manifest;
  manifest.generation = 1;
  std::string body = EncodeManifest(manifest);
  body.resize(body.size() - 2);
  body += "\xff\xff\xff\xff\x0f";
  const absl::Status status = DecodeManifest(body, "m").status();
  EXPECT_EQ(CodeOf(status), ErrorCode::kDataLoss);
  EXPECT_NE(MessageOf(status).find("number of fields is 4294967295"), std::string_view::npos);
}

// Whatever a damaged body decodes to encodes again to something that decodes to the same.
TEST(ManifestTest, RandomDamageIsRefusedOrStable) {
  const std::string good = EncodeManifest(ExampleManifest());
  std::mt19937 random(20240607);
  int decoded = 0;
  for (int round = 0; round < 100000; ++round) {
    std::string body = good;
    for (uint32_t left = random() % 3 + 1; left > 0; --left) {
      body[random() % body.size()] = static_cast<char>(random());
    }
    const absl::StatusOr<Manifest> manifest = DecodeManifest(body, "m");
    if (!manifest.ok()) {
      const ErrorCode code = CodeOf(manifest.status());
      ASSERT_TRUE(code == ErrorCode::kDataLoss || code == ErrorCode::kVersion);
      continue;
    }
    ++decoded;
    ASSERT_EQ(RoundTrip(*manifest).value(), *manifest);
  }
  EXPECT_GT(decoded, 1000);
}

}  // namespace
}  // namespace segue
