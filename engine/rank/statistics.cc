// SPDX-License-Identifier: Apache-2.0
//
// Collection statistics and their byte form:
//
//   "segue-stats" 02 | fields, terms: varint each
//   each field: name (length-prefixed) | doc_count | sum_total_freq: varint
//   each term:  field, term (length-prefixed) | doc_freq | total_freq: varint
//   u64 FNV-1a hash of all bytes before
//
// Names ascend strictly, so equal statistics have equal bytes. Sums saturate:
// foreign bytes may hold anything.
#include "segue/statistics.h"

#include <limits>

#include "engine/base/byte_reader.h"
#include "engine/base/byte_writer.h"
#include "engine/base/limits.h"
#include "engine/base/status.h"
#include "engine/base/strings.h"

namespace segue {

namespace {

constexpr std::string_view kMagic("segue-stats\x02", 12);

uint64_t SaturatingAdd(uint64_t a, uint64_t b) {
  uint64_t sum = a + b;
  return sum < a ? std::numeric_limits<uint64_t>::max() : sum;
}

uint64_t HashBytes(std::string_view bytes) {
  uint64_t hash = 0xcbf29ce484222325;
  for (char c : bytes) {
    hash ^= static_cast<uint8_t>(c);
    hash *= 0x100000001b3;
  }
  return hash;
}

absl::Status Damaged(const ByteReader& reader, std::string_view wanted) {
  return Error(ErrorCode::kInvalidArgument, Cat("statistics: ", wanted, " expected at byte ",
                                                kMagic.size() + reader.position()));
}

}  // namespace

void Statistics::AddField(std::string_view field, FieldStatistics statistics) {
  FieldStatistics& sum = fields_[std::string(field)];
  sum.doc_count = SaturatingAdd(sum.doc_count, statistics.doc_count);
  sum.sum_total_freq = SaturatingAdd(sum.sum_total_freq, statistics.sum_total_freq);
}

void Statistics::AddTerm(std::string_view field, std::string_view term, uint64_t doc_freq,
                         uint64_t total_freq) {
  TermStatistics& sum = terms_[{std::string(field), std::string(term)}];
  sum.doc_freq = SaturatingAdd(sum.doc_freq, doc_freq);
  sum.total_freq = SaturatingAdd(sum.total_freq, total_freq);
}

void Statistics::VisitTerms(
    std::string_view field,
    const std::function<void(std::string_view, const TermStatistics&)>& fn) const {
  const std::pair<std::string, std::string> first(field, std::string());
  for (auto at = terms_.lower_bound(first); at != terms_.end() && at->first.first == field; ++at) {
    fn(at->first.second, at->second);
  }
}

void Statistics::Merge(const Statistics& other) {
  if (&other == this) {
    Statistics copy = other;
    Merge(copy);
    return;
  }
  for (const auto& [field, statistics] : other.fields_) {
    AddField(field, statistics);
  }
  for (const auto& [name, term] : other.terms_) {
    AddTerm(name.first, name.second, term.doc_freq, term.total_freq);
  }
}

FieldStatistics Statistics::Field(std::string_view field) const {
  auto found = fields_.find(field);
  return found == fields_.end() ? FieldStatistics() : found->second;
}

uint64_t Statistics::DocFreq(std::string_view field, std::string_view term) const {
  return Term(field, term).doc_freq;
}

TermStatistics Statistics::Term(std::string_view field, std::string_view term) const {
  auto found = terms_.find({std::string(field), std::string(term)});
  return found == terms_.end() ? TermStatistics() : found->second;
}

std::string Statistics::Serialize() const {
  ByteWriter out;
  out.PutBytes(kMagic);
  out.PutVarint64(fields_.size());
  out.PutVarint64(terms_.size());
  for (const auto& [field, statistics] : fields_) {
    out.PutLengthPrefixed(field);
    out.PutVarint64(statistics.doc_count);
    out.PutVarint64(statistics.sum_total_freq);
  }
  for (const auto& [name, term] : terms_) {
    out.PutLengthPrefixed(name.first);
    out.PutLengthPrefixed(name.second);
    out.PutVarint64(term.doc_freq);
    out.PutVarint64(term.total_freq);
  }
  out.PutU64(HashBytes(out.view()));
  return out.Take();
}

absl::StatusOr<Statistics> Statistics::Parse(std::string_view bytes) {
  if (bytes.size() < kMagic.size() + sizeof(uint64_t) || bytes.substr(0, kMagic.size()) != kMagic) {
    return Error(ErrorCode::kInvalidArgument,
                 "these bytes are no statistics of this version of segue");
  }
  std::string_view body = bytes.substr(0, bytes.size() - sizeof(uint64_t));
  ByteReader tail(bytes.substr(body.size()));
  uint64_t hash = 0;
  tail.ReadU64(&hash);
  if (hash != HashBytes(body)) {
    return Error(ErrorCode::kInvalidArgument,
                 "statistics: damaged (the hash at the end does not match)");
  }

  ByteReader in(body.substr(kMagic.size()));
  Statistics result;
  uint64_t fields = 0;
  uint64_t terms = 0;
  if (!in.ReadVarint64(&fields) || !in.ReadVarint64(&terms)) {
    return Damaged(in, "two counts");
  }
  for (uint64_t i = 0; i < fields; ++i) {
    std::string_view name;
    FieldStatistics value;
    if (!in.ReadLengthPrefixed(&name) || !in.ReadVarint64(&value.doc_count) ||
        !in.ReadVarint64(&value.sum_total_freq)) {
      return Damaged(in, "a field");
    }
    if (!result.fields_.empty() && result.fields_.rbegin()->first >= name) {
      return Damaged(in, "fields in ascending order");
    }
    result.fields_.emplace_hint(result.fields_.end(), name, value);
  }
  for (uint64_t i = 0; i < terms; ++i) {
    std::string_view field;
    std::string_view term;
    TermStatistics value;
    if (!in.ReadLengthPrefixed(&field) || !in.ReadLengthPrefixed(&term) ||
        !in.ReadVarint64(&value.doc_freq) || !in.ReadVarint64(&value.total_freq)) {
      return Damaged(in, "a term");
    }
    std::pair<std::string, std::string> name(field, term);
    if (!result.terms_.empty() && result.terms_.rbegin()->first >= name) {
      return Damaged(in, "terms in ascending order");
    }
    result.terms_.emplace_hint(result.terms_.end(), std::move(name), value);
  }
  if (!in.done()) return Damaged(in, "the end");
  return result;
}

}  // namespace segue
