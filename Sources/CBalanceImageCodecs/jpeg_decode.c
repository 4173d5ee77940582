#include <stdlib.h>
#include <string.h>

#include "include/codec.h"
#include "jpeg_internal.h"

#include <jerror.h>

// Scans with bytes behind them that are looked into; more are taken for damage. Looking into one
// takes some twenty passes over the file, so that pixels times scans have a limit, too.
enum { SKIPPED_LIMIT = 2, PASSES_LIMIT = 1 << 27 };

typedef struct {
  jpeg_reading reading;
  char *message;
  const uint8_t *data;
  size_t size;
  unsigned oddities;
  // The markers, by their offsets, in front of which bytes were skipped at the end of a scan.
  size_t skipped[SKIPPED_LIMIT];
  int skipped_count;
} failure;

static void fail(j_common_ptr info) {
  failure *state = (failure *)info->err;
  char text[JMSG_LENGTH_MAX];
  info->err->format_message(info, text);
  snprintf(state->message, CODEC_MESSAGE_SIZE, "%s", text);
  longjmp(state->reading.escape, 1);
}

// Bytes that belong to no segment were skipped. Between the segments of a header that costs
// nothing (`JPEGHeader` looks whether they are a segment themselves); in front of a restart marker
// a part of the scan or a marker is missing; at the end of a scan it depends on the scan.
static void take_skipped(j_decompress_ptr info) {
  failure *state = (failure *)info->err;
  if (info->input_scan_number == 0) {
    state->oddities |= CODEC_ODD_HEADER_BYTES;
    return;
  }
  // The decoder says so before it has moved on: the marker's first byte is the next.
  size_t marker = (size_t)(info->src->next_input_byte - state->data);
  size_t code = marker;
  while (code < state->size && state->data[code] == 0xFF) code++;
  int found = info->err->msg_parm.i[1];
  int is_restart = found >= JPEG_RST0 && found <= JPEG_RST0 + 7;
  if (is_restart || info->arith_code || code == marker || code >= state->size ||
      state->data[code] != found || state->skipped_count == SKIPPED_LIMIT)
    fail((j_common_ptr)info);
  state->oddities |= CODEC_ODD_SCAN_BYTES;
  state->skipped[state->skipped_count++] = marker;
}

// libjpeg fills what it cannot read with grey and warns. The warnings that cost no pixel:
static void take_message(j_common_ptr info, int level) {
  if (level >= 0) return;
  failure *state = (failure *)info->err;
  switch (info->err->msg_code) {
    case JWRN_JFIF_MAJOR:  // The version changes nothing that is read.
    case JWRN_ADOBE_XFORM:  // Colours are taken as Adobe's readers take them, YCbCr or YCCK.
      state->oddities |= CODEC_ODD_MARKER;
      return;
    case JWRN_NOT_SEQUENTIAL:  // A scan that is not progressive has all coefficients anyway.
      state->oddities |= CODEC_ODD_SPECTRUM;
      return;
    case JWRN_EXTRANEOUS_DATA:
      take_skipped((j_decompress_ptr)info);
      return;
    default:
      fail(info);
  }
}

static void limit_scans(j_common_ptr info) {
  if (!info->is_decompressor) return;
  if (((j_decompress_ptr)info)->input_scan_number <= JPEG_SCAN_LIMIT) return;
  failure *state = (failure *)info->err;
  snprintf(state->message, CODEC_MESSAGE_SIZE, "more than %d scans", (int)JPEG_SCAN_LIMIT);
  longjmp(state->reading.escape, 1);
}

// A progressive file that ends in good order but before its last scans shows a coarse picture, and
// libjpeg says nothing. Coefficients of which no bit was sent at all may be left out for good.
static int lacks_scans(j_decompress_ptr info) {
  if (!info->progressive_mode || info->coef_bits == NULL) return 0;
  for (int c = 0; c < info->num_components; c++) {
    if (info->coef_bits[c][0] != 0) return 1;
    for (int k = 1; k < DCTSIZE2; k++)
      if (info->coef_bits[c][k] > 0) return 1;
  }
  return 0;
}

// Inks to light. Files with four channels hold inverted inks (255 = none), as Adobe writes them.
static void cmyk_row_to_rgb(const uint8_t *cmyk, uint8_t *rgb, size_t width) {
  for (size_t x = 0; x < width; x++) {
    unsigned key = cmyk[4 * x + 3];
    for (size_t c = 0; c < 3; c++) {
      unsigned product = (255u - cmyk[4 * x + c]) * key + 128;
      rgb[3 * x + c] = (uint8_t)(key - (((product >> 8) + product) >> 8));
    }
  }
}

static int refuse(char *message, const char *text) {
  snprintf(message, CODEC_MESSAGE_SIZE, "%s", text);
  return 1;
}

int codec_jpeg_decode(const uint8_t *data, size_t size, codec_shape shape, void *pixels,
                      unsigned *oddities, char *message) {
  // A row of inks; made before setjmp, so that its value is certain after a jump.
  uint8_t *const row = malloc((size_t)shape.width * 4 + 64);
  if (row == NULL) return refuse(message, "out of memory");

  struct jpeg_decompress_struct info;
  failure state;
  memset(&state, 0, sizeof state);
  jpeg_prepare(&info, &state.reading, fail, take_message);
  state.message = message;
  state.data = data;
  state.size = size;
  if (setjmp(state.reading.escape)) {
    jpeg_destroy_decompress(&info);
    free(row);
    return 1;
  }
  jpeg_open(&info, &state.reading, data, size, limit_scans);

  int refused = 0;
  int found = info.num_components == 1 ? 1 : 3;
  if (info.image_width != shape.width || info.image_height != shape.height ||
      found != shape.channels) {
    refused = refuse(message, "two headers that disagree");
  } else {
    int inks = info.num_components == 4;
    info.out_color_space = inks ? JCS_CMYK : found == 1 ? JCS_GRAYSCALE : JCS_RGB;
    jpeg_start_decompress(&info);
    if (lacks_scans(&info)) refused = refuse(message, "its last scans are missing");
    size_t stride = (size_t)shape.width * (size_t)shape.channels;
    while (!refused && info.output_scanline < info.output_height) {
      uint8_t *target = (uint8_t *)pixels + info.output_scanline * stride;
      JSAMPROW rows[1] = {inks ? row : target};
      jpeg_read_scanlines(&info, rows, 1);
      if (inks) cmyk_row_to_rgb(row, target, shape.width);
    }
    // Reads up to the end marker: a file cut after its last pixel is damaged, too.
    if (!refused) jpeg_finish_decompress(&info);
  }
  uint64_t passes = (uint64_t)shape.width * shape.height * (uint64_t)info.input_scan_number;
  jpeg_destroy_decompress(&info);
  free(row);
  for (int i = 0; i < state.skipped_count && !refused; i++)
    if (passes > PASSES_LIMIT || !jpeg_skipped_no_pixel(data, size, state.skipped[i]))
      refused = refuse(message, "bytes that belong to no pixel at the end of a scan");
  *oddities = state.oddities;
  return refused;
}
