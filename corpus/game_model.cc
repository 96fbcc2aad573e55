// SPDX-License-Identifier: Apache-2.0
#include "corpus/game_model.h"

#include <algorithm>
#include <cstring>

#include "corpus/game_text.h"
#include "corpus/readers.h"
#include "engine/base/status.h"
#include "engine/base/strings.h"

namespace segue {
namespace {

constexpr size_t kFirstSlots = size_t{1} << 16;

// Eight bytes at a time; the length is mixed in so that zero bytes at the end count.
uint32_t HashWord(std::string_view word) {
  uint64_t hash = word.size() * 0x9e3779b97f4a7c15u;
  while (!word.empty()) {
    uint64_t piece = 0;
    const size_t bytes = std::min<size_t>(word.size(), 8);
    std::memcpy(&piece, word.data(), bytes);
    hash = (hash ^ piece) * 0xbf58476d1ce4e5b9u;
    hash ^= hash >> 32;
    word.remove_prefix(bytes);
  }
  return static_cast<uint32_t>(hash ^ hash >> 16);
}

}  // namespace

WordNumbers::WordNumbers() : slots_(kFirstSlots), arena_(std::make_unique<Arena>()) {}

// The slot of the word, or the free one where it belongs.
size_t WordNumbers::SlotOf(std::string_view word, uint32_t hash) const {
  size_t slot = hash & (slots_.size() - 1);
  while (slots_[slot].number != kNone &&
         (slots_[slot].hash != hash || words_[slots_[slot].number] != word)) {
    slot = (slot + 1) & (slots_.size() - 1);
  }
  return slot;
}

uint32_t WordNumbers::Find(std::string_view word) const {
  return slots_[SlotOf(word, HashWord(word))].number;
}

uint32_t WordNumbers::Add(std::string_view word) {
  const uint32_t hash = HashWord(word);
  Slot& slot = slots_[SlotOf(word, hash)];
  if (slot.number != kNone) return slot.number;
  const auto number = static_cast<uint32_t>(words_.size());
  slot = {hash, number};
  words_.push_back(arena_->Copy(word));
  if (words_.size() * 2 > slots_.size()) Grow();
  return number;
}

void WordNumbers::Grow() {
  std::vector<Slot> old(slots_.size() * 2);
  old.swap(slots_);
  for (const Slot& moved : old) {
    if (moved.number == kNone) continue;
    size_t slot = moved.hash & (slots_.size() - 1);
    while (slots_[slot].number != kNone) slot = (slot + 1) & (slots_.size() - 1);
    slots_[slot] = moved;
  }
}

absl::StatusOr<GameModel> GameModel::Read(const std::vector<std::string>& inputs) {
  SEGUE_ASSIGN_OR_RETURN(std::unique_ptr<RecordReader> reader,
                         OpenRecords(inputs, {.format = Format::kJsonl, .columns = {}}));
  GameModel model;
  Record record;
  while (true) {
    SEGUE_ASSIGN_OR_RETURN(const bool more, reader->Next(&record));
    if (!more) break;
    const std::string_view text = record.Text("text");
    if (!IsGameText(text)) {
      return Error(ErrorCode::kInvalidArgument,
                   Cat(record.Where(), ": `text` is not normalised (segue-corpus game makes such ",
                       "text): ", Quoted(text, 40)));
    }
    SEGUE_RETURN_IF_ERROR(model.Add(text));
  }
  if (model.documents() == 0) {
    return Error(ErrorCode::kInvalidArgument, "the corpus has no documents");
  }
  model.last_document_ = {};
  return model;
}

absl::Status GameModel::Add(std::string_view text) {
  const auto document = static_cast<uint32_t>(documents()) + 1;  // from 1: 0 is "in none yet"
  while (!text.empty()) {
    const size_t end = std::min(text.find(' '), text.size());
    const uint32_t word = words_.Add(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    if (word == frequencies_.size()) {
      frequencies_.push_back(0);
      last_document_.push_back(0);
    }
    frequencies_[word] += last_document_[word] != document;
    last_document_[word] = document;
    tokens_.push_back(word);
  }
  tokens_.push_back(kEnd);
  begins_.push_back(static_cast<uint32_t>(tokens_.size()));
  // Numbers of words, documents and places stay 32 bits wide (a document is never as large as the
  // difference).
  if (tokens_.size() < size_t{kEnd} - kMaxRecordBytes) return absl::OkStatus();
  return Error(ErrorCode::kResourceExhausted,
               "the corpus has more than 4 billion words; give a part of it");
}

}  // namespace segue
