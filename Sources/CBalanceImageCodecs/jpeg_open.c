#include <string.h>

#include "jpeg_internal.h"

void jpeg_prepare(struct jpeg_decompress_struct *info, jpeg_reading *state,
                  void (*fail)(j_common_ptr), void (*take_message)(j_common_ptr, int)) {
  memset(info, 0, sizeof *info);
  memset(state, 0, sizeof *state);
  info->err = jpeg_std_error(&state->base);
  state->base.error_exit = fail;
  state->base.emit_message = take_message;
}

void jpeg_open(struct jpeg_decompress_struct *info, jpeg_reading *state, const uint8_t *data,
               size_t size, void (*limit_scans)(j_common_ptr)) {
  jpeg_create_decompress(info);
  state->progress.progress_monitor = limit_scans;
  info->progress = &state->progress;
  jpeg_mem_src(info, data, (unsigned long)size);
  jpeg_read_header(info, TRUE);
}
