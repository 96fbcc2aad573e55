# SPDX-License-Identifier: Apache-2.0
"""What kind of machine this is, and how to keep a process on one of its cores."""
import os
import platform
import re


class Failed(Exception):
    """Something that the user can understand went wrong; the message says what."""


def _first(path, pattern, missing=""):
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            found = re.search(pattern, file.read(), re.MULTILINE)
    except OSError:
        return missing
    return found.group(1).strip() if found else missing


def describe():
    """Processor, cores, memory and system, and nothing that names this one machine."""
    kilobytes = int(_first("/proc/meminfo", r"^MemTotal:\s*(\d+)", "0"))
    return {
        "processor": _first("/proc/cpuinfo", r"^model name\s*:(.*)$", platform.machine()),
        "virtual": bool(_first("/proc/cpuinfo", r"^flags.*\b(hypervisor)\b")),
        "cores": len(os.sched_getaffinity(0)),
        "memory_gb": round(kilobytes * 1024 / 1e9, 1),
        "system": _first("/etc/os-release", r'^PRETTY_NAME="?([^"\n]*)', platform.system()),
    }


def choose_core(wanted):
    """`wanted`: "auto" (the last core, where there are two or more), "none" or a number."""
    cores = sorted(os.sched_getaffinity(0))
    if wanted == "none" or (wanted == "auto" and len(cores) < 2):
        return None
    if wanted == "auto":
        return cores[-1]
    if not wanted.isdigit() or int(wanted) not in cores:
        raise Failed("--core takes auto, none or one of %s" % ", ".join(map(str, cores)))
    return int(wanted)


def pin_to(core):
    """For a child between fork and exec. Where the system does not allow it, it runs anywhere."""
    try:
        os.sched_setaffinity(0, {core})
    except OSError:
        pass
