// SPDX-License-Identifier: Apache-2.0
//
// Debug checks of what the code itself promises. They are for callers' bugs,
// never for bytes read from a file: those get a Status.
//
// On in builds without NDEBUG, under sanitizers and where SEGUE_CHECKS is
// defined; elsewhere they cost nothing, but their arguments must compile.
#ifndef SEGUE_BASE_CHECK_H_
#define SEGUE_BASE_CHECK_H_

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SEGUE_CHECKS_SANITIZED_ 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || \
    __has_feature(memory_sanitizer)
#define SEGUE_CHECKS_SANITIZED_ 1
#endif
#endif

#if !defined(NDEBUG) || defined(SEGUE_CHECKS) || defined(SEGUE_CHECKS_SANITIZED_)
#define SEGUE_CHECKS_ON 1
#else
#define SEGUE_CHECKS_ON 0
#endif

namespace segue::check_internal {

// Prints and traps. Reached in checked builds only.
[[noreturn]] void Fail(const char* condition, const char* file, int line);

}  // namespace segue::check_internal

#if SEGUE_CHECKS_ON
#define SEGUE_DCHECK(condition)       \
  ((condition) ? static_cast<void>(0) \
               : ::segue::check_internal::Fail(#condition, __FILE__, __LINE__))
#else
#define SEGUE_DCHECK(condition) (true ? static_cast<void>(0) : static_cast<void>(condition))
#endif

#define SEGUE_DCHECK_EQ(a, b) SEGUE_DCHECK((a) == (b))
#define SEGUE_DCHECK_NE(a, b) SEGUE_DCHECK((a) != (b))
#define SEGUE_DCHECK_LT(a, b) SEGUE_DCHECK((a) < (b))
#define SEGUE_DCHECK_LE(a, b) SEGUE_DCHECK((a) <= (b))
#define SEGUE_DCHECK_GT(a, b) SEGUE_DCHECK((a) > (b))
#define SEGUE_DCHECK_GE(a, b) SEGUE_DCHECK((a) >= (b))

#endif  // SEGUE_BASE_CHECK_H_
