// SPDX-License-Identifier: Apache-2.0
#include "tests/automata/naive_matching.h"

#include <algorithm>
#include <functional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "engine/base/utf8.h"

namespace segue {

std::u32string NaiveCharacters(std::string_view text) {
  std::u32string characters;
  const auto* at = reinterpret_cast<const uint8_t*>(text.data());
  const uint8_t* end = at + text.size();
  while (at < end) {
    char32_t character = 0;
    at += DecodeUtf8(at, end, &character);
    characters += character;
  }
  return characters;
}

uint32_t NaiveEdits(const std::u32string& a, const std::u32string& b) {
  std::vector<std::vector<uint32_t>> table(a.size() + 1, std::vector<uint32_t>(b.size() + 1));
  for (size_t i = 0; i <= a.size(); ++i) {
    for (size_t j = 0; j <= b.size(); ++j) {
      if (i == 0 || j == 0) {
        table[i][j] = static_cast<uint32_t>(i + j);
        continue;
      }
      table[i][j] = std::min({table[i - 1][j] + 1, table[i][j - 1] + 1,
                              table[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        table[i][j] = std::min(table[i][j], table[i - 2][j - 2] + 1);
      }
    }
  }
  return table[a.size()][b.size()];
}

std::optional<uint32_t> NaiveFuzzy(std::string_view word, std::string_view term, uint32_t max_edits,
                                   size_t exact_prefix) {
  const std::u32string a = NaiveCharacters(word), b = NaiveCharacters(term);
  const size_t exact = std::min(exact_prefix, a.size());
  if (b.size() < exact || a.substr(0, exact) != b.substr(0, exact)) return std::nullopt;
  const uint32_t edits = NaiveEdits(a.substr(exact), b.substr(exact));
  if (edits > max_edits) return std::nullopt;
  if (edits > 0 && edits >= std::min(a.size(), b.size())) return std::nullopt;
  return edits;
}

bool NaiveWildcard(std::string_view pattern, std::string_view term) {
  const std::u32string p = NaiveCharacters(pattern), t = NaiveCharacters(term);
  // reached[j]: the pattern so far matches the first j characters.
  std::vector<bool> reached(t.size() + 1, false);
  reached[0] = true;
  for (size_t i = 0; i < p.size(); ++i) {
    std::vector<bool> next(t.size() + 1, false);
    char32_t c = p[i];
    const bool literal = c == '\\' && i + 1 < p.size();
    if (literal) c = p[++i];
    for (size_t j = 0; j <= t.size(); ++j) {
      if (!literal && c == '*') {
        next[j] = reached[j] || (j > 0 && next[j - 1]);
      } else if (j > 0) {
        next[j] = reached[j - 1] && ((!literal && c == '?') || t[j - 1] == c);
      }
    }
    reached = next;
  }
  return reached[t.size()];
}

namespace {

using Places = std::set<size_t>;  // in the term

// Reads the pattern again for every repetition, and goes from sets of places to sets of places.
class NaiveRegexpReader {
 public:
  NaiveRegexpReader(std::u32string pattern, std::u32string term)
      : p_(std::move(pattern)), t_(std::move(term)) {}

  bool Matches() {
    at_ = !p_.empty() && p_[0] == '^' ? 1 : 0;
    return Alternatives({0}).contains(t_.size());
  }

 private:
  bool More() const { return at_ < p_.size(); }

  Places Alternatives(const Places& from) {
    Places to = Sequence(from);
    while (More() && p_[at_] == '|') {
      ++at_;
      to.merge(Sequence(from));
    }
    return to;
  }

  Places Sequence(Places places) {
    while (More() && p_[at_] != '|' && p_[at_] != ')') {
      if (p_[at_] == '$' && at_ + 1 == p_.size()) {
        ++at_;
        break;
      }
      places = Repeated(places);
    }
    return places;
  }

  Places Repeated(const Places& from) {
    const size_t begin = at_;
    Places once = Atom(from);
    size_t end = at_;
    // Repetitions of repetitions apply one after the other; only one is read here, as the tests
    // write no more than that.
    size_t least = 1, most = 1;
    if (More() && std::u32string_view(U"*+?{").find(p_[at_]) != std::u32string_view::npos) {
      const char32_t sign = p_[at_++];
      least = sign == '+' ? 1 : 0;
      most = sign == '?' ? 1 : SIZE_MAX;
      if (sign == '{') {
        least = most = Number();
        if (p_[at_] == ',') {
          ++at_;
          most = p_[at_] == '}' ? SIZE_MAX : Number();
        }
        ++at_;
      }
      end = at_;
    }
    Places reached = from, all;
    if (least == 0) all = from;
    for (size_t times = 1; times <= most && !reached.empty(); ++times) {
      at_ = begin;
      reached = Atom(reached);
      if (times < least) continue;
      const size_t before = all.size();
      all.insert(reached.begin(), reached.end());
      if (times > least && all.size() == before) break;
    }
    at_ = end;
    return all;
  }

  size_t Number() {
    size_t number = 0;
    for (; p_[at_] >= '0' && p_[at_] <= '9'; ++at_) number = number * 10 + (p_[at_] - '0');
    return number;
  }

  Places Atom(const Places& from) {
    const char32_t c = p_[at_++];
    if (c == '(') {
      Places to = Alternatives(from);
      ++at_;
      return to;
    }
    std::function<bool(char32_t)> takes = [c](char32_t d) { return d == c; };
    if (c == '.') takes = [](char32_t) { return true; };
    if (c == '\\') takes = Escape();
    if (c == '[') takes = Class();
    Places to;
    for (const size_t place : from) {
      if (place < t_.size() && takes(t_[place])) to.insert(place + 1);
    }
    return to;
  }

  std::function<bool(char32_t)> Escape() {
    const char32_t c = p_[at_++];
    const auto digit = [](char32_t d) { return d >= '0' && d <= '9'; };
    const auto space = [](char32_t d) { return d == ' ' || (d >= 9 && d <= 13); };
    const auto word = [digit](char32_t d) {
      return digit(d) || d == '_' || (d >= 'a' && d <= 'z') || (d >= 'A' && d <= 'Z');
    };
    switch (c) {
      case 'd':
        return digit;
      case 'D':
        return [digit](char32_t d) { return !digit(d); };
      case 's':
        return space;
      case 'S':
        return [space](char32_t d) { return !space(d); };
      case 'w':
        return word;
      case 'W':
        return [word](char32_t d) { return !word(d); };
      default:
        return [c](char32_t d) { return d == c; };
    }
  }

  std::function<bool(char32_t)> Class() {
    const bool negated = p_[at_] == '^';
    if (negated) ++at_;
    std::vector<std::function<bool(char32_t)>> parts;
    while (p_[at_] != ']') {
      const char32_t first = p_[at_++];
      if (first == '\\') {
        parts.push_back(Escape());
      } else if (p_[at_] == '-' && p_[at_ + 1] != ']') {
        const char32_t last = p_[at_ + 1];
        at_ += 2;
        parts.push_back([first, last](char32_t d) { return d >= first && d <= last; });
      } else {
        parts.push_back([first](char32_t d) { return d == first; });
      }
    }
    ++at_;
    return [parts, negated](char32_t d) {
      for (const auto& part : parts) {
        if (part(d)) return !negated;
      }
      return negated;
    };
  }

  const std::u32string p_;
  const std::u32string t_;
  size_t at_ = 0;
};

}  // namespace

bool NaiveRegexp(std::string_view pattern, std::string_view term) {
  return NaiveRegexpReader(NaiveCharacters(pattern), NaiveCharacters(term)).Matches();
}

std::string RandomRegexp(SeededRandom& random, int depth) {
  static const std::vector<std::string> kAtoms = {"a", "b",     "c",   ".",   "[ab]", "[^a]",
                                                  "é", "[b-é]", "\\w", "\\W", "日",   "\\."};
  std::string pattern;
  for (uint64_t pieces = random.Between(1, 3); pieces > 0; --pieces) {
    pattern += depth > 0 && random.OneIn(3) ? "(" + RandomRegexp(random, depth - 1) + ")"
                                            : kAtoms[random.Below(kAtoms.size())];
    static const std::vector<std::string> kRepetitions = {"*", "+", "?", "{2}", "{0,2}", "{1,}"};
    if (random.OneIn(3)) pattern += kRepetitions[random.Below(kRepetitions.size())];
  }
  if (random.OneIn(4)) pattern += "|" + RandomRegexp(random, depth - 1);
  return pattern;
}

}  // namespace segue
