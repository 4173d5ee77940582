#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <png.h>

#include "include/codec.h"

typedef struct {
  uint8_t *data;
  size_t size, capacity;
  char *message;
} writer;

static void fail(png_structp png, png_const_charp text) {
  writer *state = png_get_error_ptr(png);
  snprintf(state->message, CODEC_MESSAGE_SIZE, "%s", text);
  png_longjmp(png, 1);
}

static void ignore(png_structp png, png_const_charp text) {
  (void)png;
  (void)text;
}

static void append(png_structp png, png_bytep source, size_t count) {
  writer *state = png_get_io_ptr(png);
  if (state->capacity - state->size < count) {
    size_t capacity = state->capacity * 2 + count + 1024;
    uint8_t *data = realloc(state->data, capacity);
    if (data == NULL) png_error(png, "out of memory");
    state->data = data;
    state->capacity = capacity;
  }
  memcpy(state->data + state->size, source, count);
  state->size += count;
}

static void nothing(png_structp png) { (void)png; }

int codec_png_encode(const uint8_t *pixels, uint32_t width, uint32_t height, int channels,
                     uint8_t **data, size_t *size, char *message) {
  // On the heap, where a jump leaves what was written alone.
  writer *const state = calloc(1, sizeof *state);
  *data = NULL;
  *size = 0;
  snprintf(message, CODEC_MESSAGE_SIZE, "out of memory");
  if (state == NULL) return 1;
  state->message = message;
  png_structp const png = png_create_write_struct(PNG_LIBPNG_VER_STRING, state, fail, ignore);
  png_infop info = png == NULL ? NULL : png_create_info_struct(png);
  png_infop *const infos = &info;
  if (info == NULL || setjmp(png_jmpbuf(png))) {
    png_structp target = png;
    png_destroy_write_struct(&target, infos);
    free(state->data);
    free(state);
    return 1;
  }
  png_set_write_fn(png, state, append, nothing);
  png_set_user_limits(png, 0x7fffffff, 0x7fffffff);
  png_set_IHDR(png, info, width, height, 8,
               channels == 1 ? PNG_COLOR_TYPE_GRAY : PNG_COLOR_TYPE_RGB, PNG_INTERLACE_NONE,
               PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
  png_write_info(png, info);
  for (uint32_t y = 0; y < height; y++)
    png_write_row(png, pixels + (size_t)y * width * (size_t)channels);
  png_write_end(png, info);
  png_structp target = png;
  png_destroy_write_struct(&target, infos);
  *data = state->data;
  *size = state->size;
  free(state);
  return 0;
}
