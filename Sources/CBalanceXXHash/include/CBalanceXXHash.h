#pragma once

#include <stddef.h>
#include <stdint.h>

/// XXH3 of 128 bits over `length` bytes, written to `digest` in the canonical (big-endian) order
/// that xxhsum prints. `data` may be null when `length` is 0. Keeps no reference to either.
void cxxhash_xxh3_128(const void *data, size_t length, uint8_t digest[16]);
