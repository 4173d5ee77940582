#include "include/CBalanceXXHash.h"

#include <string.h>
#include <xxhash.h>

void cxxhash_xxh3_128(const void *data, size_t length, uint8_t digest[16]) {
  XXH128_canonical_t canonical;
  XXH128_canonicalFromHash(&canonical, XXH3_128bits(data, length));
  memcpy(digest, canonical.digest, sizeof canonical.digest);
}
