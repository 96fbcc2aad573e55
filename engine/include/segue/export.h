// SPDX-License-Identifier: Apache-2.0
// SEGUE_EXPORT marks what a shared library shows to its users; everything else is hidden
// (-fvisibility=hidden). Put it on public classes and free functions that are defined in a .cc
// file: `class SEGUE_EXPORT Reader {…};`. Templates, enums and header-only types do not need it.
//
// CMake defines SEGUE_BUILDING while it compiles the library itself, and SEGUE_STATIC for users of
// a static one; only Windows tells the two apart.
#ifndef SEGUE_EXPORT_H_
#define SEGUE_EXPORT_H_

#if defined(_WIN32)
#if defined(SEGUE_STATIC)
#define SEGUE_EXPORT
#elif defined(SEGUE_BUILDING)
#define SEGUE_EXPORT __declspec(dllexport)
#else
#define SEGUE_EXPORT __declspec(dllimport)
#endif
#else
#define SEGUE_EXPORT __attribute__((visibility("default")))
#endif

#endif  // SEGUE_EXPORT_H_
