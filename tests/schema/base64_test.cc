// SPDX-License-Identifier: Apache-2.0
#include "engine/schema/base64.h"

#include <gtest/gtest.h>

#include "segue/status.h"

namespace segue {
namespace {

// RFC 4648, section 10.
TEST(Base64Test, KnownForms) {
  const std::pair<std::string, std::string> known[] = {{"", ""},
                                                       {"f", "Zg=="},
                                                       {"fo", "Zm8="},
                                                       {"foo", "Zm9v"},
                                                       {"foob", "Zm9vYg=="},
                                                       {"fooba", "Zm9vYmE="},
                                                       {"foobar", "Zm9vYmFy"}};
  for (const auto& [bytes, text] : known) {
    EXPECT_EQ(EncodeBase64(bytes), text);
    ASSERT_TRUE(DecodeBase64(text).ok()) << text;
    EXPECT_EQ(*DecodeBase64(text), bytes);
  }
}

TEST(Base64Test, AllBytesRoundTrip) {
  std::string bytes;
  for (int i = 0; i < 256; ++i) bytes += static_cast<char>(i);
  for (size_t length = 0; length <= bytes.size(); ++length) {
    std::string part = bytes.substr(bytes.size() - length);
    ASSERT_TRUE(DecodeBase64(EncodeBase64(part)).ok());
    EXPECT_EQ(*DecodeBase64(EncodeBase64(part)), part);
  }
}

TEST(Base64Test, RefusesOtherForms) {
  for (const char* text : {"Z", "Zg", "Zg=", "Zh==", "Zm9=", "Zm9v\n", "Zm 9v",
                           "====", "Z===", "Zg==Zg==", "Zm9-", "Zm9_", "=Zm9"}) {
    EXPECT_EQ(CodeOf(DecodeBase64(text).status()), ErrorCode::kInvalidArgument) << text;
  }
}

}  // namespace
}  // namespace segue
