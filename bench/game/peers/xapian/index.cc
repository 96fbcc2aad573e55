// SPDX-License-Identifier: Apache-2.0
//
// Written to a folder beside the final one, then compacted into it: Xapian's form of a full merge.
#include "bench/game/peers/xapian/index.h"

#include <xapian.h>

#include <cstdlib>
#include <filesystem>
#include <stdexcept>

#include "bench/game/peers/xapian/corpus.h"

namespace xapian_game {
namespace {

namespace fs = std::filesystem;

// The longest term that the format takes is 245 bytes; nobody searches for a longer one.
constexpr size_t kMaxTermBytes = 245;

Xapian::Document Convert(const CorpusDocument& from) {
  Xapian::Document document;
  document.set_data(std::string(from.id));
  Xapian::termpos position = 0;
  ForEachWord(from.text, [&](std::string_view word) {
    ++position;
    if (word.size() <= kMaxTermBytes) document.add_posting(std::string(word), position);
  });
  ForEachWord(from.filter, [&](std::string_view word) {
    document.add_boolean_term(kFilterPrefix + std::string(word));
  });
  return document;
}

}  // namespace

uint64_t BuildIndex(const std::string& folder, unsigned delete_percent) {
  if (fs::exists(folder)) throw std::runtime_error(folder + " exists");
  if (delete_percent != 0 && 100 % delete_percent != 0) {
    throw std::runtime_error("--delete takes a divisor of 100");
  }
  // Documents held in memory before a flush; the default of 10,000 makes a slow build slower.
  ::setenv("XAPIAN_FLUSH_THRESHOLD", "100000", /*overwrite=*/0);
  const std::string unmerged = folder + ".unmerged";
  fs::remove_all(unmerged);
  uint64_t documents = 0;
  {
    Xapian::WritableDatabase database(unmerged, Xapian::DB_CREATE);
    documents = ForEachDocument([&](uint64_t line, const CorpusDocument& document) {
      database.replace_document(static_cast<Xapian::docid>(line + 1), Convert(document));
    });
    database.commit();
    database.compact(folder, Xapian::DBCOMPACT_NO_RENUMBER);
  }
  fs::remove_all(unmerged);
  if (delete_percent != 0) {
    Xapian::WritableDatabase database(folder, Xapian::DB_OPEN);
    const uint64_t step = 100 / delete_percent;
    for (uint64_t line = 0; line < documents; line += step) {
      database.delete_document(static_cast<Xapian::docid>(line + 1));
    }
    database.commit();
  }
  return documents;
}

}  // namespace xapian_game
