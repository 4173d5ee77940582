// JPEG, PNG and WebP for BalanceImages. libjpeg and libpng report errors with longjmp, which must
// not cross a Swift frame: every setjmp, and every call that may jump to it, is inside one
// function here. libwebp returns its errors, so that Swift calls it as it is.
//
// Pixels are [height, width, channels], one byte a value, rows without padding.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include <webp/decode.h>

/// Bytes of every `message` buffer.
enum { CODEC_MESSAGE_SIZE = 256 };

/// What is odd about a file that is whole all the same: bits of `oddities`.
enum {
  /// JPEG: bytes between the segments of its header.
  CODEC_ODD_HEADER_BYTES = 1,
  /// JPEG: bytes behind the last pixel of a scan.
  CODEC_ODD_SCAN_BYTES = 2,
  /// JPEG: scans of a sequential file that claim only a part of the spectrum.
  CODEC_ODD_SPECTRUM = 4,
  /// JPEG: a JFIF version or an Adobe transform that is unknown.
  CODEC_ODD_MARKER = 8,
  /// PNG: a damaged chunk behind the image.
  CODEC_ODD_CHUNK = 16,
};

/// What the header of a file says of its pixels, which the decoders hold the file to.
typedef struct {
  uint32_t width, height;
  /// 1 for grayscale and 3 for every other file.
  int channels;
  /// 16, for values of type uint16_t, or 8, for bytes.
  int depth;
} codec_shape;

/// Decodes a JPEG into `pixels`, of 8 bits; CMYK is converted.
///
/// Returns 0, with what is odd in `oddities`, or 1 with the reason in `message`. Warnings that mean
/// lost pixels are errors.
int codec_jpeg_decode(const uint8_t *data, size_t size, codec_shape shape, void *pixels,
                      unsigned *oddities, char *message);

/// Decodes a PNG into `pixels`; alpha is dropped, and fewer bits than 8 are stretched.
///
/// Returns as `codec_jpeg_decode`.
int codec_png_decode(const uint8_t *data, size_t size, codec_shape shape, void *pixels,
                     unsigned *oddities, char *message);

/// Encodes `pixels` (1 or 3 channels). `*data` gets memory for the caller to `free`.
///
/// Returns 0, or 1 with the reason in `message`, `*data` then being NULL.
int codec_png_encode(const uint8_t *pixels, uint32_t width, uint32_t height, int channels,
                     uint8_t **data, size_t *size, char *message);
