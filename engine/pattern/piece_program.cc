// SPDX-License-Identifier: Apache-2.0
#include "engine/pattern/piece_program.h"

#include <bit>
#include <utility>

#include "engine/base/status.h"
#include "engine/base/strings.h"

namespace segue {
namespace {

using InstructionKind = PatternInstruction::Kind;

// What a walk over instructions that take no character comes to.
class Reach {
 public:
  // `places`: the place of each instruction that takes a character.
  Reach(const PatternCode& code, const std::vector<uint32_t>& places)
      : code_(code), places_(places), seen_(code.size(), 0) {}

  // The places that are reached from an instruction, and whether the end is.
  PlaceSet From(size_t instruction, bool* ends) {
    PlaceSet reached;
    *ends = false;
    ++walk_;
    open_.assign(1, instruction);
    while (!open_.empty()) {
      const size_t at = open_.back();
      open_.pop_back();
      if (std::exchange(seen_[at], walk_) == walk_) continue;
      const PatternInstruction& here = code_[at];
      const auto jump = [&](int i) {
        open_.push_back(static_cast<size_t>(static_cast<int64_t>(at) + here.jumps[i]));
      };
      switch (here.kind) {
        case InstructionKind::kSplit:
          jump(1);
          jump(0);
          break;
        case InstructionKind::kJump:
          jump(0);
          break;
        case InstructionKind::kSet:
          reached.Add(places_[at]);
          break;
        case InstructionKind::kMatch:
          *ends = true;
          break;
      }
    }
    return reached;
  }

 private:
  const PatternCode& code_;
  const std::vector<uint32_t>& places_;
  std::vector<uint32_t> seen_;  // the last walk that came by
  uint32_t walk_ = 0;
  std::vector<size_t> open_;
};

}  // namespace

PieceProgram::Neighbours PieceProgram::Tabulate(const std::vector<PlaceSet>& neighbours) {
  Neighbours table((neighbours.size() + 7) / 8);
  for (size_t i = 0; i < table.size(); ++i) {
    for (size_t bits = 1; bits < 256; ++bits) {
      const size_t rest = bits & (bits - 1);  // without the lowest place
      const size_t place = 8 * i + static_cast<size_t>(std::countr_zero(bits));
      table[i][bits] = table[i][rest];
      if (place < neighbours.size()) table[i][bits] |= neighbours[place];
    }
  }
  return table;
}

void PieceProgram::FillClasses(const std::vector<uint32_t>& instructions) {
  taking_.resize(pattern_.class_count() + 1);  // the last one is that of U+FFFD
  for (size_t place = 0; place < instructions.size(); ++place) {
    const CharacterSet& set = pattern_.set(pattern_.code()[instructions[place]]);
    for (size_t i = 0; i < pattern_.class_count(); ++i) {
      if (set.Contains(pattern_.ClassBegin(i))) taking_[i].Add(place);
    }
  }
}

absl::StatusOr<PieceProgram> PieceProgram::Make(const PatternProgram& pattern) {
  PieceProgram program(pattern);
  const PatternCode& code = program.pattern_.code();
  std::vector<uint32_t> instructions;  // of the places
  std::vector<uint32_t> places(code.size(), 0);
  for (uint32_t i = 0; i < code.size(); ++i) {
    if (code[i].kind != InstructionKind::kSet) continue;
    places[i] = static_cast<uint32_t>(instructions.size());
    instructions.push_back(i);
  }
  if (instructions.empty()) {
    return Error(ErrorCode::kInvalidArgument, "the pattern matches no character");
  }
  if (instructions.size() > kMaxPiecePlaces) {
    return Error(ErrorCode::kResourceExhausted,
                 Cat("the pattern, written out, has ", instructions.size(),
                     " characters and sets; at most ", kMaxPiecePlaces, " are allowed"));
  }
  Reach reach(code, places);
  bool ends = false;
  program.first_ = reach.From(0, &ends);
  std::vector<PlaceSet> after(instructions.size()), before(instructions.size());
  for (size_t place = 0; place < instructions.size(); ++place) {
    after[place] = reach.From(instructions[place] + 1, &ends);
    if (ends) program.last_.Add(place);
    for (size_t next = 0; next < instructions.size(); ++next) {
      if (after[place].Contains(next)) before[next].Add(place);
    }
  }
  program.after_ = Tabulate(after);
  program.before_ = Tabulate(before);
  program.FillClasses(instructions);
  return program;
}

}  // namespace segue
