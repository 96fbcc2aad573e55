// SPDX-License-Identifier: Apache-2.0
// The input is the body of a manifest, put into a frame with fresh checksums (a checksum keeps no
// attacker out), and then, as it is, a whole framed file.
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "engine/format/manifest_io.h"
#include "engine/io/fault_env.h"
#include "engine/io/framed_file.h"

namespace segue {
namespace {

// Anything but these is a bug.
void CheckError(const absl::Status& status) {
  const ErrorCode code = CodeOf(status);
  if (code != ErrorCode::kDataLoss && code != ErrorCode::kVersion) __builtin_trap();
}

void ReadAsBody(std::string_view body) {
  const absl::StatusOr<Manifest> manifest = DecodeManifest(body, "manifest");
  if (!manifest.ok()) return CheckError(manifest.status());
  const absl::StatusOr<Manifest> again = DecodeManifest(EncodeManifest(*manifest), "manifest");
  if (!again.ok() || !(*again == *manifest)) __builtin_trap();

  FaultEnv env;
  const std::string name = ManifestFileName(manifest->generation);
  env.SetContents(
      name, FrameBytes(kManifestKind, kManifestVersion, SegmentId{manifest->generation}, body));
  const absl::StatusOr<Manifest> read = ReadNewestManifest(&env, ".");
  if (!read.ok() || !(*read == *manifest)) __builtin_trap();
  if (!ListOrphans(&env, ".", *read).ok()) __builtin_trap();
}

void ReadAsFile(std::string_view file) {
  FaultEnv env;
  env.SetContents(ManifestFileName(1), std::string(file));
  const absl::StatusOr<Manifest> manifest = ReadNewestManifest(&env, ".");
  if (!manifest.ok()) CheckError(manifest.status());
  const absl::StatusOr<FrameInfo> info = ReadFrameInfo(&env, ManifestFileName(1));
  if (!info.ok()) return CheckError(info.status());
  OpenOptions options;
  options.max_version = UINT32_MAX;
  const absl::StatusOr<Section> body =
      OpenFramed(&env, ManifestFileName(1), info->kind, info->segment, options);
  if (!body.ok()) return CheckError(body.status());
  if (body->size() != info->body_length) __builtin_trap();
  const absl::StatusOr<PinnedBytes> bytes = body->PinAll();
  if (!bytes.ok()) CheckError(bytes.status());
}

}  // namespace
}  // namespace segue

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  segue::ReadAsBody(input);
  segue::ReadAsFile(input);
  return 0;
}
