// SPDX-License-Identifier: Apache-2.0
//
// Sines with the same bits on every machine, of degrees: these are brought to the first half of a
// right angle without an error, as radians cannot be.
#ifndef SEGUE_RANK_PORTABLE_SINE_H_
#define SEGUE_RANK_PORTABLE_SINE_H_

namespace segue {

// Relative error below 2^-50. REQUIRES: -180 <= degrees <= 180.
double SineOfDegrees(double degrees);

// Error below 2^-51 of 1. REQUIRES: -90 <= degrees <= 90.
double CosineOfDegrees(double degrees);

// The angle from 0 to 90 degrees with this sine, to about 2^-50 of the sine. Slow: for what people
// read. REQUIRES: 0 <= sine <= 1.
double DegreesOfSine(double sine);

}  // namespace segue

#endif  // SEGUE_RANK_PORTABLE_SINE_H_
