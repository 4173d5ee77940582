#pragma once

#include <stddef.h>
#include <stdint.h>

/// A progressive file may ask for any number of passes over a large image.
enum { JPEG_SCAN_LIMIT = 500 };

/// Whether the bytes in front of `marker`, which a decoder skipped at the end of a scan, are beside
/// the picture: 1, or 0 where they may be what damage left over of it.
///
/// - marker: the offset of the first byte of the marker that follows, a 0xFF.
int jpeg_skipped_no_pixel(const uint8_t *data, size_t size, size_t marker);
