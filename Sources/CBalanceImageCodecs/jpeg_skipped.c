#include <stdlib.h>
#include <string.h>

#include "jpeg_internal.h"

#include <jerror.h>

// Bytes left over at the end of a scan are harmless where somebody put them there, and a sign of
// lost pixels where damage let the scan end too early: a decoder says the same of both. Two things
// tell most of them apart. The last byte that a scan needs is filled up with ones (T.81, F.1.2.3),
// which it is by chance only after damage; and no coefficient is larger than 8-bit samples can make
// it, while damage adds differences up to anything.

// |Σ ± 128 · basis| ≤ 1024 for each of the 64 functions of the transform; rounding adds half a
// step.
enum { LARGEST_COEFFICIENT = 1024 };

static void fail(j_common_ptr info) { longjmp(((jpeg_reading *)info->err)->escape, 1); }

static void take_message(j_common_ptr info, int level) {
  if (level < 0 && info->err->msg_code == JWRN_HIT_MARKER) fail(info);
}

static void limit_scans(j_common_ptr info) {
  if (((j_decompress_ptr)info)->input_scan_number > JPEG_SCAN_LIMIT) fail(info);
}

static int take_block(const JCOEF *block, const JQUANT_TBL *table, uint64_t *digest) {
  uint64_t value = *digest;
  for (int k = 0; k < DCTSIZE2; k++) {
    int step = table->quantval[k];
    int size = abs((int)block[k]) * step;
    if (size > LARGEST_COEFFICIENT + step) return 0;
    value = (value ^ (uint16_t)block[k]) * 0x9E3779B97F4A7C15u;
    value ^= value >> 29;
  }
  *digest = value;
  return 1;
}

/// A digest of every coefficient; 0 where the data ends too early or one is too large.
static uint64_t digest(const uint8_t *data, size_t size, int *is_progressive) {
  struct jpeg_decompress_struct info;
  jpeg_reading state;
  jpeg_prepare(&info, &state, fail, take_message);
  if (setjmp(state.escape)) {
    jpeg_destroy_decompress(&info);
    return 0;
  }
  jpeg_open(&info, &state, data, size, limit_scans);
  jvirt_barray_ptr *arrays = jpeg_read_coefficients(&info);
  uint64_t value = 1;
  for (int c = 0; c < info.num_components; c++) {
    jpeg_component_info *component = info.comp_info + c;
    if (component->quant_table == NULL) fail((j_common_ptr)&info);
    for (JDIMENSION y = 0; y < component->height_in_blocks; y++) {
      JBLOCKARRAY rows =
          (*info.mem->access_virt_barray)((j_common_ptr)&info, arrays[c], y, 1, FALSE);
      for (JDIMENSION x = 0; x < component->width_in_blocks; x++)
        if (!take_block(rows[0][x], component->quant_table, &value)) fail((j_common_ptr)&info);
    }
  }
  *is_progressive = info.progressive_mode;
  jpeg_finish_decompress(&info);
  jpeg_destroy_decompress(&info);
  return value | 1;
}

/// The digest of the file without bytes [end, marker); `copy` has room for all of it.
static uint64_t digest_without(const uint8_t *data, size_t size, size_t end, size_t marker,
                               uint8_t *copy) {
  memcpy(copy, data, end);
  memcpy(copy + end, data + marker, size - marker);
  int is_progressive;
  return digest(copy, end + size - marker, &is_progressive);
}

/// The bits of the scan's last byte, `copy[end - 1]`, that it does not need are ones.
static int is_filled_with_ones(uint8_t *copy, size_t size, size_t end, uint64_t whole) {
  // In a scan, 0xFF has a zero behind it.
  if (copy[end - 1] == 0 && copy[end - 2] == 0xFF) return 1;
  unsigned ones = 0;
  while (ones < 8 && (copy[end - 1] >> ones & 1) != 0) ones++;
  if (ones >= 7) return 1;
  // The lowest zero belongs to the picture if the picture changes with it.
  uint8_t const last = copy[end - 1];
  int is_progressive = 0;
  copy[end - 1] = (uint8_t)(last | 1u << ones);
  if (digest(copy, size, &is_progressive) != whole) return 1;
  if (!is_progressive || copy[end + 1] != JPEG_EOI) return 0;
  // The last bits of a progressive file may be the number of blocks in which nothing follows: one
  // more of them is no change, one less is.
  if (last >> ones == 0) return 1;
  copy[end - 1] = (uint8_t)(last - (1u << ones));
  return digest(copy, size, &is_progressive) != whole;
}

int jpeg_skipped_no_pixel(const uint8_t *data, size_t size, size_t marker) {
  int is_progressive;
  uint64_t const whole = digest(data, size, &is_progressive);
  uint8_t *const copy = whole == 0 ? NULL : malloc(size);
  if (copy == NULL) return 0;
  // The picture is whole with `most` bytes in front of the marker, and not with `least`.
  size_t least = 2, most = marker;
  for (size_t step = 64; most - least > step; step *= 16) {
    size_t end = most - step;
    if (digest_without(data, size, end, marker, copy) != whole) {
      least = end;
      break;
    }
    most = end;
  }
  while (most - least > 1) {
    size_t end = least + (most - least) / 2;
    if (digest_without(data, size, end, marker, copy) == whole) {
      most = end;
    } else {
      least = end;
    }
  }
  int is_beside = 0;
  if (most < marker && digest_without(data, size, most, marker, copy) == whole)
    is_beside = is_filled_with_ones(copy, most + size - marker, most, whole);
  free(copy);
  return is_beside;
}
