"""Arrays in one file that is mapped into memory: reading it copies nothing, and processes share its pages.

The file is a checksum, its own length, the length of a JSON list of what stands where, that list, and the arrays,
which are numbers. Nothing in it is ever run.
"""

from __future__ import annotations

import json
import mmap
import os
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Arrays = Mapping[str, NDArray[Any]]
_NUMBER = 8
_ALIGNED = 64


def write(path: Path, arrays: Arrays) -> None:
    """Write a file as a whole or not at all; raises OSError, or ValueError for what is no array of numbers."""
    if any(array.dtype.hasobject for array in arrays.values()):
        raise ValueError("numbers alone are kept")
    listed, size = [], 0
    for name, array in arrays.items():
        listed.append((name, array.dtype.str, array.shape, size))
        size += array.nbytes + -array.nbytes % _ALIGNED
    told = json.dumps(listed).encode()
    length = 3 * _NUMBER + len(told)
    head = _filled(_as_bytes(0) + _as_bytes(length + -length % _ALIGNED + size) + _as_bytes(len(told)) + told)
    handle, temporary = tempfile.mkstemp(dir=path.parent, suffix=".tmp")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(head)
            checksum = _checksum(head)
            for array in arrays.values():
                raw = _filled(array.tobytes())
                file.write(raw)
                checksum += _checksum(raw)
            file.seek(0)
            file.write(_as_bytes(checksum % 2**64))
        Path(temporary).replace(path)
    except OSError:
        Path(temporary).unlink(missing_ok=True)
        raise


def read(path: Path) -> Arrays:
    """The arrays of a file, which can't be written to; raises OSError, or ValueError for a damaged file."""
    with path.open("rb") as file:
        memory = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    checksum, whole, length = (_as_number(memory[at * _NUMBER : (at + 1) * _NUMBER]) for at in range(3))
    if len(memory) != whole or len(memory) % _ALIGNED:
        raise ValueError("cut off")
    if (_checksum(memory) - checksum) % 2**64 != checksum:
        raise ValueError("damaged")
    listed = json.loads(memory[3 * _NUMBER : 3 * _NUMBER + length])
    if any(np.dtype(kind).hasobject for _, kind, _, _ in listed):
        raise ValueError("numbers alone are kept")
    begin = 3 * _NUMBER + length
    begin += -begin % _ALIGNED
    return {
        name: np.ndarray(shape, kind, buffer=memory, offset=begin + at) for name, kind, shape, at in listed
    }


def _filled(raw: bytes) -> bytes:
    return raw + b"\0" * (-len(raw) % _ALIGNED)


def _checksum(raw: bytes | mmap.mmap) -> int:
    """The sum of all numbers of eight bytes: no such check is faster, and files are only ever torn or cut off."""
    return int(np.frombuffer(raw, np.uint64).sum(dtype=np.uint64))


def _as_bytes(number: int) -> bytes:
    return number.to_bytes(_NUMBER, sys.byteorder)


def _as_number(raw: bytes) -> int:
    return int.from_bytes(raw, sys.byteorder)
