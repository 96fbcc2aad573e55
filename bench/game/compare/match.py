# SPDX-License-Identifier: Apache-2.0
"""One match: some engines, one corpus, one variant of index, one run."""
import os

import rounds
from server import Server


class Match:
    def __init__(self, options, engines, versions, core):
        self.options, self.engines, self.versions, self.core = options, engines, versions, core

    def play(self, corpus, queries, variant, commands, run=1, without_slow=False):
        """The result, as cells.py and results.json have it."""
        engines = [engine for engine in self.engines if variant in engine.variants
                   and not (engine.sampled and without_slow)]
        built = {engine.name: engine.build(corpus, variant, self._index(corpus, variant, engine))
                 for engine in engines}
        servers = []
        try:
            for engine in engines:
                log = os.path.join(self.options.work, "log", engine.name + ".serve")
                os.makedirs(os.path.dirname(log), exist_ok=True)
                servers.append(Server(engine, self._index(corpus, variant, engine), self.core, log))
            return self._time(servers, built, corpus, queries, variant, commands, run)
        finally:
            for server in servers:
                server.close()

    def _index(self, corpus, variant, engine):
        return os.path.join(self.options.work, "index", corpus.name,
                            "%s.%s" % (engine.name, variant))

    def _time(self, servers, built, corpus, queries, variant, commands, run):
        everything = list(range(len(queries)))
        sample = rounds.sample_of(queries, self.options.sample_seed)
        asked = {server.engine.name: sample if server.engine.sampled else everything
                 for server in servers}
        counts = rounds.counts_of(servers, queries, asked)
        disagreements = rounds.disagreements_of(counts)
        asked = {name: [index for index in indexes if index not in disagreements]
                 for name, indexes in asked.items()}
        race = rounds.Race(servers, queries, commands, asked, counts)
        race.run(self.options.rounds, "%s %s" % (corpus.name, variant))
        best = race.best()
        rounds.drop_wrong(best, race.wrong)
        told = [{"command": "COUNT", "query": index, "counts": said}
                for index, said in disagreements.items()]
        told += [{"command": command, "query": index,
                  "counts": {"expected": rounds.expected_number(
                      command, next(iter(counts[index].values()))), name: number}}
                 for index, command, name, number in dict.fromkeys(race.wrong)]
        return {
            "corpus": corpus.name, "variant": variant, "documents": corpus.documents,
            "corpus_digest": corpus.digest, "run": run, "runs": self.options.runs,
            "ours": self.options.ours,
            "sample": {"seed": self.options.sample_seed, "queries": sample,
                       "rounds": min(self.options.rounds, rounds.SAMPLED_ROUNDS)},
            "engines": {server.engine.name: {
                "version": self.versions[server.engine.name], "sampled": server.engine.sampled,
                "pinned": server.engine.pinned and self.core is not None,
                "build": built[server.engine.name],
                "serve_peak_rss_bytes": server.peak_rss_bytes()} for server in servers},
            "queries": [{"text": query.text, "kind": query.kind, "filter": query.filter,
                         "source": query.source} for query in queries],
            "counts": [next(iter(said.values()), None) for said in counts],
            "left_out": sorted(disagreements), "disagreements": told,
            "best": best, "median": race.medians()}
