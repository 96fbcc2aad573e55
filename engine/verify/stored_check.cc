// SPDX-License-Identifier: Apache-2.0
//
// Stored text goes through the field's analyzer once more; terms and positions must come out as
// they stand in the index. The rules for positions are those of the writer: a value begins
// kPositionGap behind the one before, terms over the limit leave their place empty, and the first
// token of a document stands on a position of its own.
#include "engine/verify/stored_check.h"

#include <utility>

#include "engine/base/limits.h"
#include "engine/format/column_format.h"
#include "engine/format/geo_code.h"
#include "engine/format/stored_reader.h"

namespace segue {

StoredCheck::StoredCheck(const Manifest& manifest, const Schema& schema,
                         const AnalyzerRegistry& analyzers, Problems* problems)
    : problems_(problems) {
  for (const ManifestField& numbered : manifest.fields) {
    KnownField known;
    known.field = schema.Find(numbered.name);
    if (known.field != nullptr && known.field->options.type == FieldType::kText) {
      auto analyzer = analyzers.Get(known.field->options.analyzer);
      if (analyzer.ok()) known.analyzer = *std::move(analyzer);
    }
    fields_[numbered.id] = std::move(known);
  }
}

uint64_t StoredCheck::SaltOf(const Segment& segment, FieldId id) const {
  const auto found = fields_.find(id);
  if (found == fields_.end() || found->second.field == nullptr) return 0;
  const FieldOptions& options = found->second.field->options;
  // A field that others feed has more than its own values; a second key may be stored elsewhere.
  if (!options.stored || !options.indexed || options.updatable || !options.from.empty()) return 0;
  if (options.type == FieldType::kBytes || segment.stored() == nullptr) return 0;
  if (options.type != FieldType::kText) return FieldSalt(id);
  const Analyzer* analyzer = found->second.analyzer.get();
  const SegmentField* indexed = segment.field(id);
  if (analyzer == nullptr) return 0;
  if (indexed != nullptr && indexed->dictionary() != nullptr &&
      indexed->analyzer_fingerprint() != analyzer->Fingerprint()) {
    return 0;
  }
  return FieldSalt(id);
}

void StoredCheck::CheckValue(DocId doc, const StoredField& value) {
  ++problems_->report().stored_values;
  const auto found = fields_.find(value.field);
  const bool known = found != fields_.end() && found->second.field != nullptr;
  if (!known) {
    problems_->Add(Cat("stored document ", doc, ": a value of field number ", value.field,
                       ", which the index does not have"));
    return;
  }
  const Field& field = *found->second.field;
  if (field.options.type != value.type) {
    problems_->Add(Cat("stored document ", doc, ": the field ", Quoted(field.name), " has a ",
                       FieldTypeName(value.type), " where a ", FieldTypeName(field.options.type),
                       " belongs"));
  } else if (!field.options.stored || field.options.updatable) {
    problems_->Add(Cat("stored document ", doc, ": the field ", Quoted(field.name),
                       " is not one that is stored"));
  }
}

int64_t StoredCheck::Ordered(const StoredField& value) {
  if (const auto* integer = std::get_if<int64_t>(&value.value)) return *integer;
  if (const auto* number = std::get_if<double>(&value.value)) return OrderedFromDouble(*number);
  if (const auto* truth = std::get_if<bool>(&value.value)) return *truth ? 1 : 0;
  if (const auto* point = std::get_if<GeoPoint>(&value.value)) return GeoCodeOf(*point);
  return 0;
}

uint64_t StoredCheck::PrintKeyword(uint64_t salt, std::string_view value, Progress* progress) {
  // A keyword counts once in a document, however often it was given.
  return progress->terms.emplace(value).second ? TermPrint(salt, value) : 0;
}

uint64_t StoredCheck::PrintText(const KnownField& known, const SegmentField* indexed, uint64_t salt,
                                std::string_view text, Progress* progress) {
  auto& stream = streams_[known.analyzer.get()];
  if (stream == nullptr) stream = known.analyzer->NewStream();
  if (problems_->Take(stream->Start(text))) return 0;
  const bool positions = indexed != nullptr && indexed->has_positions();
  if (progress->any_value) progress->skip += kPositionGap;
  progress->any_value = true;
  uint64_t sum = 0;
  while (const TokenBatch* batch = stream->Next()) {
    for (size_t i = 0; i < batch->size(); ++i) {
      const std::string_view term = batch->term(i);
      uint64_t increment = (*batch)[i].position_increment;
      if (term.size() > kMaxTermBytes) {
        progress->skip += increment;
        continue;
      }
      increment += progress->skip;
      progress->skip = 0;
      if (!progress->any_token && increment == 0) increment = 1;
      progress->any_token = true;
      progress->last_position += increment;
      const uint64_t print = TermPrint(salt, term);
      sum += positions ? OccurrencePrint(print, static_cast<uint32_t>(progress->last_position))
                       : print;
    }
    progress->skip += batch->trailing_increment();
  }
  return sum;
}

void StoredCheck::Run(const Segment& segment, Balance* balance) {
  const StoredReader* stored = segment.stored();
  if (stored == nullptr) return;
  if (stored->doc_count() != segment.doc_count()) {
    problems_->Add(Cat("stored fields of ", stored->doc_count(), " documents, the segment has ",
                       segment.doc_count()));
    return;
  }
  std::map<FieldId, uint64_t> salts;
  for (const auto& [id, known] : fields_) salts[id] = balance == nullptr ? 0 : SaltOf(segment, id);
  StoredCache cache;
  for (DocId doc = 0; doc < segment.doc_count() && !problems_->stop(); ++doc) {
    const absl::StatusOr<std::vector<StoredField>> values = stored->Get(doc, &cache);
    if (problems_->Take(Annotate(values.status(), Cat("stored document ", doc)))) continue;
    std::map<FieldId, Progress> progress;
    for (const StoredField& value : *values) {
      CheckValue(doc, value);
      const auto salt = salts.find(value.field);
      if (salt == salts.end() || salt->second == 0) continue;
      const KnownField& known = fields_[value.field];
      if (known.field->options.type != value.type) continue;
      Progress& so_far = progress[value.field];
      const auto* text = std::get_if<std::string>(&value.value);
      uint64_t sum;
      if (value.type == ValueType::kText) {
        sum = PrintText(known, segment.field(value.field), salt->second, *text, &so_far);
      } else if (value.type == ValueType::kKeyword) {
        sum = PrintKeyword(salt->second, *text, &so_far);
      } else {
        sum = ValuePrint(salt->second, Ordered(value), so_far.values);
      }
      ++so_far.values;
      (*balance)[doc] -= sum;
    }
  }
}

}  // namespace segue
