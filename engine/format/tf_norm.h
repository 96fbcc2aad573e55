// SPDX-License-Identifier: Apache-2.0
//
// TfNormTable: how much of a term's greatest possible score a posting gets,
// tf-norm = f * c / (1 + f * c), where c depends on the norm byte. It is what
// the derived window maps are quantised from (BM25 in Lucene's form; norm bytes
// are Lucene's lengths). rank/ owns scoring; a test holds this table against
// rank's.

#ifndef SEGUE_FORMAT_TF_NORM_H_
#define SEGUE_FORMAT_TF_NORM_H_

#include <array>
#include <cstdint>

namespace segue {

class TfNormTable {
 public:
  // Any finite k1 >= 0, b in [0, 1] and average length > 0.
  TfNormTable(float k1, float b, float average_length);

  // c of a norm byte: positive, finite, falling with the byte.
  float scale(uint8_t norm) const { return scale_[norm]; }

 private:
  std::array<float, 256> scale_;
};

}  // namespace segue

#endif  // SEGUE_FORMAT_TF_NORM_H_
