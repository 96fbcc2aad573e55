// SPDX-License-Identifier: Apache-2.0
//
// Looks up and walks the terms of one field.
//
//   SEGUE_ASSIGN_OR_RETURN(Dictionary dictionary, Dictionary::Open(terms_file, field_meta));
//   SEGUE_ASSIGN_OR_RETURN(std::optional<TermEntry> entry, dictionary.Find("segue"));
//   for (it.Seek("seg"); it.valid() && it.term().starts_with("seg"); it.Next()) …
//
// Order is that of unsigned bytes. Terms have ordinals 0 … term_count()-1 in that order.
#ifndef SEGUE_FORMAT_DICTIONARY_READER_H_
#define SEGUE_FORMAT_DICTIONARY_READER_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "engine/format/dictionary_format.h"
#include "engine/io/section.h"

namespace segue {

// The least string above every string that starts with `prefix`; empty if there is none (a prefix
// of 0xff bytes only, or none). The terms with a prefix are those in [prefix, PrefixEnd(prefix)).
std::string PrefixEnd(std::string_view prefix);

// A cheap value; all const functions may run in several threads at once.
class Dictionary {
 public:
  class Iterator;
  class Blocks;  // engine/format/dictionary_blocks.h

  // `terms` is the body of the terms file. Reads and checks the block index (about 12 bytes for
  // 32 terms), which stays pinned. Errors: kDataLoss naming section, offset, found, wanted.
  static absl::StatusOr<Dictionary> Open(const Section& terms, const DictionaryFieldMeta& meta);

  uint64_t term_count() const;
  const DictionaryFieldMeta& field_meta() const;

  // The term's ordinal and metadata, or nullopt. One search of the pinned index, one block.
  // No allocation where the file is mapped. Guaranteed of a result: doc_freq >= 1,
  // total_freq >= doc_freq, doc_freq <= max_doc_freq and single_doc <= max_single_doc of the field
  // metadata. Offsets and lengths are only as good as the file: take them through Section::Sub.
  absl::StatusOr<std::optional<TermEntry>> Find(std::string_view term) const;

  // The only block that can hold a term.
  struct Place {
    uint64_t block = 0;
    PinnedBytes bytes;  // of the block; empty if it could not be had yet
  };

  // The two halves of Find, so that those of several terms may be interleaved: Locate searches the
  // index and begins to bring the block nearer, FindAt searches the block that it gave and returns
  // the term's ordinal; its metadata goes to *meta.
  Place Locate(std::string_view term) const;
  absl::StatusOr<std::optional<uint64_t>> FindAt(const Place& place, std::string_view term,
                                                 TermMeta* meta) const;

  // Brings the index search and the block of a term nearer; a hint before several Find calls.
  void Prefetch(std::string_view term) const { Locate(term); }

  // The term with an ordinal, or its metadata. kInvalidArgument if ordinal >= term_count().
  absl::StatusOr<std::string> TermAt(uint64_t ordinal) const;
  absl::StatusOr<TermMeta> MetaAt(uint64_t ordinal) const;

  // Ordinals [begin, end) of the terms in [from, to); an empty `to` means up to the last term.
  struct OrdinalRange {
    uint64_t begin = 0;
    uint64_t end = 0;
  };
  absl::StatusOr<OrdinalRange> Range(std::string_view from, std::string_view to) const;
  absl::StatusOr<OrdinalRange> PrefixRange(std::string_view prefix) const;

 private:
  friend class Iterator;
  friend class Blocks;
  struct Data;
  explicit Dictionary(std::shared_ptr<const Data> data) : data_(std::move(data)) {}
  absl::Status CheckOrdinal(uint64_t ordinal) const;
  // The number of terms below `term`.
  absl::StatusOr<uint64_t> LowerBound(std::string_view term) const;
  std::shared_ptr<const Data> data_;
};

// Walks terms in ascending order. Starts before the first term (not valid): call a Seek first.
// Keeps the dictionary alive. Not thread-safe. After an error valid() is false and status() says
// why; check it at the end of a walk.
class Dictionary::Iterator {
 public:
  explicit Iterator(const Dictionary& dictionary);
  ~Iterator();
  Iterator(Iterator&&) noexcept;
  Iterator& operator=(Iterator&&) noexcept;

  // To the first term >= `term`; not valid if there is none.
  void Seek(std::string_view term);
  void SeekToFirst() { SeekOrdinal(0); }
  // Not valid if ordinal >= term_count().
  void SeekOrdinal(uint64_t ordinal);
  // REQUIRES: valid().
  void Next();
  // To the first term of the next block; a walk that is dead on the whole block leaves it so.
  // REQUIRES: valid().
  void NextBlock();

  bool valid() const;
  const absl::Status& status() const;

  // REQUIRES for all below: valid(). Views last until the iterator moves.
  std::string_view term() const;
  uint64_t ordinal() const;
  const TermMeta& meta() const;
  // Bytes that this term shares with the term that the iterator stood on before the last Next();
  // 0 after a Seek. An automaton keeps its states for these bytes. Never more than the true
  // common prefix.
  size_t shared_prefix_bytes() const;
  // Whether this is the first term of its block.
  bool at_block_start() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace segue

#endif  // SEGUE_FORMAT_DICTIONARY_READER_H_
