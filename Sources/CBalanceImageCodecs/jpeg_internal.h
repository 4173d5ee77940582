#pragma once

#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <jpeglib.h>

/// A progressive file may ask for any number of passes over a large image.
enum { JPEG_SCAN_LIMIT = 500 };

/// What libjpeg reports to, and where a reader goes on after an error. A reader's own state begins
/// with it.
typedef struct {
  struct jpeg_error_mgr base;
  struct jpeg_progress_mgr progress;
  jmp_buf escape;
} jpeg_reading;

/// Empties `info` and makes it report to `state`; destroying it is safe from then on, even if
/// creating it fails.
///
/// - take_message: is given warnings and what libjpeg traces.
void jpeg_prepare(struct jpeg_decompress_struct *info, jpeg_reading *state,
                  void (*fail)(j_common_ptr), void (*take_message)(j_common_ptr, int));

/// Opens the file in memory and reads its header, passes of its scans watched by `limit_scans`.
/// Errors jump to `state->escape`.
void jpeg_open(struct jpeg_decompress_struct *info, jpeg_reading *state, const uint8_t *data,
               size_t size, void (*limit_scans)(j_common_ptr));

/// Whether the bytes in front of `marker`, which a decoder skipped at the end of a scan, are no
/// part of the picture: 1, or 0 where they may be what damage left over of it.
///
/// - marker: the offset of the first byte of the marker that follows, a 0xFF.
int jpeg_skipped_no_pixel(const uint8_t *data, size_t size, size_t marker);
