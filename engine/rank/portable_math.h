// SPDX-License-Identifier: Apache-2.0
//
// Logarithm and exponential with the same bits on every machine: the C library's differ in the last
// place from one processor to the next. Relative error below 2^-49.
#ifndef SEGUE_RANK_PORTABLE_MATH_H_
#define SEGUE_RANK_PORTABLE_MATH_H_

namespace segue {

// The natural logarithm. REQUIRES: x >= 0 or infinite; -infinity for 0. Near 1 the error is
// relative to x - 1.
double PortableLog(double x);

// e to the x. REQUIRES: x <= 0 or infinite.
double PortableExp(double x);

}  // namespace segue

#endif  // SEGUE_RANK_PORTABLE_MATH_H_
