// SPDX-License-Identifier: Apache-2.0
//
// Term dictionaries from any bytes, without checksums in the way.
//   0, u8 meta_bytes, encoded DictionaryFieldMeta, u8 term_bytes, a term, body of a terms file:
//      everything is called; results must keep their promises
//   1, then for each term u8 shared bytes, u8 length, bytes: a dictionary is written and read back
#include <cstdlib>
#include <map>
#include <string>

#include "engine/format/dictionary_reader.h"
#include "engine/format/dictionary_writer.h"
#include "engine/io/memory_env.h"

namespace segue {
namespace {

void Require(bool condition) {
  if (!condition) std::abort();
}

void RequireDamage(const absl::Status& status) {
  Require(status.ok() || CodeOf(status) == ErrorCode::kDataLoss);
}

void RequirePromises(const TermMeta& meta, const DictionaryFieldMeta& field) {
  Require(meta.doc_freq >= 1 && meta.doc_freq <= field.max_doc_freq &&
          meta.total_freq >= meta.doc_freq && meta.single_doc <= field.max_single_doc);
}

void Exercise(const Section& body, const DictionaryFieldMeta& meta, std::string_view term) {
  const auto dictionary = Dictionary::Open(body, meta);
  RequireDamage(dictionary.status());
  if (!dictionary.ok()) return;
  const auto entry = dictionary->Find(term);
  RequireDamage(entry.status());
  if (entry.ok() && entry->has_value()) RequirePromises((*entry)->meta, meta);
  RequireDamage(dictionary->PrefixRange(term).status());
  Dictionary::Iterator it(*dictionary);
  std::string before;
  it.Seek(term);
  for (int steps = 0; it.valid() && steps < 1000; ++steps) {
    Require(steps == 0 || it.term() > before);
    before = it.term();
    RequirePromises(it.meta(), meta);
    it.Next();
  }
  RequireDamage(it.status());
  for (uint64_t ordinal = 0; ordinal < meta.term_count && ordinal < 100; ordinal += 7) {
    RequireDamage(dictionary->TermAt(ordinal).status());
    RequireDamage(dictionary->MetaAt(ordinal).status());
  }
}

void ReadAnything(ByteReader in) {
  uint8_t meta_bytes = 0, term_bytes = 0;
  std::string_view encoded_meta, term, body;
  in.ReadU8(&meta_bytes);
  in.ReadBytes(meta_bytes, &encoded_meta);
  in.ReadU8(&term_bytes);
  in.ReadBytes(term_bytes, &term);
  if (!in.ok()) return;
  in.ReadBytes(in.remaining(), &body);
  ByteReader meta_reader(encoded_meta);
  const auto meta = DictionaryFieldMeta::Decode(&meta_reader);
  RequireDamage(meta.status());
  if (meta.ok()) Exercise(Section::FromBytes(body), *meta, term);
}

void WriteAndReadBack(ByteReader in) {
  std::map<std::string, TermMeta> terms;
  std::string term;
  uint8_t shared = 0, length = 0;
  std::string_view rest;
  while (in.ReadU8(&shared) && in.ReadU8(&length) && in.ReadBytes(length, &rest)) {
    term.resize(std::min<size_t>(shared, term.size()));
    term += rest;
    TermMeta meta;
    meta.doc_freq = 1u + (shared ^ length) % 200u;
    meta.total_freq = uint64_t{meta.doc_freq} << length % 50;
    if (meta.doc_freq == 1) {
      meta.single_doc = length;
    } else {
      meta.post_bytes = length;
    }
    meta.pos_bytes = shared;
    terms[term] = meta;
  }
  const std::unique_ptr<Env> env = NewMemoryEnv();
  auto file = FramedWriter::Create(env.get(), "terms", FileKind::Of("term"), 1, {});
  Require(file.ok());
  DictionaryWriter writer(file->get());
  Require(writer.StartField(0).ok());
  uint64_t post = 0, pos = 0;
  for (auto& [text, meta] : terms) {
    meta.post_offset = post;
    meta.pos_offset = pos;
    Require(writer.Add(text, meta).ok());
    post += meta.post_bytes;
    pos += meta.pos_bytes;
  }
  const auto meta = writer.FinishField();
  Require(meta.ok() && (*file)->Finish().ok());
  const auto body = OpenFramed(env.get(), "terms", FileKind::Of("term"), {}, {});
  Require(body.ok());
  const auto dictionary = Dictionary::Open(*body, *meta);
  Require(dictionary.ok());
  uint64_t ordinal = 0;
  for (const auto& [text, wanted] : terms) {
    const auto entry = dictionary->Find(text);
    Require(entry.ok() && entry->has_value() && (*entry)->ordinal == ordinal++);
    Require((*entry)->meta.total_freq == wanted.total_freq);
    Require(wanted.pos_bytes == 0 || (*entry)->meta.pos_offset == wanted.pos_offset);
    const auto longer = dictionary->Find(text + '\0');
    Require(longer.ok() && longer->has_value() == terms.contains(text + '\0'));
  }
}

}  // namespace
}  // namespace segue

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  segue::ByteReader in(std::span<const uint8_t>(data, size));
  uint8_t mode = 0;
  if (!in.ReadU8(&mode)) return 0;
  mode % 2 == 0 ? segue::ReadAnything(in) : segue::WriteAndReadBack(in);
  return 0;
}
