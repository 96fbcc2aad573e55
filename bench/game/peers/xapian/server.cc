// SPDX-License-Identifier: Apache-2.0
//
// Counts are exact when Xapian is told to check at least as many documents as there are; a count
// alone is asked without weights. BM25: k1 and b as everywhere; k2 = 0 leaves out its extra term;
// a large k3 lets a word that stands twice in the query weigh twice; no least length.
#include "bench/game/peers/xapian/server.h"

#include <xapian.h>

#include <chrono>
#include <cinttypes>
#include <cstdio>
#include <iostream>
#include <stdexcept>
#include <string_view>

#include "bench/game/peers/xapian/query.h"

namespace xapian_game {
namespace {

struct Command {
  bool count = false, top = false, hits = false;
  Xapian::doccount k = 0;
};

Command ParseCommand(std::string_view name) {
  const std::string given(name);
  Command command;
  command.hits = name.substr(0, 5) == "HITS_";
  command.top = command.hits || name.substr(0, 4) == "TOP_";
  if (command.top) {
    size_t used = 0;
    const std::string rest = given.substr(command.hits ? 5 : 4);
    command.k = static_cast<Xapian::doccount>(std::stoul(rest, &used));
    command.count = !command.hits && rest.substr(used) == "_COUNT";
    if (!command.count && used != rest.size()) throw std::runtime_error("unknown command " + given);
  } else if (given == "COUNT") {
    command.count = true;
  } else {
    throw std::runtime_error("unknown command " + given);
  }
  return command;
}

class Server {
 public:
  explicit Server(const std::string& folder) : database_(folder) {}

  void Answer(std::string_view line) {
    const Command command = ParseCommand(Cut(&line));
    const std::string_view query = Cut(&line);
    const auto begin = std::chrono::steady_clock::now();
    Xapian::Enquire enquire(database_);
    enquire.set_query(MakeQuery(query, line));
    if (command.top) {
      enquire.set_weighting_scheme(Xapian::BM25Weight(1.2, 0, 1e9, 0.75, 0));
    } else {
      enquire.set_weighting_scheme(Xapian::BoolWeight());
    }
    const Xapian::doccount check = command.count ? database_.get_doccount() : 0;
    const Xapian::MSet found = enquire.get_mset(0, command.k, check);
    uint64_t ids = 0;  // the numbers of the hits belong to the answer
    for (Xapian::MSetIterator it = found.begin(); it != found.end(); ++it) ids += *it;
    const auto end = std::chrono::steady_clock::now();
    if (ids == 0 && !found.empty()) throw std::runtime_error("hits without numbers");
    if (command.hits) return PrintHits(found);
    const uint64_t number = command.count ? found.get_matches_estimated() : found.size();
    if (command.count && found.get_matches_lower_bound() != found.get_matches_upper_bound()) {
      std::printf("UNSUPPORTED\n");
      return;
    }
    const auto nanoseconds = static_cast<uint64_t>(
        std::chrono::duration_cast<std::chrono::nanoseconds>(end - begin).count());
    std::printf("%" PRIu64 "\t%" PRIu64 "\n", number, nanoseconds);
  }

 private:
  static std::string_view Cut(std::string_view* rest) {
    const size_t tab = rest->find('\t');
    const std::string_view piece = rest->substr(0, tab);
    *rest = tab == std::string_view::npos ? std::string_view() : rest->substr(tab + 1);
    return piece;
  }

  static void PrintHits(const Xapian::MSet& found) {
    const char* between = "";
    for (Xapian::MSetIterator it = found.begin(); it != found.end(); ++it) {
      std::printf("%s%u:%.9g", between, *it - 1, it.get_weight());
      between = " ";
    }
    std::printf("\n");
  }

  Xapian::Database database_;
};

}  // namespace

void Serve(const std::string& folder) {
  Server server(folder);
  for (std::string line; std::getline(std::cin, line);) {
    try {
      server.Answer(line);
    } catch (const Xapian::Error& error) {
      std::printf("ERROR\t%s\n", error.get_msg().c_str());
    } catch (const std::exception& error) {
      std::printf("ERROR\t%s\n", error.what());
    }
    std::fflush(stdout);
  }
}

}  // namespace xapian_game
