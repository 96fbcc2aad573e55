// SPDX-License-Identifier: Apache-2.0
//
// A pattern and a few terms, any bytes. The first byte chooses the kind and the number of edits,
// the second the length of the exact prefix; the rest are pieces separated by line feeds, the first
// of them the pattern.
//
// Promises: a walk ends, gives ascending terms of the dictionary, and those are exactly the ones
// that the matcher takes when it is asked about each term alone; limits and syntax are the only
// errors; the pieces of the first term are those that trying all of its parts finds.
#include <cstddef>
#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "engine/automata/dictionary_walk.h"
#include "engine/automata/fuzzy_matcher.h"
#include "engine/automata/pattern_matcher.h"
#include "engine/base/limits.h"
#include "engine/base/utf8.h"
#include "engine/format/dictionary_reader.h"
#include "engine/format/dictionary_writer.h"
#include "engine/io/framed_file.h"
#include "engine/io/memory_env.h"
#include "engine/pattern/piece_finder.h"
#include "engine/pattern/piece_program.h"
#include "engine/pattern/regexp.h"
#include "engine/pattern/wildcard.h"
#include "segue/status.h"
#include "tests/fuzz/require.h"

namespace {

using namespace segue;

absl::StatusOr<Dictionary> DictionaryOf(const std::set<std::string>& terms, Env* env) {
  auto file = FramedWriter::Create(env, "terms", FileKind::Of("term"), 1, {});
  Require(file.ok(), "a file is made");
  DictionaryWriter writer(file->get());
  Require(writer.StartField(0).ok(), "a field is begun");
  for (const std::string& term : terms) {
    Require(writer.Add(term, {.doc_freq = 1, .total_freq = 1}).ok(), "a term is added");
  }
  const auto meta = writer.FinishField();
  Require(meta.ok() && (*file)->Finish().ok(), "a file is finished");
  const auto body = OpenFramed(env, "terms", FileKind::Of("term"), {}, {});
  Require(body.ok(), "a file is opened");
  return Dictionary::Open(*body, *meta);
}

std::unique_ptr<TermMatcher> MatcherOf(uint8_t kind, uint8_t exact, std::string_view pattern) {
  if (kind % 3 == 0) return std::make_unique<FuzzyMatcher>(pattern, kind / 3 % 3, exact);
  pattern = pattern.substr(0, kMaxPatternBytes);
  if (kind % 3 == 1) {
    return std::make_unique<PatternMatcher>(
        std::make_shared<const PatternProgram>(CompileWildcard(pattern)));
  }
  absl::StatusOr<PatternProgram> program = CompileRegexp(pattern);
  if (program.ok()) {
    return std::make_unique<PatternMatcher>(
        std::make_shared<const PatternProgram>(*std::move(program)));
  }
  Require(!program.status().message().empty() &&
              (CodeOf(program.status()) == ErrorCode::kInvalidArgument ||
               CodeOf(program.status()) == ErrorCode::kResourceExhausted),
          "a wrong expression is the caller's mistake");
  return nullptr;
}

bool Takes(TermMatcher* matcher, std::string_view term) {
  if (matcher->is_large()) matcher->Forget();
  TermMatcher::State state = TermMatcher::kStart;
  const auto* at = reinterpret_cast<const uint8_t*>(term.data());
  const uint8_t* end = at + term.size();
  while (at < end) {
    char32_t character = 0;
    at += DecodeUtf8(at, end, &character);
    const auto live = matcher->NextLive(state, character);
    state = matcher->Step(state, character);
    if (state == TermMatcher::kDead) return false;
    Require(live == character, "what is taken was called possible");
  }
  return matcher->Accepts(state);
}

// The end of the longest piece that begins there, at least one character; `begin` if there is none.
size_t EndOfPiece(TermMatcher* matcher, std::string_view text, size_t begin) {
  size_t end = begin;
  const auto* const bytes = reinterpret_cast<const uint8_t*>(text.data());
  for (size_t at = begin; at < text.size();) {
    char32_t character = 0;
    at += DecodeUtf8(bytes + at, bytes + text.size(), &character);
    if (character == kReplacementCharacter) break;
    if (Takes(matcher, text.substr(begin, at - begin))) end = at;
  }
  return end;
}

// The pieces of a text are what trying every beginning and every end finds.
void CheckPieces(std::string_view pattern, std::string_view text) {
  const absl::StatusOr<PatternProgram> code = CompileRegexp(pattern.substr(0, kMaxPatternBytes));
  if (!code.ok()) return;
  const absl::StatusOr<PieceProgram> program = PieceProgram::Make(*code);
  if (!program.ok()) return;
  PatternMatcher matcher(std::make_shared<const PatternProgram>(*code));
  PieceFinder finder(std::make_shared<const PieceProgram>(*program), 4 + pattern.size() % 9);
  finder.Start(text);
  PieceFinder::Piece piece;
  const auto* const bytes = reinterpret_cast<const uint8_t*>(text.data());
  for (size_t at = 0; at < text.size();) {
    const size_t end = EndOfPiece(&matcher, text, at);
    if (!matcher.status().ok()) return;
    if (end > at) {
      Require(finder.Next(&piece), "no piece is left out");
      Require(piece.begin == at && piece.end == end,
              "a piece is the longest one that begins there");
      at = end;
    } else {
      char32_t ignored = 0;
      at += DecodeUtf8(bytes + at, bytes + text.size(), &ignored);
    }
  }
  Require(!finder.Next(&piece), "no piece too many");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size < 2) return 0;
  std::string_view rest(reinterpret_cast<const char*>(data) + 2, size - 2);
  std::vector<std::string_view> pieces;
  while (pieces.size() < 200) {
    const size_t end = rest.find('\n');
    pieces.push_back(rest.substr(0, end));
    if (end == rest.npos) break;
    rest.remove_prefix(end + 1);
  }
  const std::string_view pattern = pieces[0];
  std::set<std::string> terms;
  for (size_t i = 1; i < pieces.size(); ++i) terms.emplace(pieces[i].substr(0, kMaxTermBytes));
  // Trying everything takes the cube of the text.
  if (!terms.empty()) CheckPieces(pattern, terms.begin()->substr(0, 40));
  const std::unique_ptr<Env> env = NewMemoryEnv();
  const absl::StatusOr<Dictionary> dictionary = DictionaryOf(terms, env.get());
  Require(dictionary.ok(), "a dictionary is written and opened");
  const std::unique_ptr<TermMatcher> matcher = MatcherOf(data[0], data[1], pattern);
  if (matcher == nullptr) return 0;
  std::set<std::string> found;
  DictionaryWalk walk(*dictionary, matcher.get());
  while (true) {
    const DictionaryWalk::Outcome outcome = walk.Next();
    if (outcome == DictionaryWalk::Outcome::kEnd) break;
    if (outcome == DictionaryWalk::Outcome::kPaused) continue;
    Require(walk.closeness() > 0 && walk.closeness() <= 1, "closeness is in (0, 1]");
    Require(found.empty() || *found.rbegin() < walk.term(), "terms ascend");
    found.emplace(walk.term());
  }
  if (!walk.status().ok()) {
    Require(CodeOf(walk.status()) == ErrorCode::kResourceExhausted, "only limits fail");
    return 0;
  }
  const std::unique_ptr<TermMatcher> again = MatcherOf(data[0], data[1], pattern);
  for (const std::string& term : terms) {
    const bool taken = Takes(again.get(), term);
    if (!again->status().ok()) return 0;
    Require(taken == found.contains(term), "a walk finds what the matcher takes");
  }
  return 0;
}
