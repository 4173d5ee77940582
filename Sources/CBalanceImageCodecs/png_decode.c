#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <png.h>

#include "include/codec.h"

typedef struct {
  const uint8_t *data;
  size_t size, offset;
  char *message;
  int ends_early, has_rows;
} reader;

static void fail(png_structp png, png_const_charp text) {
  reader *state = png_get_error_ptr(png);
  snprintf(state->message, CODEC_MESSAGE_SIZE, "%s", text);
  png_longjmp(png, 1);
}

// libpng warns of odd but harmless chunks; what costs a pixel is an error by itself.
static void ignore(png_structp png, png_const_charp text) {
  (void)png;
  (void)text;
}

static void take(png_structp png, png_bytep target, size_t count) {
  reader *state = png_get_io_ptr(png);
  if (count > state->size - state->offset) {
    state->ends_early = 1;
    png_error(png, "the file ends too early");
  }
  memcpy(target, state->data + state->offset, count);
  state->offset += count;
}

// Chunks that change no pixel here are not even parsed. tRNS is among them: alpha is dropped.
static void skip_ancillary_chunks(png_structp png) {
#ifdef PNG_HANDLE_AS_UNKNOWN_SUPPORTED
  static const png_byte names[] =
      "bKGD\0cHRM\0eXIf\0gAMA\0hIST\0iCCP\0iTXt\0oFFs\0pCAL\0pHYs\0sBIT\0sCAL\0sPLT\0sRGB\0"
      "sTER\0tEXt\0tIME\0tRNS\0zTXt";
  png_set_keep_unknown_chunks(png, PNG_HANDLE_CHUNK_NEVER, names, (int)(sizeof names / 5));
#endif
}

// Whether it was a chunk behind the image that failed: every row was read by then, and the image's
// own checksums were right, of which libpng would speak in these words.
static int is_behind_image(const reader *state) {
  return state->has_rows && !state->ends_early && strncmp(state->message, "IDAT", 4) != 0 &&
         strcmp(state->message, "Not enough image data") != 0;
}

int codec_png_decode(const uint8_t *data, size_t size, codec_shape shape, void *pixels,
                     unsigned *oddities, char *message) {
  size_t const stride = (size_t)shape.width * (size_t)shape.channels * (size_t)(shape.depth / 8);
  uint8_t *const rows = pixels;
  // On the heap, where a jump leaves what was written alone.
  reader *const state = calloc(1, sizeof *state);
  snprintf(message, CODEC_MESSAGE_SIZE, "out of memory");
  *oddities = 0;
  if (state == NULL) return 1;
  state->data = data;
  state->size = size;
  state->message = message;
  png_structp const png = png_create_read_struct(PNG_LIBPNG_VER_STRING, state, fail, ignore);
  png_infop info = png == NULL ? NULL : png_create_info_struct(png);
  png_infop *const infos = &info;
  if (info == NULL || setjmp(png_jmpbuf(png))) {
    int is_whole = is_behind_image(state);
    if (is_whole) *oddities = CODEC_ODD_CHUNK;
    png_structp target = png;
    png_destroy_read_struct(&target, infos, NULL);
    free(state);
    return !is_whole;
  }
  png_set_read_fn(png, state, take);
  skip_ancillary_chunks(png);
  // The caller has checked the size; libpng's own limit would only be a second one.
  png_set_user_limits(png, 0x7fffffff, 0x7fffffff);
  png_read_info(png, info);
  if (png_get_image_width(png, info) != shape.width ||
      png_get_image_height(png, info) != shape.height)
    png_error(png, "two headers that disagree");

  png_set_expand(png);
  // A PNG has its values' high bytes first.
  if (shape.depth == 16 && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__) png_set_swap(png);
  png_set_strip_alpha(png);
  int passes = png_set_interlace_handling(png);
  png_read_update_info(png, info);
  if (png_get_rowbytes(png, info) != stride || png_get_bit_depth(png, info) != shape.depth)
    png_error(png, "two headers that disagree");

  for (int pass = 0; pass < passes; pass++)
    for (uint32_t y = 0; y < shape.height; y++)
      png_read_row(png, rows + y * stride, NULL);
  state->has_rows = 1;
  png_read_end(png, NULL);
  png_structp target = png;
  png_destroy_read_struct(&target, infos, NULL);
  free(state);
  return 0;
}
