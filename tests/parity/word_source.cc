// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <utility>

#include "engine/base/strings.h"
#include "tests/parity/differential_queries.h"

namespace segue {

std::string WordSource::Field() {
  static constexpr const char* kFields[] = {"body", "body", "title", "flat_body", "flat_title"};
  return kFields[random_.Below(std::size(kFields))];
}

const DifferentialDocument& WordSource::AnyDocument() {
  return world_.documents()[random_.Below(world_.documents().size())];
}

std::string WordSource::AnyKey() {
  return DifferentialKey(random_.Below(world_.documents().size() + 50));
}

std::string WordSource::Word(std::string_view field) {
  if (OneIn(40)) return "absentword";
  return NearWords(field, 1, 1)[0];
}

std::vector<std::string> WordSource::Words(std::string_view field, size_t count) {
  std::vector<std::string> words;
  for (; count > 0; --count) words.push_back(Word(field));
  return words;
}

std::vector<std::string> WordSource::DistinctWords(std::string_view field, size_t count) {
  std::vector<std::string> words = Words(field, count);
  std::sort(words.begin(), words.end());
  words.erase(std::unique(words.begin(), words.end()), words.end());
  std::reverse(words.begin(), words.end());
  return words;
}

std::vector<std::string> WordSource::NearWords(std::string_view field, size_t count, size_t span) {
  const bool of_title = field.ends_with("title");
  std::vector<std::string_view> words;
  for (int tries = 0; words.size() < count && tries < 1000; ++tries) {
    const DifferentialDocument& document = AnyDocument();
    words = PlainWords(of_title ? document.title : document.body);
  }
  const size_t first = random_.Below(words.size() - count + 1);
  words.erase(words.begin(), words.begin() + static_cast<ptrdiff_t>(first));
  words.resize(std::min(words.size(), std::max(span, count)));
  while (words.size() > count) {
    words.erase(words.begin() + static_cast<ptrdiff_t>(random_.Below(words.size())));
  }
  return {words.begin(), words.end()};
}

std::vector<std::string> WordSource::DistinctNearWords(std::string_view field, size_t count,
                                                       size_t span) {
  std::vector<std::string> distinct;
  for (std::string& word : NearWords(field, count, span)) {
    if (std::find(distinct.begin(), distinct.end(), word) == distinct.end()) {
      distinct.push_back(std::move(word));
    }
  }
  if (OneIn(3)) std::reverse(distinct.begin(), distinct.end());
  return distinct;
}

std::string WordSource::Tag() {
  return Cat("t", random_.Below(uint64_t{1} << random_.Between(1, 9)));
}

std::string Joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) CatTo(&text, text.empty() ? "" : " ", word);
  return text;
}

std::vector<Query> Terms(std::string_view field, const std::vector<std::string>& words) {
  std::vector<Query> terms;
  for (const std::string& word : words) terms.push_back(Query::Term(field, word));
  return terms;
}

}  // namespace segue
