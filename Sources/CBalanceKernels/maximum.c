#include "vector.h"

// Taps of a window along one side: those within a map of `size`.
typedef struct {
  size_t first, end;
} taps;

// `origin` is where the window's first tap lies, which may be outside the map.
static inline taps taps_within(ptrdiff_t origin, size_t size, size_t kernel) {
  const ptrdiff_t room = (ptrdiff_t)size - origin;
  const size_t first = origin < 0 ? (size_t)-origin : 0;
  return (taps){first, room < (ptrdiff_t)kernel ? (size_t)room : kernel};
}

// The largest of `rows` by `columns` values.
CK_INLINE void largest(const void *x, size_t at, size_t row_step, const size_t rows,
                       const size_t columns, const int bf16, v16 *top) {
  const v16 zero = {0};
  *top = zero - __builtin_inff();
  for (size_t u = 0; u < rows; u++)
    for (size_t v = 0; v < columns; v++)
      *top = __builtin_elementwise_max(*top, CK_GET(x, at + u * row_step + v * 16, bf16));
}

CK_INLINE void maximum(const void *x, void *y, const ck_window *w, size_t maps, const int bf16) {
  const ptrdiff_t s = (ptrdiff_t)w->stride;
  const ptrdiff_t above = (ptrdiff_t)w->padding_top, before = (ptrdiff_t)w->padding_left;
  const size_t row_step = w->in_width * 16;
  for (size_t map = 0; map < maps; map++)
    for (size_t i = 0; i < w->out_height; i++) {
      const ptrdiff_t top_row = (ptrdiff_t)i * s - above;
      const taps r = taps_within(top_row, w->in_height, w->kernel);
      const size_t rows = r.end - r.first;
      const size_t row = map * w->in_height + (size_t)(top_row + (ptrdiff_t)r.first);
      const size_t to = (map * w->out_height + i) * w->out_width * 16;
      for (size_t j = 0; j < w->out_width; j++) {
        const ptrdiff_t left = (ptrdiff_t)j * s - before;
        const taps c = taps_within(left, w->in_width, w->kernel);
        const size_t columns = c.end - c.first;
        const size_t at = row * row_step + (size_t)(left + (ptrdiff_t)c.first) * 16;
        v16 top;
        if (rows == 3 && columns == 3)
          largest(x, at, row_step, 3, 3, bf16, &top);
        else
          largest(x, at, row_step, rows, columns, bf16, &top);
        CK_PUT(y, to + j * 16, top, bf16);
      }
    }
}

CK_CLONES void ck_maximum(const void *x, void *y, const ck_window *window, size_t maps, int bf16) {
  bf16 ? maximum(x, y, window, maps, 1) : maximum(x, y, window, maps, 0);
}
