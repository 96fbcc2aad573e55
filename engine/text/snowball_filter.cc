// SPDX-License-Identifier: Apache-2.0
//
// A libstemmer object is the state of one thread; each stream has its own.
#include "engine/text/snowball_filter.h"

#include <algorithm>

#include "engine/base/utf8.h"
#include "libstemmer.h"

namespace segue {

std::vector<std::string> SnowballLanguages() {
  std::vector<std::string> names;
  for (const char** name = sb_stemmer_list(); *name != nullptr; ++name) names.push_back(*name);
  std::sort(names.begin(), names.end());
  return names;
}

std::string_view SnowballVersion() {
  const std::vector<std::string> names = SnowballLanguages();
  const auto has = [&](std::string_view name) {
    return std::find(names.begin(), names.end(), name) != names.end();
  };
  if (has("estonian")) return "3";
  return has("yiddish") ? "2.2" : "2";
}

void SnowballStemmer::Deleter::operator()(sb_stemmer* stemmer) const { sb_stemmer_delete(stemmer); }

SnowballStemmer::SnowballStemmer(const std::string& language)
    : stemmer_(sb_stemmer_new(language.c_str(), "UTF_8")) {}

void SnowballStemmer::StemToken(TokenBatch* batch, size_t i) const {
  if (stemmer_ == nullptr || (*batch)[i].is_keyword) return;
  const std::string_view term = batch->term(i);
  // libstemmer reads UTF-8 without checks.
  if ((*batch)[i].may_be_non_ascii && !IsValidUtf8(term)) return;
  const sb_symbol* stem =
      sb_stemmer_stem(stemmer_.get(), reinterpret_cast<const sb_symbol*>(term.data()),
                      static_cast<int>(term.size()));
  if (stem == nullptr) return;  // out of memory: the word stays
  const std::string_view stemmed(reinterpret_cast<const char*>(stem),
                                 static_cast<size_t>(sb_stemmer_length(stemmer_.get())));
  if (stemmed != term && !stemmed.empty()) batch->SetTerm(i, stemmed);
}

void SnowballFilter::Filter(TokenBatch* batch, bool) {
  const size_t count = batch->size();
  for (size_t i = 0; i < count; ++i) stemmer_.StemToken(batch, i);
}

}  // namespace segue
