// SPDX-License-Identifier: Apache-2.0
#include <optional>

#include "corpus/base_tools.h"
#include "engine/format/bounds_reader.h"
#include "engine/format/dictionary_reader.h"
#include "engine/format/position_reader.h"
#include "engine/format/postings_format.h"
#include "engine/format/postings_reader.h"
#include "tools/console.h"
#include "tools/segments.h"

namespace segue {
namespace {

// One document of a posting list.
struct Posting {
  uint64_t doc = 0;
  bool live = true;
  uint32_t freq = 1;
  std::span<const uint32_t> positions;
};

void PrintPosting(const Posting& posting, JsonWriter* json) {
  if (json != nullptr) {
    json->BeginObject();
    json->Key("doc").Uint(posting.doc);
    if (!posting.live) json->Key("deleted").Bool(true);
    json->Key("freq").Uint(posting.freq);
    if (!posting.positions.empty()) {
      json->Key("positions").BeginArray();
      for (const uint32_t position : posting.positions) json->Uint(position);
      json->EndArray();
    }
    json->EndObject();
    return;
  }
  std::string line = Cat(posting.doc, posting.live ? "" : " (deleted)", "  freq ", posting.freq);
  if (!posting.positions.empty()) line += "  at";
  for (const uint32_t position : posting.positions) CatTo(&line, " ", position);
  Out().Write(line + "\n");
}

// Prints up to *left postings of one segment.
absl::Status PrintSegmentPostings(const Segment& segment, uint64_t base, const SegmentField& field,
                                  const TermMeta& meta, JsonWriter* json, uint64_t* left) {
  SEGUE_ASSIGN_OR_RETURN(PostingList list,
                         PostingList::Open(field.postings(), meta, /*with_positions=*/true));
  PositionReader positions(&list);
  std::vector<uint32_t> values;
  DocId docs[kBlockPostings];
  for (uint32_t block = 0; block < list.block_count() && *left > 0; ++block) {
    const uint32_t count = list.DecodeDocs(block, docs);
    if (count == 0) return list.status();
    if (list.has_positions() && !positions.EnterBlock(block)) return list.status();
    for (uint32_t i = 0; i<count&& * left> 0; ++i, --*left) {
      Posting posting;
      posting.doc = base + docs[i];
      posting.live = segment.IsLive(docs[i]);
      posting.freq = list.FreqAt(block, i);
      if (list.has_positions()) {
        const uint32_t read = positions.Read(i, &values);
        if (read == 0) return list.status();
        posting.positions = std::span(values.data(), read);
      }
      PrintPosting(posting, json);
    }
  }
  return list.status();
}

void PrintTermInSegment(const Segment& segment, const TermMeta& meta, const BoundList& bounds,
                        JsonWriter* json) {
  const bool dense = IsDenseList(meta.doc_freq, segment.doc_count());
  if (json != nullptr) {
    json->BeginObject();
    json->Key("segment").String(Hex(segment.id().value, 16));
    json->Key("doc_freq").Uint(meta.doc_freq);
    json->Key("total_freq").Uint(meta.total_freq);
    json->Key("dense").Bool(dense);
    json->Key("postings_bytes").Uint(meta.post_bytes);
    json->Key("positions_bytes").Uint(meta.pos_bytes);
    json->Key("bounds_bytes").Uint(meta.bound_bytes);
    json->Key("frontier").BeginArray();
    for (const Impact& impact : bounds.list_frontier()) {
      json->BeginArray();
      json->Uint(impact.freq);
      json->Uint(impact.norm);
      json->EndArray();
    }
    json->EndArray();
    json->EndObject();
    return;
  }
  Out().Write(Cat("segment ", Hex(segment.id().value, 16), ": ", Grouped(meta.doc_freq),
                  " documents, ", Grouped(meta.total_freq), " occurrences, ",
                  dense ? "dense" : "sparse", " list; ", Grouped(meta.post_bytes),
                  " bytes of postings, ", Grouped(meta.pos_bytes), " of positions, ",
                  Grouped(meta.bound_bytes), " of bounds\n"));
}

// Calls fn(segment, first document number, field, meta) where the term occurs.
template <typename Fn>
absl::Status ForEachSegment(const OpenedSegments& opened, std::string_view field_name,
                            std::string_view term, Fn fn) {
  uint64_t base = 0;
  bool known = false, found = false;
  for (const ManifestField& field : opened.manifest.fields) known |= field.name == field_name;
  if (!known) {
    return Error(ErrorCode::kInvalidArgument, Cat("the index has no field ", Quoted(field_name)));
  }
  for (const auto& segment : opened.segments) {
    const SegmentField* field = segment->field(field_name);
    if (field != nullptr && field->dictionary() != nullptr) {
      SEGUE_ASSIGN_OR_RETURN(std::optional<TermEntry> entry, field->dictionary()->Find(term));
      if (entry) {
        found = true;
        SEGUE_RETURN_IF_ERROR(fn(*segment, base, *field, entry->meta));
      }
    }
    base += segment->doc_count();
  }
  if (found) return absl::OkStatus();
  return Error(ErrorCode::kNotFound, Cat("no document has the term ", Quoted(term),
                                         " in the field ", Quoted(field_name)));
}

void FinishJson(JsonWriter* json) {
  if (json == nullptr) return;
  json->EndArray();
  json->EndObject();
  Out().Write(json->Take() + "\n");
}

}  // namespace

absl::Status PrintPostings(const OpenedSegments& opened, std::string_view field,
                           std::string_view term, bool as_json, uint64_t limit) {
  JsonWriter writer;
  JsonWriter* json = as_json ? &writer : nullptr;
  writer.BeginObject();
  writer.Key("field").String(field);
  writer.Key("term").String(term);
  writer.Key("postings").BeginArray();
  uint64_t left = limit, all = 0;
  SEGUE_RETURN_IF_ERROR(ForEachSegment(
      opened, field, term,
      [&](const Segment& segment, uint64_t base, const SegmentField& of, const TermMeta& meta) {
        all += meta.doc_freq;
        return PrintSegmentPostings(segment, base, of, meta, json, &left);
      }));
  if (json == nullptr && all > limit) {
    Out().Write(Cat("… and ", Grouped(all - limit), " more; --limit shows them\n"));
  }
  FinishJson(json);
  return absl::OkStatus();
}

absl::Status PrintTerm(const OpenedSegments& opened, std::string_view field, std::string_view term,
                       bool as_json) {
  JsonWriter writer;
  JsonWriter* json = as_json ? &writer : nullptr;
  writer.BeginObject();
  writer.Key("field").String(field);
  writer.Key("term").String(term);
  writer.Key("segments").BeginArray();
  SEGUE_RETURN_IF_ERROR(ForEachSegment(
      opened, field, term,
      [&](const Segment& segment, uint64_t, const SegmentField& of,
          const TermMeta& meta) -> absl::Status {
        SEGUE_ASSIGN_OR_RETURN(BoundList bounds, BoundList::Open(of.postings(), meta));
        PrintTermInSegment(segment, meta, bounds, json);
        return absl::OkStatus();
      }));
  FinishJson(json);
  return absl::OkStatus();
}

}  // namespace segue
