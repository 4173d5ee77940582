// JPEG and PNG for BalanceImages, and the loops over pixels that a Swift compiler does not
// vectorise. Both libraries report errors with longjmp, which must not cross a Swift frame: every
// setjmp, and every call that may jump to it, stands inside one function here.
//
// Pixels are [height, width, channels], one byte a value, rows without padding.
#pragma once

#include <stddef.h>
#include <stdint.h>

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

/// Decodes a JPEG of the given size into `pixels`: `channels` is 1 for a grayscale file and 3 for
/// every other (CMYK is converted).
///
/// Returns 0, with what is odd in `oddities`, or 1 with the reason in `message`. Warnings that mean
/// lost pixels are errors.
int codec_jpeg_decode(const uint8_t *data, size_t size, uint32_t width, uint32_t height,
                      int channels, void *pixels, unsigned *oddities, char *message);

/// Decodes a PNG of the given size into `pixels`: `channels` is 1 for grayscale and 3 for colour
/// and palette files; alpha is dropped. `depth` is 16, for values of type uint16_t, where the file
/// has 16 bits a value, and else 8, for bytes, to which fewer bits are stretched.
///
/// Returns 0, with what is odd in `oddities`, or 1 with the reason in `message`.
int codec_png_decode(const uint8_t *data, size_t size, uint32_t width, uint32_t height,
                     int channels, int depth, void *pixels, unsigned *oddities, char *message);

/// Encodes `pixels` (1 or 3 channels). `*data` gets memory for the caller to `free`.
///
/// Returns 0, or 1 with the reason in `message`, `*data` then being NULL.
int codec_png_encode(const uint8_t *pixels, uint32_t width, uint32_t height, int channels,
                     uint8_t **data, size_t *size, char *message);

/// Luma of ITU-R 601 in 16-bit fixed point: (19595 R + 38470 G + 7471 B + 2^15) >> 16.
void pixel_rgb_to_gray(const uint8_t *rgb, uint8_t *gray, size_t pixels);

/// R = G = B = gray.
void pixel_gray_to_rgb(const uint8_t *gray, uint8_t *rgb, size_t pixels);

/// The least and the greatest of `count` values, at least one.
void pixel_extent(const uint16_t *values, size_t count, uint16_t *least, uint16_t *greatest);

/// bytes = (values − low) · 255 / (high − low), values outside taken to the next end, rounded to
/// the nearest and halves up; low < high.
void pixel_narrow(const uint16_t *values, uint8_t *bytes, size_t count, uint16_t low,
                  uint16_t high);

/// How each output position of a resampled axis is made: output i is the sum of `count[i]` inputs
/// from `first[i]` on, with weights `weights[i * taps]...` in 22-bit fixed point.
typedef struct {
  const int32_t *first;
  const int32_t *count;
  const int32_t *weights;
  size_t taps;
} pixel_filter;

/// [rows, in, channels] → [rows, out, channels].
void pixel_resample_rows(const uint8_t *source, size_t rows, size_t in, uint8_t *target, size_t out,
                         size_t channels, pixel_filter filter);

/// [in, values] → [out, values].
void pixel_resample_columns(const uint8_t *source, size_t values, uint8_t *target, size_t out,
                            pixel_filter filter);

/// A crop of an image that is padded with zeros, flipped or not, as normalised floats.
///
/// `target[y, x, c] = scale[c] * padded + bias[c]`, where `padded` is `source[y + dy, x' + dx, c]`,
/// or 0 outside the image, and x' is x or, flipped, width - 1 - x. `scale` and `bias` hold one
/// value for each value of a row; `row` is scratch of width * channels + 4 bytes. Products are
/// rounded before they are added, so the result does not depend on the processor.
void pixel_crop_normalize(const uint8_t *source, size_t height, size_t width, size_t channels,
                          ptrdiff_t dy, ptrdiff_t dx, int flip, const float *scale,
                          const float *bias, uint8_t *row, float *target);

/// Adds each channel's sum and sum of squares to `sums[channels]` and `squares[channels]`.
void pixel_sums(const uint8_t *source, size_t pixels, size_t channels, uint64_t *sums,
                uint64_t *squares);
