// SPDX-License-Identifier: Apache-2.0
#include "bench/game/line_server.h"

#include <cinttypes>
#include <cstdio>
#include <iostream>

namespace segue::game {
namespace {

std::string_view CutAtTab(std::string_view* rest) {
  const size_t tab = rest->find('\t');
  const std::string_view piece = rest->substr(0, tab);
  *rest = tab == std::string_view::npos ? std::string_view() : rest->substr(tab + 1);
  return piece;
}

absl::StatusOr<std::optional<Answer>> AnswerLine(const Answerer& answerer, std::string_view line,
                                                 Request* request) {
  const absl::StatusOr<Command> command = ParseCommand(CutAtTab(&line));
  if (!command.ok()) return command.status();
  request->command = *command;
  request->query = CutAtTab(&line);
  request->filter = line;
  return answerer(*request);
}

void PrintAnswer(const Answer& answer, bool hits, bool timing) {
  if (hits) {
    const char* between = "";
    for (const ScoredLine& hit : answer.hits) {
      std::printf("%s%" PRIu64 ":%.9g", between, hit.line, hit.score);
      between = " ";
    }
    std::printf("\n");
  } else if (timing) {
    std::printf("%" PRIu64 "\t%" PRIu64 "\n", answer.number, answer.nanoseconds);
  } else {
    std::printf("%" PRIu64 "\n", answer.number);
  }
}

}  // namespace

void ServeLines(const Answerer& answerer, bool timing) {
  std::string line;
  while (std::getline(std::cin, line)) {
    Request request;
    const auto answer = AnswerLine(answerer, line, &request);
    if (!answer.ok()) {
      std::printf("ERROR\t%s\n", std::string(answer.status().message()).c_str());
    } else if (!answer->has_value()) {
      std::printf("UNSUPPORTED\n");
    } else {
      PrintAnswer(**answer, request.command.want == Command::Want::kHits, timing);
    }
    std::fflush(stdout);
  }
}

}  // namespace segue::game
