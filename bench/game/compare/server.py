# SPDX-License-Identifier: Apache-2.0
"""A driver that serves an index, and the conversation with it."""
import functools
import re
import subprocess

import machine
from machine import Failed

# Lines are sent in batches, so that the time between two questions is short and alike for all;
# a batch and its answers fit into the buffers of the pipes.
BATCH_BYTES = 8192


class Server:
    """`folder` holds an index of `engine`; what the driver says on standard error goes to `log`."""

    def __init__(self, engine, folder, core, log):
        self.engine = engine
        self.log = log
        pin = None
        if core is not None and engine.pinned:
            pin = functools.partial(machine.pin_to, core)
        with open(log, "w", encoding="utf-8") as errors:
            self.process = subprocess.Popen([*engine.command, "serve", folder],
                                            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                            stderr=errors, text=True, preexec_fn=pin)

    def ask(self, command, queries):
        """(answer, nanoseconds) for each query; None where the engine has no exact answer."""
        answers = []
        for batch in _batches(command, queries):
            try:
                self.process.stdin.write("".join(batch))
                self.process.stdin.flush()
            except BrokenPipeError:
                self._died()
            for line in batch:
                answers.append(self._read(line))
        return answers

    def _read(self, line):
        answer = self.process.stdout.readline().rstrip("\n")
        if answer == "UNSUPPORTED":
            return None
        number, _, nanoseconds = answer.partition("\t")
        if number.isdigit() and nanoseconds.isdigit():
            return int(number), int(nanoseconds)
        if not answer:
            self._died()
        raise Failed("%s answers %r to %r" % (self.engine.name, answer, line.rstrip("\n")))

    def _died(self):
        self.process.wait()
        with open(self.log, encoding="utf-8", errors="replace") as errors:
            said = errors.read().strip()[-2000:]
        raise Failed("%s ended (%d): %s" % (self.engine.name, self.process.returncode, said))

    def peak_rss_bytes(self):
        """The most memory it held so far, mapped pages of the index included; 0: unknown."""
        try:
            with open("/proc/%d/status" % self.process.pid, encoding="ascii") as status:
                found = re.search(r"^VmHWM:\s*(\d+) kB", status.read(), re.MULTILINE)
        except OSError:
            return 0
        return int(found.group(1)) * 1024 if found else 0

    def close(self):
        self.process.stdin.close()
        self.process.stdout.close()
        try:
            self.process.wait(timeout=60)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def _batches(command, queries):
    batch, size = [], 0
    for query in queries:
        line = "\t".join([command, query.text] + ([query.filter] if query.filter else [])) + "\n"
        if batch and size + len(line) > BATCH_BYTES:
            yield batch
            batch, size = [], 0
        batch.append(line)
        size += len(line)
    if batch:
        yield batch
