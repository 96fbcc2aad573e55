// SPDX-License-Identifier: Apache-2.0
#include "tools/limit_flag.h"

#include <charconv>
#include <cstdint>
#include <span>
#include <string_view>

#include "corpus/base_tools.h"
#include "engine/base/settable_limits.h"

namespace segue {
namespace {

std::span<const SettableLimit<QueryLimits>> Settable(const QueryLimits&) {
  return kSettableQueryLimits;
}
std::span<const SettableLimit<DocumentLimits>> Settable(const DocumentLimits&) {
  return kSettableDocumentLimits;
}

const char* Help(const QueryLimits&) {
  return "lower a limit of queries, as clauses=100 (docs/limits.md)";
}
const char* Help(const DocumentLimits&) {
  return "lower a limit of documents, as document_bytes=1000000 (docs/limits.md)";
}

template <typename Limits>
absl::Status Mistake(std::string_view text) {
  std::string names;
  for (const SettableLimit<Limits>& limit : Settable(Limits())) {
    CatTo(&names, names.empty() ? "" : ", ", limit.name);
  }
  return Error(ErrorCode::kInvalidArgument,
               Cat("--at-most takes NAME=N, where NAME is one of ", names, ", not ", Quoted(text)));
}

}  // namespace

template <typename Limits>
void LimitFlag<Limits>::Declare(Flags* flags) {
  flags->List("--at-most", "NAME=N", &given, Help(Limits()));
}

template <typename Limits>
absl::StatusOr<Limits> LimitFlag<Limits>::Read() const {
  Limits limits;
  for (const std::string_view text : given) {
    const size_t sign = text.find('=');
    if (sign == text.npos) return Mistake<Limits>(text);
    const std::string_view name = text.substr(0, sign), number = text.substr(sign + 1);
    uint64_t Limits::*member = nullptr;
    for (const SettableLimit<Limits>& limit : Settable(limits)) {
      if (limit.name == name) member = limit.value;
    }
    if (member == nullptr) return Mistake<Limits>(text);
    const auto [end, error] =
        std::from_chars(number.data(), number.data() + number.size(), limits.*member);
    if (error != std::errc() || end != number.data() + number.size()) return Mistake<Limits>(text);
  }
  SEGUE_RETURN_IF_ERROR(limits.Validate());
  return limits;
}

template struct LimitFlag<QueryLimits>;
template struct LimitFlag<DocumentLimits>;

}  // namespace segue
