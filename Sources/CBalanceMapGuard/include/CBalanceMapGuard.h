#pragma once

#include <stdbool.h>
#include <stddef.h>

/// Files that are mapped into memory and may become shorter, or unreadable, while they are.
///
/// Reading a page that a file no longer has raises SIGBUS, which ends the process without a word.
/// From the first call of `map_guard_add` on, the process survives that within the ranges that are
/// watched: the rest of the range reads as zeros, and `map_guard_failed` says so. A SIGBUS
/// elsewhere goes to whoever handled it before.

/// Watches `length` bytes at `start`, which is the beginning of a mapping. Returns a number for the
/// other calls, or -1 where there are too many ranges already; those are read without a guard.
int map_guard_add(void *start, size_t length);

/// Whether a page of the range could not be read. May be called from any thread.
bool map_guard_failed(int number);

/// Ends the watch; to be called before the range is unmapped.
void map_guard_remove(int number);
