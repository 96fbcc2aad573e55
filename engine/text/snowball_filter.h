// SPDX-License-Identifier: Apache-2.0
//
// Stemming with the Snowball project's libstemmer.
#ifndef SEGUE_TEXT_SNOWBALL_FILTER_H_
#define SEGUE_TEXT_SNOWBALL_FILTER_H_

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "segue/analysis.h"

struct sb_stemmer;

namespace segue {

// Names of the algorithms that the linked libstemmer knows, sorted.
std::vector<std::string> SnowballLanguages();

// The release series of the linked libstemmer, told by its algorithms since it does not say:
// "2.2" for what Debian 12 has, "3" for those with Estonian and Esperanto.
std::string_view SnowballVersion();

// The stemmer of a language. For one thread at a time.
class SnowballStemmer {
 public:
  // REQUIRES: `language` is one of SnowballLanguages().
  explicit SnowballStemmer(const std::string& language);

  // Stems the term of token i, which should be lower-case. One that is not well-formed UTF-8, or is
  // marked as keyword, stays as it is.
  void StemToken(TokenBatch* batch, size_t i) const;

 private:
  struct Deleter {
    void operator()(sb_stemmer* stemmer) const;
  };
  std::unique_ptr<sb_stemmer, Deleter> stemmer_;
};

class SnowballFilter final : public TokenFilter {
 public:
  explicit SnowballFilter(const std::string& language) : stemmer_(language) {}
  void Start() override {}
  void Filter(TokenBatch* batch, bool end_of_value) override;

 private:
  const SnowballStemmer stemmer_;
};

}  // namespace segue

#endif  // SEGUE_TEXT_SNOWBALL_FILTER_H_
