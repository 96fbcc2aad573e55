// SPDX-License-Identifier: Apache-2.0
//
// Points in boxes and circles, by formulas of their own.
#ifndef SEGUE_TESTS_ORACLE_ORACLE_GEO_H_
#define SEGUE_TESTS_ORACLE_ORACLE_GEO_H_

#include "segue/query.h"

namespace segue {

// What an index keeps of a point, by the words of docs/format.md.
GeoPoint OracleKeptPoint(const GeoPoint& point);
// By the angle between two directions in space.
long double OracleMeters(const GeoPoint& a, const GeoPoint& b);
// Whether a kGeoBox or a kGeoDistance contains what is kept of a point.
bool OracleContains(const Query& area, const GeoPoint& point);

}  // namespace segue

#endif  // SEGUE_TESTS_ORACLE_ORACLE_GEO_H_
