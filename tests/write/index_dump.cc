// SPDX-License-Identifier: Apache-2.0
#include "tests/write/index_dump.h"

#include <set>
#include <utility>

#include "engine/base/limits.h"
#include "engine/base/status.h"
#include "engine/base/strings.h"
#include "engine/format/column_reader.h"
#include "engine/format/dictionary_reader.h"
#include "engine/format/file_kind.h"
#include "engine/format/geo_code.h"
#include "engine/format/key_column.h"
#include "engine/format/manifest_io.h"
#include "engine/format/postings_reader.h"
#include "engine/format/stored_reader.h"
#include "engine/io/path.h"
#include "engine/rank/length_norm.h"
#include "engine/segment/segment.h"
#include "segue/analysis.h"

namespace segue {
namespace {

// Where the live documents of a segment go.
struct Numbering {
  uint64_t base = 0;
  std::vector<int64_t> global;  // by document; -1: deleted
};

absl::Status DumpTerm(const SegmentField& field, const TermMeta& meta, const Numbering& numbering,
                      std::vector<DumpedPosting>* out) {
  SEGUE_ASSIGN_OR_RETURN(PostingList list, PostingList::Open(field.postings(), meta, true));
  uint32_t docs[kBlockPostings];
  uint32_t total_docs = 0;
  uint64_t total_freq = 0;
  std::vector<uint32_t> positions;
  for (uint32_t block = 0; block < list.block_count(); ++block) {
    const uint32_t count = list.DecodeDocs(block, docs);
    if (count == 0) return list.status();
    total_docs += count;
    for (uint32_t i = 0; i < count; ++i) {
      DumpedPosting posting;
      posting.freq = field.has_freqs() ? list.FreqAt(block, i) : 1;
      total_freq += posting.freq;
      if (field.has_positions()) {
        const uint32_t n = list.ReadPositions(block, i, &positions);
        if (n != posting.freq) {
          return Error(ErrorCode::kInternal, "positions differ from the freq");
        }
        posting.positions.assign(positions.begin(), positions.begin() + n);
      }
      if (numbering.global[docs[i]] < 0) continue;
      posting.doc = static_cast<uint64_t>(numbering.global[docs[i]]);
      out->push_back(std::move(posting));
    }
  }
  if (total_docs != meta.doc_freq || total_freq != meta.total_freq) {
    return Error(ErrorCode::kInternal, "the dictionary's counts are wrong");
  }
  return absl::OkStatus();
}

absl::Status DumpTerms(const SegmentField& field, const Numbering& numbering, DumpedField* out) {
  Dictionary::Iterator it(*field.dictionary());
  for (it.SeekToFirst(); it.valid(); it.Next()) {
    std::vector<DumpedPosting> postings;
    SEGUE_RETURN_IF_ERROR(DumpTerm(field, it.meta(), numbering, &postings));
    if (postings.empty()) continue;
    auto& list = out->terms[std::string(it.term())];
    list.insert(list.end(), postings.begin(), postings.end());
  }
  SEGUE_RETURN_IF_ERROR(it.status());
  const bool text = field.type() == FieldType::kText;
  const uint8_t* const norms = field.norms();
  for (size_t doc = 0; doc < numbering.global.size(); ++doc) {
    if (text) {
      if (numbering.global[doc] >= 0) out->norms.push_back(norms[doc]);
    } else if (norms[doc] != 1) {
      return Error(ErrorCode::kInternal, "a keyword's norm is not 1");
    }
  }
  return absl::OkStatus();
}

absl::Status DumpColumn(const Column& column, const Numbering& numbering, DumpedField* out) {
  std::vector<int64_t> values;
  for (DocId doc = 0; doc < numbering.global.size(); ++doc) {
    if (numbering.global[doc] < 0) continue;
    SEGUE_RETURN_IF_ERROR(column.GetAll(doc, &values));
    out->column[static_cast<size_t>(numbering.global[doc])] = values;
  }
  return absl::OkStatus();
}

void Count(DumpedField* field) {
  std::set<uint64_t> docs;
  for (const auto& [term, postings] : field->terms) {
    field->sum_doc_freq += postings.size();
    for (const DumpedPosting& posting : postings) {
      docs.insert(posting.doc);
      field->statistics.sum_total_freq += posting.freq;
    }
  }
  field->statistics.doc_count = docs.size();
}

absl::Status DumpSegment(const Segment& segment, IndexDump* out) {
  Numbering numbering;
  numbering.base = out->doc_count;
  StoredCache cache;
  for (DocId doc = 0; doc < segment.doc_count(); ++doc) {
    const bool live = segment.IsLive(doc);
    numbering.global.push_back(live ? static_cast<int64_t>(out->doc_count) : -1);
    if (!live) continue;
    ++out->doc_count;
    if (segment.keys() != nullptr) {
      SEGUE_ASSIGN_OR_RETURN(std::string key, segment.keys()->Get(doc));
      out->keys.push_back(std::move(key));
    }
    out->stored.emplace_back();
    if (segment.stored() != nullptr) {
      SEGUE_ASSIGN_OR_RETURN(out->stored.back(), segment.stored()->Get(doc, &cache));
    }
  }
  for (const SegmentField& field : segment.fields()) {
    DumpedField& dumped = out->fields[field.name()];
    dumped.column.resize(out->doc_count);
    // Documents of segments before the field was added have no norm yet.
    if (field.type() == FieldType::kText) dumped.norms.resize(numbering.base);
    DumpedField here;
    here.column.resize(out->doc_count);
    if (field.dictionary() != nullptr) {
      SEGUE_RETURN_IF_ERROR(DumpTerms(field, numbering, &here));
    }
    if (field.column() != nullptr) {
      SEGUE_RETURN_IF_ERROR(DumpColumn(*field.column(), numbering, &here));
    }
    if (segment.live() == nullptr) {
      Count(&here);
      if (here.statistics != field.statistics() || here.sum_doc_freq != field.sum_doc_freq()) {
        return Error(ErrorCode::kInternal, Cat("statistics of field '", field.name(),
                                               "' do not agree with its postings"));
      }
    }
    for (auto& [term, postings] : here.terms) {
      auto& list = dumped.terms[term];
      list.insert(list.end(), postings.begin(), postings.end());
    }
    dumped.norms.insert(dumped.norms.end(), here.norms.begin(), here.norms.end());
    for (size_t doc = numbering.base; doc < out->doc_count; ++doc) {
      dumped.column[doc] = here.column[doc];
    }
  }
  return absl::OkStatus();
}

std::string AsText(const Value& value) {
  switch (value.index()) {
    case 0:
      return std::get<std::string>(value);
    case 1:
      return Cat(std::get<int64_t>(value));
    case 2:
      return Cat(std::get<double>(value));
    default:
      return std::get<bool>(value) ? "true" : "false";
  }
}

// The values of a field in a document, joined where it has sources.
std::vector<FieldValue> ValuesOf(const Field& field, const Document& document) {
  std::vector<FieldValue> values;
  std::vector<std::string> names = field.options.from;
  if (names.empty()) names.push_back(field.name);
  for (const std::string& name : names) {
    for (const FieldValue& value : document.values()) {
      if (value.field == name) values.push_back(value);
    }
  }
  if (field.options.from.empty() || values.empty()) return values;
  FieldValue joined;
  std::string text;
  for (size_t i = 0; i < values.size(); ++i) {
    if (i > 0) text += field.options.join;
    text += AsText(values[i].value);
  }
  joined.value = text;
  return {joined};
}

struct ModelToken {
  std::string term;
  uint32_t position;
  bool overlap;
};

// One value's tokens; `next` is where a token with increment 1 would stand.
absl::Status TokensOf(const Analyzer& analyzer, const FieldValue& value, int64_t* last,
                      std::vector<ModelToken>* out) {
  int64_t position = *last;
  if (!value.tokens.empty()) {
    for (const PreToken& token : value.tokens) {
      position += token.position_increment;
      if (position < 0) position = 0;
      out->push_back({token.term, static_cast<uint32_t>(position),
                      token.position_increment == 0 && !out->empty()});
    }
    *last = position;
    return absl::OkStatus();
  }
  auto stream = analyzer.NewStream();
  const std::string& text = std::get<std::string>(value.value);
  SEGUE_RETURN_IF_ERROR(stream->Start(text));
  while (TokenBatch* batch = stream->Next()) {
    for (size_t i = 0; i < batch->size(); ++i) {
      position += (*batch)[i].position_increment;
      out->push_back({std::string(batch->term(i)), static_cast<uint32_t>(position),
                      (*batch)[i].position_increment == 0});
    }
    position += batch->trailing_increment();
  }
  *last = position;
  return absl::OkStatus();
}

void AddPosting(DumpedField* field, const std::string& term, uint64_t doc, uint32_t position,
                bool freqs, bool positions) {
  auto& list = field->terms[term];
  if (list.empty() || list.back().doc != doc) {
    list.push_back({doc, 1, {}});
  } else if (freqs) {
    ++list.back().freq;
  }
  if (positions) list.back().positions.push_back(position);
}

}  // namespace

absl::StatusOr<IndexDump> DumpIndex(Env* env, const std::string& dir) {
  SEGUE_ASSIGN_OR_RETURN(const Manifest manifest, ReadNewestManifest(env, dir));
  IndexDump dump;
  OpenOptions options;
  options.verify = VerifyPolicy::kOnOpen;
  for (const ManifestSegment& entry : manifest.segments) {
    SEGUE_ASSIGN_OR_RETURN(const std::shared_ptr<const Segment> segment,
                           Segment::Open(env, dir, entry, options));
    SEGUE_RETURN_IF_ERROR(segment->VerifyFiles());
    SEGUE_RETURN_IF_ERROR(DumpSegment(*segment, &dump));
  }
  for (auto& [name, field] : dump.fields) {
    Count(&field);
    field.column.resize(dump.doc_count);
  }
  return dump;
}

absl::StatusOr<IndexDump> ModelIndex(const Schema& schema, std::span<const Document> documents) {
  IndexDump dump;
  AnalyzerRegistry registry = AnalyzerRegistry::BuiltIn();
  for (const auto& [name, definition] : schema.analyzers()) {
    SEGUE_RETURN_IF_ERROR(registry.RegisterAnalyzer(name, definition));
  }
  dump.doc_count = documents.size();
  dump.stored.resize(documents.size());
  for (FieldId id = 0; id < schema.fields().size(); ++id) {
    const Field& field = schema.fields()[id];
    const FieldType type = field.options.type;
    DumpedField& out = dump.fields[field.name];
    out.column.resize(documents.size());
    const bool key = field.name == schema.key();
    std::shared_ptr<const Analyzer> analyzer;
    const bool text = type == FieldType::kText && field.options.indexed;
    if (text) {
      SEGUE_ASSIGN_OR_RETURN(analyzer, registry.Get(field.options.analyzer));
      out.norms.assign(documents.size(), 0);
    }
    for (uint64_t doc = 0; doc < documents.size(); ++doc) {
      std::vector<ModelToken> tokens;
      int64_t last = -1;
      bool first = true;
      for (const FieldValue& value : ValuesOf(field, documents[doc])) {
        if (field.options.stored) {
          dump.stored[doc].push_back({id, type, value.value});
        }
        if (key) dump.keys.push_back(AsText(value.value));
        if (type == FieldType::kKeyword && (field.options.indexed || key)) {
          AddPosting(&out, AsText(value.value), doc, 0, false, false);
        } else if (text) {
          if (!first) last += kPositionGap;
          SEGUE_RETURN_IF_ERROR(TokensOf(*analyzer, value, &last, &tokens));
        } else if (!IsStringType(type) && field.options.indexed) {
          int64_t number = 0;
          if (type == FieldType::kFloat64) {
            number = OrderedFromDouble(std::get<double>(value.value));
          } else if (type == FieldType::kBool) {
            number = std::get<bool>(value.value);
          } else if (type == FieldType::kGeoPoint) {
            number = GeoCodeOf(std::get<GeoPoint>(value.value));
          } else {
            number = std::get<int64_t>(value.value);
          }
          out.column[doc].push_back(number);
        }
        first = false;
      }
      uint32_t length = 0;
      for (const ModelToken& token : tokens) {
        AddPosting(&out, token.term, doc, token.position, true, field.options.positions);
        length += token.overlap ? 0 : 1;
      }
      if (text) out.norms[doc] = EncodeLength(length);
    }
    Count(&out);
  }
  return dump;
}

std::string Difference(const IndexDump& found, const IndexDump& wanted) {
  if (found.doc_count != wanted.doc_count) {
    return Cat(found.doc_count, " documents, wanted ", wanted.doc_count);
  }
  if (found.keys != wanted.keys) return "other keys";
  for (size_t doc = 0; doc < wanted.stored.size(); ++doc) {
    if (found.stored[doc] != wanted.stored[doc]) {
      return Cat("other stored fields in document ", doc);
    }
  }
  for (const auto& [name, field] : wanted.fields) {
    const auto at = found.fields.find(name);
    // Without a segment nobody knows the fields.
    if (at == found.fields.end()) {
      if (wanted.doc_count == 0) continue;
      return Cat("no field '", name, "'");
    }
    if (at->second.norms != field.norms) return Cat("norms of ", name);
    if (at->second.column != field.column) return Cat("column of ", name);
    if (at->second.statistics != field.statistics) {
      return Cat("statistics of ", name, ": ", at->second.statistics.doc_count, " documents, ",
                 at->second.statistics.sum_total_freq, " tokens, wanted ",
                 field.statistics.doc_count, " and ", field.statistics.sum_total_freq);
    }
    for (const auto& [term, postings] : field.terms) {
      const auto list = at->second.terms.find(term);
      if (list == at->second.terms.end()) {
        return Cat("no term '", Quoted(term), "' in ", name);
      }
      if (list->second != postings) {
        return Cat("postings of '", Quoted(term), "' in ", name);
      }
    }
    if (at->second.terms.size() != field.terms.size()) {
      return Cat("too many terms in ", name);
    }
  }
  return "";
}

std::map<std::string, std::string> AllFiles(Env* env, const std::string& dir) {
  std::map<std::string, std::string> files;
  const auto names = env->List(dir);
  if (!names.ok()) return files;
  for (const std::string& name : *names) {
    if (name == kLockFileName) continue;
    const auto source = env->OpenSource(JoinPath(dir, name), ReadMode::kPread);
    if (!source.ok()) continue;
    std::string bytes((*source)->size(), '\0');
    if ((*source)->Read(0, bytes.size(), reinterpret_cast<uint8_t*>(bytes.data())).ok()) {
      files[name] = std::move(bytes);
    }
  }
  return files;
}

std::map<std::string, std::string> SegmentBodies(Env* env, const std::string& dir) {
  std::map<std::string, std::string> bodies;
  const auto manifest = ReadNewestManifest(env, dir);
  if (!manifest.ok() || manifest->segments.size() != 1) return bodies;
  const ManifestSegment& segment = manifest->segments[0];
  for (const ManifestFile& file : segment.files) {
    if (file.kind == kMetaKind) continue;
    OpenOptions options;
    options.max_version = UINT32_MAX;  // bytes are compared, not understood
    const auto body =
        OpenFramed(env, JoinPath(dir, file.info.name), file.kind, segment.id, options);
    if (!body.ok()) continue;
    const auto bytes = body->PinAll();
    if (bytes.ok()) bodies[file.kind.ToString()] = std::string(bytes->view());
  }
  return bodies;
}

}  // namespace segue
