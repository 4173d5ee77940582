#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jpeglib.h>

#include <jerror.h>

#include "include/CImageCodecs.h"

// A progressive file may ask for any number of passes over a large image.
enum { SCAN_LIMIT = 500 };

typedef struct {
  struct jpeg_error_mgr base;
  struct jpeg_progress_mgr progress;
  jmp_buf escape;
  char *message;
} failure;

static void fail(j_common_ptr info) {
  failure *state = (failure *)info->err;
  char text[JMSG_LENGTH_MAX];
  info->err->format_message(info, text);
  snprintf(state->message, CODEC_MESSAGE_SIZE, "%s", text);
  longjmp(state->escape, 1);
}

// libjpeg fills what it cannot read with grey and warns. Two warnings cost no pixel: a JFIF version
// that it does not know, and an Adobe marker with an unknown transform.
static void take_message(j_common_ptr info, int level) {
  if (level >= 0) return;
  int code = info->err->msg_code;
  if (code == JWRN_JFIF_MAJOR || code == JWRN_ADOBE_XFORM) return;
  fail(info);
}

static void limit_scans(j_common_ptr info) {
  if (!info->is_decompressor || ((j_decompress_ptr)info)->input_scan_number <= SCAN_LIMIT) return;
  failure *state = (failure *)info->err;
  snprintf(state->message, CODEC_MESSAGE_SIZE, "more than %d scans", (int)SCAN_LIMIT);
  longjmp(state->escape, 1);
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

int codec_jpeg_decode(const uint8_t *data, size_t size, uint32_t width, uint32_t height,
                      int channels, uint8_t *pixels, char *message) {
  // Scratch for one row of at most four values a pixel; made before setjmp, so that its value
  // is certain after a jump.
  uint8_t *const row = malloc((size_t)width * 4 + 64);
  if (row == NULL) return refuse(message, "out of memory");

  struct jpeg_decompress_struct info;
  failure state;
  // Destroying must be safe even if creation fails.
  memset(&info, 0, sizeof info);
  memset(&state, 0, sizeof state);
  info.err = jpeg_std_error(&state.base);
  state.base.error_exit = fail;
  state.base.emit_message = take_message;
  state.message = message;
  if (setjmp(state.escape)) {
    jpeg_destroy_decompress(&info);
    free(row);
    return 1;
  }
  jpeg_create_decompress(&info);
  state.progress.progress_monitor = limit_scans;
  info.progress = &state.progress;
  jpeg_mem_src(&info, data, (unsigned long)size);
  jpeg_read_header(&info, TRUE);

  int refused = 0;
  int found = info.num_components == 1 ? 1 : 3;
  if (info.image_width != width || info.image_height != height || found != channels) {
    refused = refuse(message, "two headers that disagree");
  } else {
    int inks = info.num_components == 4;
    info.out_color_space = inks ? JCS_CMYK : found == 1 ? JCS_GRAYSCALE : JCS_RGB;
    if (pixels == NULL) {
      info.scale_num = 1;
      info.scale_denom = 8;
      info.do_fancy_upsampling = FALSE;
    }
    jpeg_start_decompress(&info);
    size_t stride = (size_t)width * (size_t)channels;
    while (info.output_scanline < info.output_height) {
      uint8_t *target = pixels == NULL ? row : pixels + info.output_scanline * stride;
      JSAMPROW rows[1] = {inks ? row : target};
      jpeg_read_scanlines(&info, rows, 1);
      if (inks && pixels != NULL) cmyk_row_to_rgb(row, target, width);
    }
    // Reads up to the end marker: a file cut after its last pixel is damaged, too.
    jpeg_finish_decompress(&info);
  }
  jpeg_destroy_decompress(&info);
  free(row);
  return refused;
}
