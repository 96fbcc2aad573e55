// SPDX-License-Identifier: Apache-2.0
//
// A list: varint of the document frequency, total frequency less that, the one document (if it is
// one), the positions with their length, then, of more documents, the parts of the postings and,
// if there are bounds, those of the bounds.
#include "engine/format/encoded_lists.h"

#include "engine/base/check.h"

namespace segue {
namespace {

void PutPadded(const PaddedBytes& bytes, ByteWriter* out) {
  out->PutLengthPrefixed(bytes.head);
  out->PutLengthPrefixed(bytes.tail);
  out->PutVarint32(bytes.alignment);
}

void ReadPadded(ByteReader* in, PaddedBytes* bytes) {
  in->ReadLengthPrefixed(&bytes->head);
  in->ReadLengthPrefixed(&bytes->tail);
  in->ReadVarint32(&bytes->alignment);
}

}  // namespace

void EncodedLists::Add(const EncodedList& list) {
  bytes_.PutVarint32(list.doc_freq);
  bytes_.PutVarint64(list.total_freq - list.doc_freq);
  bytes_.PutLengthPrefixed(list.positions);
  if (list.doc_freq == 1) return bytes_.PutVarint32(list.single_doc);
  PutPadded(list.postings, &bytes_);
  if (list.doc_freq >= kBoundMinDocFreq) PutPadded(list.bounds, &bytes_);
}

bool EncodedLists::Reader::Next(EncodedList* list) {
  *list = {};
  if (reader_.remaining() == 0) return false;
  reader_.ReadVarint32(&list->doc_freq);
  reader_.ReadVarint64(&list->total_freq);
  list->total_freq += list->doc_freq;
  reader_.ReadLengthPrefixed(&list->positions);
  if (list->doc_freq == 1) {
    reader_.ReadVarint32(&list->single_doc);
  } else {
    ReadPadded(&reader_, &list->postings);
    if (list->doc_freq >= kBoundMinDocFreq) ReadPadded(&reader_, &list->bounds);
  }
  SEGUE_DCHECK(reader_.ok());
  return true;
}

}  // namespace segue
