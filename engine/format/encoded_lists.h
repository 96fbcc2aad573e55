// SPDX-License-Identifier: Apache-2.0
//
// EncodedLists: encoded lists of terms, kept one behind the other until they are written.
//
//   lists.Add(list);                     as often as wanted
//   EncodedLists::Reader reader(lists);
//   while (reader.Next(&list)) …         views, until the lists change
//
// A list takes its bytes and a few for their lengths.
#ifndef SEGUE_FORMAT_ENCODED_LISTS_H_
#define SEGUE_FORMAT_ENCODED_LISTS_H_

#include "engine/base/byte_reader.h"
#include "engine/base/byte_writer.h"
#include "engine/format/list_encoder.h"

namespace segue {

class EncodedLists {
 public:
  void Add(const EncodedList& list);

  class Reader {
   public:
    explicit Reader(const EncodedLists& lists) : reader_(lists.bytes_.view()) {}
    // False at the end.
    bool Next(EncodedList* list);

   private:
    ByteReader reader_;
  };

 private:
  ByteWriter bytes_;
};

}  // namespace segue

#endif  // SEGUE_FORMAT_ENCODED_LISTS_H_
