#include "vector.h"

// Taps of a window along one side: those within a map of `size`.
typedef struct {
  size_t first, end;
} taps;

// `origin` is where the window's first tap lies, which may be outside the map.
static inline taps taps_within(ptrdiff_t origin, size_t size, const ck_window *w) {
  const ptrdiff_t d = (ptrdiff_t)w->dilation, room = (ptrdiff_t)size - 1 - origin;
  const size_t first = origin < 0 ? (size_t)((-origin + d - 1) / d) : 0;
  const size_t end = room < 0 ? 0 : (size_t)(room / d) + 1;
  return (taps){first, end < w->kernel ? end : w->kernel};
}

// The largest of `rows` by `columns` values.
CK_INLINE void largest(const void *x, size_t at, size_t rows, size_t row_step,
                       const size_t columns, size_t column_step, const int bf16, v16 *top) {
  *top = CK_GET(x, at, bf16);
  for (size_t u = 0; u < rows; u++)
    for (size_t v = 0; v < columns; v++)
      *top = __builtin_elementwise_max(*top,
                                       CK_GET(x, at + u * row_step + v * column_step, bf16));
}

CK_INLINE void maximum(const void *x, void *y, const ck_window *w, size_t maps, const int bf16) {
  const ptrdiff_t s = (ptrdiff_t)w->stride, p = (ptrdiff_t)w->padding;
  const size_t row_step = w->dilation * w->in_width * 16, column_step = w->dilation * 16;
  for (size_t map = 0; map < maps; map++)
    for (size_t i = 0; i < w->out_height; i++) {
      const ptrdiff_t top_row = (ptrdiff_t)i * s - p;
      const taps r = taps_within(top_row, w->in_height, w);
      const size_t row = (size_t)(top_row + (ptrdiff_t)(r.first * w->dilation));
      const size_t from = (map * w->in_height + row) * w->in_width * 16;
      const size_t to = (map * w->out_height + i) * w->out_width * 16;
      for (size_t j = 0; j < w->out_width; j++) {
        const ptrdiff_t left = (ptrdiff_t)j * s - p;
        const taps c = taps_within(left, w->in_width, w);
        const size_t at = from + (size_t)(left + (ptrdiff_t)(c.first * w->dilation)) * 16;
        const size_t rows = r.end - r.first, columns = c.end - c.first;
        v16 top;
        if (rows == 3 && columns == 3)
          largest(x, at, 3, row_step, 3, column_step, bf16, &top);
        else
          largest(x, at, rows, row_step, columns, column_step, bf16, &top);
        CK_PUT(y, to + j * 16, top, bf16);
      }
    }
}

CK_CLONES void ck_maximum(const void *x, void *y, const ck_window *window, size_t maps, int bf16) {
  bf16 ? maximum(x, y, window, maps, 1) : maximum(x, y, window, maps, 0);
}
