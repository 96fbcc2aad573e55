# SPDX-License-Identifier: Apache-2.0
"""Files and folders that are made once and made again when what they were made from changes."""
import hashlib
import json
import os
import shutil


def digest_of(path):
    """SHA-256 of a file."""
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def remove(path):
    if os.path.isdir(path) and not os.path.islink(path):
        shutil.rmtree(path)
    elif os.path.lexists(path):
        os.remove(path)


def cached(path, key, make):
    """make(path) unless it was done with the same `key` before; what make returned, then or now.

    `key` and the result are JSON values; they stand in PATH.stamp, written last.
    """
    key = json.loads(json.dumps(key))
    stamp = path + ".stamp"
    try:
        with open(stamp, encoding="utf-8") as file:
            known = json.load(file)
        if known["key"] == key and os.path.exists(path):
            return known["result"]
    except (OSError, ValueError, KeyError):
        pass
    remove(stamp)
    remove(path)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    result = make(path)
    with open(stamp, "w", encoding="utf-8") as file:
        json.dump({"key": key, "result": result}, file)
    return result
