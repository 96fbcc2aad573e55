// SPDX-License-Identifier: Apache-2.0
//
// How much memory there is for this process, and how much of it for a job.
#ifndef SEGUE_TOOLS_USABLE_MEMORY_H_
#define SEGUE_TOOLS_USABLE_MEMORY_H_

#include <cstdint>
#include <string>

namespace segue {

// Bytes that the process may use in all: the machine's memory, or less where one of its control
// groups (version 1 or 2) says so. 0: the system does not tell. Reads a few small files below
// `root`, which tests give another name.
uint64_t UsableMemoryBytes(const std::string& root = "");

// What a job that is given no budget takes of that: a quarter, at most 1 GiB, rounded down to a
// power of two, so that machines that are nearly alike cut segments alike. 256 MiB where the system
// does not tell; never less than a writer needs.
uint64_t DefaultMemoryBytes(uint64_t usable_bytes);

}  // namespace segue

#endif  // SEGUE_TOOLS_USABLE_MEMORY_H_
