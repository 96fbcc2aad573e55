# SPDX-License-Identifier: Apache-2.0
"""First the engines have to agree on every count, then they are timed, round by round.

In a round each engine in turn answers all queries of all commands; who begins changes from round to
round. What the machine does besides hits all engines alike, and the best of the rounds is kept.
"""
import random
import statistics

import progress

# For the peers that are too slow for everything. The best of several rounds, because the first one
# finds cold caches, and any one may be disturbed.
SAMPLE, SAMPLED_ROUNDS = 100, 3

# So many answers of each turn do not count: while the others had theirs, an engine lost its caches.
# Sampled peers, which take long, are not asked.
WARMING = 32


def sample_of(queries, seed):
    """The indexes of at most SAMPLE queries: of each class its share, by chance within it.

    Not every n-th: generated queries take turns in frequency, and a step can fall in with that.
    """
    by_class = list(range(len(queries)))
    random.Random(seed).shuffle(by_class)
    by_class.sort(key=lambda index: queries[index].kind)
    if len(by_class) <= SAMPLE:
        return sorted(by_class)
    return sorted(by_class[number * len(by_class) // SAMPLE] for number in range(SAMPLE))


def counts_of(servers, queries, asked):
    """For each query the counts by engine; `asked[name]`: the indexes that an engine is asked."""
    counts = [{} for _ in queries]
    for server in servers:
        name = server.engine.name
        progress.show("counting: " + name)
        answers = server.ask("COUNT", [queries[index] for index in asked[name]])
        for index, answer in zip(asked[name], answers):
            if answer is not None:
                counts[index][name] = answer[0]
    return counts


def disagreements_of(counts):
    """The indexes of queries for which two engines count differently, with what they say."""
    return {index: said for index, said in enumerate(counts) if len(set(said.values())) > 1}


def expected_number(command, count):
    """What a command has to answer where `count` documents match."""
    return count if command.endswith("COUNT") else min(int(command.removeprefix("TOP_")), count)


class Race:
    """Times of some engines over queries on whose counts they agree."""

    def __init__(self, servers, queries, commands, asked, counts):
        self.servers, self.queries, self.commands = servers, queries, commands
        self.asked, self.counts = asked, counts
        # [command][engine][index] -> nanoseconds of the rounds
        self.times = {command: {server.engine.name: {} for server in servers}
                      for command in commands}
        self.wrong = []  # answers that contradict the counts

    def _turn(self, server, command):
        name = server.engine.name
        answers = server.ask(command, [self.queries[index] for index in self.asked[name]])
        for index, answer in zip(self.asked[name], answers):
            if answer is None:
                continue
            agreed = next(iter(self.counts[index].values()), None)
            if agreed is not None and answer[0] != expected_number(command, agreed):
                self.wrong.append((index, command, name, answer[0]))
            self.times[command][name].setdefault(index, []).append(answer[1])

    def run(self, rounds, what):
        for number in range(rounds):
            first = number % len(self.servers)
            for server in self.servers[first:] + self.servers[:first]:
                if server.engine.sampled and number >= SAMPLED_ROUNDS:
                    continue
                progress.show("%s: round %d of %d, %s" % (what, number + 1, rounds,
                                                          server.engine.name))
                if not server.engine.sampled:
                    server.ask(self.commands[0], self.queries[:WARMING])
                for command in self.commands:
                    self._turn(server, command)

    def summary(self, choose):
        """[command][engine] -> a number for each query, or None; `choose`: min or median."""
        return {command: {name: [choose(times[index]) if index in times else None
                                 for index in range(len(self.queries))]
                          for name, times in engines.items()}
                for command, engines in self.times.items()}

    def best(self):
        return self.summary(min)

    def medians(self):
        return self.summary(lambda times: int(statistics.median(times)))


def drop_wrong(best, wrong):
    """Takes a query out of a command's times, for every engine, where one answered wrongly."""
    for index, command, _, _ in wrong:
        for times in best[command].values():
            times[index] = None
