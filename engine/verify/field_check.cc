// SPDX-License-Identifier: Apache-2.0
//
// One walk over the dictionary; each term's list is decoded block by block, every other way to the
// same data (look-up, skip data, bitmap, random access) is asked too, and all is added up. Bounds
// are built again by the writer's own builder and must come out byte for byte.
#include "engine/verify/field_check.h"

#include <algorithm>
#include <optional>
#include <span>
#include <string>

#include "engine/base/limits.h"
#include "engine/format/bounds_reader.h"
#include "engine/format/position_reader.h"
#include "engine/format/postings_format.h"
#include "engine/rank/length_norm.h"

namespace segue {
namespace {

// Positions held at a time while lengths of documents with stacked tokens are counted.
constexpr uint64_t kMaxHeldPositions = 16'000'000;

}  // namespace

FieldCheck::FieldCheck(const Segment& segment, const SegmentField& field, uint64_t salt,
                       Balance* balance, Balance* key_balance, Problems* problems)
    : segment_(segment),
      field_(field),
      dictionary_(*field.dictionary()),
      salt_(salt),
      balance_(balance),
      key_balance_(key_balance),
      problems_(problems),
      lengths_(segment.doc_count()),
      docs_(kBlockPostings),
      freqs_(kBlockPostings) {
  const BoundParameters built = field.bounds();
  if (built.average_length > 0) {
    bounds_ = std::make_unique<BoundsBuilder>(segment.doc_count(), field.norms(),
                                              TfNormTable(built.k1, built.b, built.average_length));
  }
}

void FieldCheck::Add(std::string_view term, std::string_view what) {
  problems_->Add(Cat("field ", Quoted(field_.name()), ", term ", Quoted(term), ": ", what));
}

bool FieldCheck::Take(std::string_view term, const absl::Status& status) {
  return problems_->Take(
      Annotate(status, Cat("field ", Quoted(field_.name()), ", term ", Quoted(term))));
}

void FieldCheck::Run() {
  Dictionary::Iterator it(dictionary_);
  std::string previous;
  uint64_t terms = 0;
  for (it.SeekToFirst(); it.valid() && !problems_->stop(); it.Next(), ++terms) {
    const std::string_view term = it.term();
    if (terms > 0 && term <= previous) Add(term, "does not come after the term before it");
    if (it.ordinal() != terms) Add(term, Cat("has ordinal ", it.ordinal(), ", not ", terms));
    CheckTerm(term, terms, it.meta());
    previous.assign(term);
  }
  if (problems_->Take(Annotate(it.status(), Cat("field ", Quoted(field_.name()))))) return;
  if (problems_->stop()) return;
  CheckTotals(terms);
  CheckLengths();
}

void FieldCheck::CheckTerm(std::string_view term, uint64_t ordinal, const TermMeta& meta) {
  VerifyReport& report = problems_->report();
  ++report.terms;
  const absl::StatusOr<std::optional<TermEntry>> found = dictionary_.Find(term);
  if (Take(term, found.status())) return;
  if (!*found || (*found)->ordinal != ordinal || !((*found)->meta == meta)) {
    Add(term, "a look-up does not find what a walk shows");
  }
  absl::StatusOr<PostingList> list = PostingList::Open(field_.postings(), meta, true);
  if (Take(term, list.status())) return;
  term_print_ = TermPrint(salt_, term);
  key_print_ = HashBytes(term);
  any_doc_ = false;
  docs_seen_ = freq_seen_ = 0;
  const bool bounded = meta.doc_freq >= kBoundMinDocFreq;
  if (bounded && bounds_ != nullptr) bounds_->StartList(meta.doc_freq);
  for (uint32_t block = 0; block < list->block_count(); ++block) {
    const uint32_t count = list->DecodeDocs(block, docs_.data());
    if (count == 0 || !CheckBlock(*list, block, count)) break;
    if (bounded && bounds_ != nullptr) {
      bounds_->Add({docs_.data(), count}, {freqs_.data(), count});
    }
  }
  if (Take(term, list->status())) return;
  if (list->doc_freq() != meta.doc_freq || docs_seen_ != meta.doc_freq) {
    Add(term, Cat("has ", docs_seen_, " documents, its entry says ", meta.doc_freq));
    return;
  }
  if (freq_seen_ != meta.total_freq) {
    Add(term, Cat("occurs ", freq_seen_, " times, its entry says ", meta.total_freq));
  }
  if (list->last_doc() != previous_doc_) Add(term, "another last document than its last block");
  if (list->dense()) CheckBitmap(*list);
  if (bounded) CheckBounds(meta, term);
  report.postings += docs_seen_;
  sum_doc_freq_ += meta.doc_freq;
  sum_total_freq_ += meta.total_freq;
  max_doc_freq_ = std::max(max_doc_freq_, meta.doc_freq);
  if (meta.doc_freq == 1) max_single_doc_ = std::max(max_single_doc_, meta.single_doc);
}

// Documents, skip data and frequencies of the block in docs_. False if there is no point in going
// on with the list.
bool FieldCheck::CheckBlock(const PostingList& list, uint32_t block, uint32_t count) {
  const auto add = [&](std::string_view what) {
    problems_->Add(Cat("field ", Quoted(field_.name()), ", block ", block, " of a list: ", what));
    return false;
  };
  if (count != list.docs_in_block(block)) return add("another number of documents than expected");
  if (list.first_doc(block) != docs_[0]) return add("skip data names another first document");
  for (uint32_t i = 0; i < count; ++i) {
    if (any_doc_ && docs_[i] <= previous_doc_) return add("documents do not ascend");
    if (docs_[i] >= segment_.doc_count()) return add("a document that the segment does not have");
    previous_doc_ = docs_[i];
    any_doc_ = true;
  }
  if (list.FindBlock(docs_[0], 0) != block || list.FindBlock(docs_[count - 1], 0) != block) {
    return add("skip data does not lead to it");
  }
  if (!list.DecodeFreqs(block, freqs_.data())) return false;
  const FreqBlock random_access = list.OpenFreqs(block);
  for (uint32_t i = 0; i < count; ++i) {
    if (freqs_[i] == 0) return add("a frequency of 0");
    if (random_access.At(i) != freqs_[i]) return add("frequencies differ by the way of reading");
    freq_seen_ += freqs_[i];
    uint32_t& length = lengths_[docs_[i]];
    length = freqs_[i] > UINT32_MAX - length ? UINT32_MAX : length + freqs_[i];
    if (key_balance_ != nullptr) (*key_balance_)[docs_[i]] += key_print_;
  }
  docs_seen_ += count;
  if (list.has_positions()) return CheckPositions(list, block, count);
  if (balance_ != nullptr) {
    for (uint32_t i = 0; i < count; ++i) {
      (*balance_)[docs_[i]] += field_.has_freqs() ? term_print_ * freqs_[i] : term_print_;
    }
  }
  return true;
}

bool FieldCheck::CheckPositions(const PostingList& list, uint32_t block, uint32_t count) {
  PositionReader reader(&list);
  if (!reader.EnterBlock(block)) return false;
  for (uint32_t i = 0; i < count; ++i) {
    const uint32_t read = reader.Read(i, &positions_);
    if (read == 0) return false;
    const auto add = [&](std::string_view what) {
      problems_->Add(
          Cat("field ", Quoted(field_.name()), ", positions of document ", docs_[i], ": ", what));
      return false;
    };
    if (read != freqs_[i]) return add("not as many as the frequency");
    for (uint32_t j = 0; j < read; ++j) {
      if (j > 0 && positions_[j] < positions_[j - 1]) return add("out of order");
      if (positions_[j] > kMaxPosition) return add("beyond the limit");
      if (balance_ != nullptr) {
        (*balance_)[docs_[i]] += OccurrencePrint(term_print_, positions_[j]);
      }
    }
    // The direct way, for one document of each block: it costs a walk over the block.
    if (i == block % count) {
      const uint32_t again = list.ReadPositions(block, i, &again_);
      if (again != read ||
          !std::equal(positions_.begin(), positions_.begin() + read, again_.begin())) {
        return add("differ by the way of reading");
      }
    }
    problems_->report().positions += read;
  }
  return true;
}

// The bitmap and its rank counts against the documents of the blocks (which are decoded from the
// bitmap's own words, but by rank).
void FieldCheck::CheckBitmap(const PostingList& list) {
  uint64_t bits = 0;
  for (uint32_t word = 0; word < list.dense_word_count(); ++word) {
    bits += static_cast<uint64_t>(std::popcount(list.dense_words()[word]));
  }
  uint32_t rank = 0;
  bool right = bits == list.doc_freq();
  for (uint32_t block = 0; block < list.block_count() && right; ++block) {
    const uint32_t count = list.DecodeDocs(block, docs_.data());
    for (uint32_t i = 0; i < count && right; ++i, ++rank) {
      right = list.DenseContains(docs_[i]) && list.DenseRank(docs_[i]) == rank;
    }
  }
  if (!right) {
    problems_->Add(Cat("field ", Quoted(field_.name()),
                       ": a bitmap and its rank counts do not fit its documents"));
  }
}

void FieldCheck::CheckBounds(const TermMeta& meta, std::string_view term) {
  const absl::StatusOr<BoundList> bounds = BoundList::Open(field_.postings(), meta);
  if (Take(term, bounds.status())) return;
  if (bounds_ == nullptr) {
    Add(term, "has bounds, but nothing tells what they were built with");
    return;
  }
  std::string wanted;
  const size_t windows_at = bounds_->FinishList(&wanted);
  if (windows_at < wanted.size()) {
    wanted.insert(windows_at, PaddingBytes(meta.bound_offset + windows_at, kWindowPadding), '\0');
  }
  const absl::StatusOr<PinnedBytes> found =
      field_.postings().bound.Pin(meta.bound_offset, meta.bound_bytes);
  if (Take(term, found.status())) return;
  if (found->view() != wanted) Add(term, "its bounds are not those of its postings");
}

void FieldCheck::CheckTotals(uint64_t terms) {
  const auto compare = [&](std::string_view what, uint64_t counted, uint64_t stated) {
    if (counted == stated) return;
    problems_->Add(Cat("field ", Quoted(field_.name()), ": ", counted, " ", what,
                       ", the metadata says ", stated));
  };
  const DictionaryFieldMeta& meta = dictionary_.field_meta();
  compare("terms", terms, dictionary_.term_count());
  compare("documents of the most frequent term", max_doc_freq_, meta.max_doc_freq);
  compare("as the last document of a rare term", max_single_doc_, meta.max_single_doc);
  compare("postings", sum_doc_freq_, field_.sum_doc_freq());
  compare("tokens", sum_total_freq_, field_.statistics().sum_total_freq);
  uint64_t documents = 0;
  for (const uint32_t length : lengths_) documents += length > 0;
  compare("documents", documents, field_.statistics().doc_count);
}

void FieldCheck::CheckLengths() {
  // Where every posting counts once the norm says nothing: it is 1 for all.
  std::vector<DocId> unclear;
  const uint8_t* const norms = field_.norms();
  for (DocId doc = 0; doc < segment_.doc_count(); ++doc) {
    const uint8_t norm = norms[doc];
    const uint8_t wanted = field_.has_freqs() ? EncodeLength(lengths_[doc]) : 1;
    if (norm == wanted) continue;
    // Tokens stacked on one position count once, so the length may be smaller than the sum.
    if (field_.has_positions() && norm < wanted && norm > 0) {
      unclear.push_back(doc);
      continue;
    }
    problems_->Add(Cat("field ", Quoted(field_.name()), ": document ", doc, " has norm ", norm,
                       ", its postings say ", wanted));
    if (problems_->stop()) return;
  }
  CheckOverlaps(unclear);
  // Where every posting counts once, lengths count the values given, repeated ones too.
  if (!field_.has_freqs()) return;
  uint32_t shortest = UINT32_MAX, longest = 0;
  for (const uint32_t length : lengths_) {
    if (length == 0) continue;
    shortest = std::min(shortest, length);
    longest = std::max(longest, length);
  }
  // After merges the range may be wider than need be, never narrower.
  if (longest > 0 && (field_.min_length() > shortest || field_.max_length() < longest)) {
    problems_->Add(Cat("field ", Quoted(field_.name()), ": lengths from ", shortest, " to ",
                       longest, ", the metadata says ", field_.min_length(), " to ",
                       field_.max_length()));
  }
}

void FieldCheck::CheckOverlaps(const std::vector<DocId>& docs) {
  for (size_t begin = 0; begin < docs.size() && !problems_->stop();) {
    size_t end = begin;
    uint64_t held = 0;
    while (end < docs.size() && (end == begin || held + lengths_[docs[end]] <= kMaxHeldPositions)) {
      held += lengths_[docs[end++]];
    }
    CountDistinctPositions(docs, begin, end);
    begin = end;
  }
}

// Sets the lengths of docs [begin, end) to their numbers of different positions.
void FieldCheck::CountDistinctPositions(const std::vector<DocId>& docs, size_t begin, size_t end) {
  std::vector<std::vector<uint32_t>> held(end - begin);
  Dictionary::Iterator it(dictionary_);
  for (it.SeekToFirst(); it.valid(); it.Next()) {
    absl::StatusOr<PostingList> list = PostingList::Open(field_.postings(), it.meta(), true);
    if (!list.ok()) return;  // told already
    size_t next = begin;
    for (uint32_t block = 0; block < list->block_count() && next < end; ++block) {
      const uint32_t count = list->DecodeDocs(block, docs_.data());
      for (uint32_t i = 0; i < count; ++i) {
        while (next < end && docs[next] < docs_[i]) ++next;
        if (next == end || docs[next] != docs_[i]) continue;
        const uint32_t read = list->ReadPositions(block, i, &positions_);
        held[next - begin].insert(held[next - begin].end(), positions_.begin(),
                                  positions_.begin() + read);
      }
    }
  }
  for (size_t i = begin; i < end; ++i) {
    std::vector<uint32_t>& positions = held[i - begin];
    std::sort(positions.begin(), positions.end());
    const auto last = std::unique(positions.begin(), positions.end());
    lengths_[docs[i]] = static_cast<uint32_t>(last - positions.begin());
    const uint8_t norm = field_.norms()[docs[i]], wanted = EncodeLength(lengths_[docs[i]]);
    if (norm != wanted) {
      problems_->Add(Cat("field ", Quoted(field_.name()), ": document ", docs[i], " has norm ",
                         norm, ", its positions say ", wanted));
    }
  }
}

}  // namespace segue
