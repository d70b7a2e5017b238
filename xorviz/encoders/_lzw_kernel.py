"""LZW in which a pixel may have several symbols, compiled; importing this needs numba.

The symbols 0 to 2^bits - 1 are codes themselves, then come those that clear and end, then one for every string seen so
far: one shorter, and a symbol. A hash table leads from these to the code.

References:
    T. Welch, "A technique for high-performance data compression", IEEE Computer 17 (1984); CompuServe, "Graphics
    Interchange Format, version 89a" (1990), appendix F. Deviations, all within the format: of several strings that fit
    the longest is taken, and the table is cleared when it wears out, not when it is full.
"""

from __future__ import annotations

import numpy as np
from numba import njit

_MOST_CODES = 4096
_N_SLOTS = 16384
_N_FRONT = 4  # strings followed at one time; 8 bring 0.3 % for a tenth more time
_SHORTEST_RUN = 8  # still pixels that are taken as one run, without a look at other strings
_WINDOW = 256  # codes of a full table, over which it is watched
_WORN = 0.9  # of the pixels that its best window took


@njit(cache=True, nogil=True)
def parse(own, still, bits, codes):
    """Divides pixels into strings; returns how many codes that takes.

    Args:
        own (uint8 of shape (n,)): a symbol that each pixel may have; 0 is transparent.
        still (bool of shape (n,)): whether it may be transparent, too.
        bits: that a symbol takes.
        codes (uint16 of shape (2 n + 2,)): receives the codes.
    """
    clear = 1 << bits
    table = np.zeros(_N_SLOTS, np.uint32)
    first = np.arange(_MOST_CODES).astype(np.uint8)
    runs, n_runs = np.zeros(_MOST_CODES, np.uint16), 1  # the strings of transparent pixels, by length
    front = np.zeros((2, _N_FRONT), np.uint16)
    codes[0] = clear
    n_codes, n_known, before, i, changed = 1, clear + 2, -1, 0, 0
    n_watched, window_start, best = 0, 0, 0
    while i < len(own):
        changed = _next_changed(still, i, changed)
        # The string that comes may be the one that the decoder makes of it: the last, and its own first symbol.
        guess, slot = before >= 0 and n_known < _MOST_CODES and _find(table, before, first[before]) == 0, 0
        if guess:
            slot = _put(table, before, first[before], n_known)
            first[n_known] = first[before]
            runs[n_runs + 1] = n_known
        n_ready = n_runs + (guess and runs[n_runs] == before)
        j, n_front = _begin(own, still, i, changed - i, runs, n_ready, front)
        code, j = _longest(own, still, table, front, n_front, j, j < changed and j > i + 1)
        codes[n_codes], n_codes = code, n_codes + 1
        if before >= 0 and n_known < _MOST_CODES:
            if guess:
                table[slot] = 0  # what was put last can be taken back
            n_runs = _learn(table, first, runs, n_runs, before, first[code], n_known)
            n_known += 1
        before, i = code, j
        n_watched = n_watched + 1 if n_known == _MOST_CODES else 0
        if n_watched == 0:
            window_start = i
        elif n_watched == _WINDOW:
            if i - window_start < _WORN * best:
                codes[n_codes], n_codes = clear, n_codes + 1
                table[:] = 0
                n_known, before, n_runs, best = clear + 2, -1, 1, 0
            best = max(best, i - window_start)
            n_watched, window_start = 0, i
    codes[n_codes] = clear + 1
    return n_codes + 1


@njit(cache=True, nogil=True)
def _learn(table, first, runs, n_runs, before, symbol, code):
    """Gives a string and one more symbol a code, as the decoder does; returns how many strings are all transparent."""
    first[code] = first[before]
    if _find(table, before, symbol) != 0:
        return n_runs
    _put(table, before, symbol, code)
    if symbol != 0 or runs[n_runs] != before:
        return n_runs
    runs[n_runs + 1] = code
    return n_runs + 1


@njit(cache=True, nogil=True)
def pack(codes, bits, out):
    """Writes codes bit by bit, in as many as the decoder's table then has; returns how many bytes that takes.

    Args:
        codes (uint16 of shape (n,)): from ``parse``.
        bits: that a symbol takes.
        out (uint8 of shape (2 n,)): receives the bytes.
    """
    clear = 1 << bits
    size, n_known, n_bytes = bits + 1, clear + 1, 0
    held, n_held = np.uint64(0), np.uint64(0)
    for code in codes:
        held |= np.uint64(code) << n_held
        n_held += np.uint64(size)
        while n_held >= np.uint64(8):
            out[n_bytes], n_bytes = held & np.uint64(255), n_bytes + 1
            held >>= np.uint64(8)
            n_held -= np.uint64(8)
        if code == clear:
            size, n_known = bits + 1, clear + 1
        elif n_known < _MOST_CODES:
            n_known += 1
            if n_known == 1 << size and size < 12:
                size += 1
    if n_held:
        out[n_bytes], n_bytes = held & np.uint64(255), n_bytes + 1
    return n_bytes


@njit(cache=True, nogil=True)
def _next_changed(still, i, known):
    """The first pixel from i on that is not still; ``known`` is the answer for an earlier one."""
    at = max(i, known)
    while at < len(still) and still[at]:
        at += 1
    return at


@njit(cache=True, nogil=True)
def _begin(own, still, i, n_still, runs, n_ready, front):
    """Fills the front with strings that fit from i on; returns where they end and how many they are."""
    n_run = min(n_still, n_ready)
    if n_run >= _SHORTEST_RUN:
        front[0, 0] = runs[n_run]
        return i + n_run, 1
    n = 0
    if still[i] and own[i] != 0:
        n = 1
        front[0, 0] = 0
    front[0, n] = own[i]
    return i + 1, n + 1


@njit(cache=True, nogil=True)
def _longest(own, still, table, front, n_front, j, is_whole):
    """Prolongs the strings of the front, which end before j, while any fits; returns one of the last, and its end."""
    now = 0
    while j < len(own) and not is_whole:
        n, mine = 0, own[j]
        may_be_transparent = still[j] and mine != 0
        for k in range(n_front):
            string = front[now, k]
            if may_be_transparent and n < _N_FRONT:
                longer = _find(table, string, 0)
                if longer != 0:
                    front[1 - now, n], n = longer, n + 1
            if n < _N_FRONT:
                longer = _find(table, string, mine)
                if longer != 0:
                    front[1 - now, n], n = longer, n + 1
        if n == 0:
            break
        now, n_front, j = 1 - now, n, j + 1
    return np.int64(front[now, 0]), j


@njit(cache=True, nogil=True)
def _find(table, string, symbol):
    """The code of a string and one more symbol, 0 if it has none. An entry is string, symbol and code, bit by bit."""
    key = np.uint32(string) << np.uint32(8) | np.uint32(symbol)
    slot = np.uint32(key * np.uint32(0x9E3779B1)) >> np.uint32(18)
    entry = table[slot]
    while entry != 0 and entry >> np.uint32(12) != key:
        slot = (slot + np.uint32(1)) & np.uint32(_N_SLOTS - 1)
        entry = table[slot]
    return entry & np.uint32(_MOST_CODES - 1)


@njit(cache=True, nogil=True)
def _put(table, string, symbol, code):
    """Makes a code stand for a string and one more symbol; returns where that is written."""
    key = np.uint32(string) << np.uint32(8) | np.uint32(symbol)
    slot = np.uint32(key * np.uint32(0x9E3779B1)) >> np.uint32(18)
    while table[slot] != 0:
        slot = (slot + np.uint32(1)) & np.uint32(_N_SLOTS - 1)
    table[slot] = key << np.uint32(12) | np.uint32(code)
    return np.int64(slot)
