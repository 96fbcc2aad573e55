// SPDX-License-Identifier: Apache-2.0
#include "engine/format/file_name.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace segue {
namespace {

using Type = ParsedFileName::Type;

TEST(FileNameTest, NamesAndTheirParts) {
  EXPECT_EQ(ManifestFileName(26), "manifest-000000000000001a");
  EXPECT_EQ(SegmentFileName(SegmentId{1}, kTermsKind), "seg-0000000000000001.terms");
  EXPECT_EQ(LiveFileName(SegmentId{UINT64_MAX}, 3), "seg-ffffffffffffffff.live-0000000000000003");

  const auto manifest = ParseFileName("manifest-000000000000001a");
  EXPECT_EQ(manifest, (ParsedFileName{Type::kManifest, 26, {}, kManifestKind}));
  const auto temporary = ParseFileName("manifest-000000000000001a.tmp");
  EXPECT_EQ(temporary, (ParsedFileName{Type::kManifestTemporary, 26, {}, kManifestKind}));
  const auto live = ParseFileName("seg-00000000000000ff.live-0000000000000003");
  EXPECT_EQ(live, (ParsedFileName{Type::kLive, 3, SegmentId{255}, kLiveKind}));
  EXPECT_EQ(ParseFileName("segue.lock")->type, Type::kLock);
}

TEST(FileNameTest, EveryKindRoundTripsUnderItsOwnName) {
  std::set<std::string> names;
  std::set<uint32_t> fourccs;
  for (const SegmentFileKind& row : kSegmentFileKinds) {
    const std::string name = SegmentFileName(SegmentId{9}, row.kind);
    EXPECT_TRUE(names.insert(name).second);
    EXPECT_TRUE(fourccs.insert(row.kind.fourcc).second);
    EXPECT_EQ(ParseFileName(name), (ParsedFileName{Type::kSegment, 0, SegmentId{9}, row.kind}));
    EXPECT_TRUE(IsFileNameOfSegment(name, SegmentId{9}));
  }
}

TEST(FileNameTest, NothingElseIsOurs) {
  for (const char* name : {"",
                           ".",
                           "..",
                           "manifest",
                           "manifest-",
                           "manifest-1",
                           "manifest-000000000000001A",
                           "manifest-00000000000000001",
                           "manifest-000000000000001a.tmp2",
                           "manifest-000000000000001a.",
                           "Manifest-000000000000001a",
                           "seg-1.terms",
                           "seg-0000000000000001",
                           "seg-0000000000000001.",
                           "seg-0000000000000001.docx",
                           "seg-0000000000000001.terms.bak",
                           "seg-0000000000000001.live",
                           "seg-0000000000000001.live-1",
                           "seg-0000000000000001.live-0000000000000001x",
                           "seg-000000000000000g.terms",
                           "segue.lock2",
                           "lock",
                           "data.bin",
                           "seg-0000000000000001/x"}) {
    EXPECT_EQ(ParseFileName(name), std::nullopt) << name;
  }
}

TEST(FileNameTest, NamesInAManifestCannotLeaveTheDirectory) {
  const SegmentId id{1};
  EXPECT_TRUE(IsFileNameOfSegment("seg-0000000000000001.vector-codes2", id));
  EXPECT_FALSE(IsFileNameOfSegment("seg-0000000000000002.terms", id));
  EXPECT_FALSE(IsFileNameOfSegment("seg-0000000000000001.", id));
  EXPECT_FALSE(IsFileNameOfSegment("seg-0000000000000001.a/b", id));
  EXPECT_FALSE(IsFileNameOfSegment("seg-0000000000000001...", id));
  EXPECT_FALSE(IsFileNameOfSegment("../seg-0000000000000001.terms", id));
  EXPECT_FALSE(IsFileNameOfSegment("seg-0000000000000001.A", id));
  EXPECT_FALSE(IsFileNameOfSegment(std::string("seg-0000000000000001.a\0", 23), id));
  EXPECT_FALSE(IsFileNameOfSegment("seg-0000000000000001." + std::string(65, 'a'), id));
}

}  // namespace
}  // namespace segue
