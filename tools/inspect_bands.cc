// SPDX-License-Identifier: Apache-2.0
//
// Where the bytes of frequent and of rare terms are.
#include <unistd.h>

#include "corpus/base_tools.h"
#include "tools/console.h"
#include "tools/segments.h"
#include "tools/text_layout.h"

namespace segue {
namespace {

using Align = TextTable::Align;

// The most documents of a term in that band.
uint64_t MostDocumentsOf(size_t band) { return uint64_t{1} << (3 * band); }

std::string BitsOf(uint64_t bytes, uint64_t things) {
  if (bytes == 0 || things == 0) return "";
  return Decimal(8.0 * static_cast<double>(bytes) / static_cast<double>(things));
}

}  // namespace

void PrintBands(const std::vector<FieldSpace>& fields) {
  TextTable table(
      {Align::kLeft, Align::kLeft, Align::kRight, Align::kRight, Align::kRight, Align::kRight});
  table.AddRow({"field", "documents", "terms", "postings", "bits/posting", "bits/position"});
  bool any = false;
  for (const FieldSpace& field : fields) {
    for (size_t i = 0; i < kFrequencyBands; ++i) {
      const FrequencyBand& band = field.bands[i];
      if (band.terms == 0) continue;
      any = true;
      table.AddRow({field.name, i == 0 ? std::string("1") : Cat("to ", Grouped(MostDocumentsOf(i))),
                    Grouped(band.terms), Grouped(band.postings),
                    BitsOf(band.postings_bytes, band.postings),
                    BitsOf(band.positions_bytes, band.tokens)});
    }
  }
  if (any) Out().Write("\n" + table.ToText(TerminalWidth(STDOUT_FILENO)));
}

void PrintBandsAsJson(const FieldSpace& field, JsonWriter* json) {
  json->Key("bands").BeginArray();
  for (size_t i = 0; i < kFrequencyBands; ++i) {
    const FrequencyBand& band = field.bands[i];
    if (band.terms == 0) continue;
    json->BeginObject();
    json->Key("most_documents").Uint(MostDocumentsOf(i));
    json->Key("terms").Uint(band.terms);
    json->Key("postings").Uint(band.postings);
    json->Key("tokens").Uint(band.tokens);
    json->Key("postings_bytes").Uint(band.postings_bytes);
    json->Key("positions_bytes").Uint(band.positions_bytes);
    json->Key("bounds_bytes").Uint(band.bounds_bytes);
    json->EndObject();
  }
  json->EndArray();
}

}  // namespace segue
