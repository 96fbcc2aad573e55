// SPDX-License-Identifier: Apache-2.0
//
// Guarded: no exception leaves the library (decision D13). Our own code throws none; the standard
// library may, when memory runs out.
#ifndef SEGUE_BASE_GUARD_H_
#define SEGUE_BASE_GUARD_H_

#include <exception>
#include <new>
#include <stdexcept>
#include <utility>

#include "absl/status/status.h"
#include "engine/base/status.h"
#include "engine/base/strings.h"

namespace segue {

// Where there is no memory left for words either, the code alone says it: that takes none.
inline absl::Status OutOfMemory(const char* what) noexcept {
  try {
    return Error(ErrorCode::kResourceExhausted, what);
  } catch (const std::exception&) {
    return absl::Status(absl::StatusCode::kResourceExhausted, "");
  }
}

inline absl::Status UnexpectedException(const std::exception& e) noexcept {
  try {
    return Error(ErrorCode::kInternal, Cat("unexpected exception: ", e.what()));
  } catch (const std::exception&) {
    return absl::Status(absl::StatusCode::kInternal, "");
  }
}

// Calls fn, which returns an absl::Status or a StatusOr; an exception becomes an error of that
// type: kResourceExhausted for want of memory.
template <typename Fn>
auto Guarded(Fn&& fn) -> decltype(fn()) {
  try {
    return std::forward<Fn>(fn)();
  } catch (const std::bad_alloc&) {
    return OutOfMemory("out of memory");
  } catch (const std::length_error&) {
    return OutOfMemory("a container grew past its limit");
  } catch (const std::exception& e) {
    return UnexpectedException(e);
  }
}

}  // namespace segue

#endif  // SEGUE_BASE_GUARD_H_
