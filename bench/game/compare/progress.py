# SPDX-License-Identifier: Apache-2.0
"""One line on standard error that says what is going on; nothing where that is no terminal."""
import shutil
import sys
import time

_SILENT = not sys.stderr.isatty()
_BEGAN = time.monotonic()


def show(text):
    """Replaces the line."""
    if _SILENT:
        return
    minutes, seconds = divmod(int(time.monotonic() - _BEGAN), 60)
    width = shutil.get_terminal_size().columns - 1
    sys.stderr.write("\r\033[K" + ("%d:%02d %s" % (minutes, seconds, text))[:width])
    sys.stderr.flush()


def clear():
    if not _SILENT:
        sys.stderr.write("\r\033[K")
        sys.stderr.flush()
