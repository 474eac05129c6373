// Transposition of a block of bytes or 16-bit elements in tiles of 16 source rows of 16 bytes, in the vectors that every
// x86-64 has. The last tile of a block that is no whole number of them overlaps the one before.
#include "transpose.h"

#include <string.h>

#include "views.h"

static void transpose_elements(const uint8_t *source, ptrdiff_t source_stride, uint8_t *destination,
                               ptrdiff_t destination_stride, int32_t rows, int32_t columns, ptrdiff_t element_bytes) {
  for (int32_t i = 0; i < rows; i++) {
    const uint8_t *from = source + i * element_bytes;
    uint8_t *to = destination + i * destination_stride;
    for (int32_t j = 0; j < columns; j++) {
      memcpy(to + j * element_bytes, from + j * source_stride, (size_t)element_bytes);
    }
  }
}

#if defined(__SSE2__)

#include <emmintrin.h>

// One stage: the halves of registers i and i + count / 2 are interleaved into 2 i and 2 i + 1. Four stages with units of one
// size transpose 16 x 16 units of a byte, three of them 8 x 8 units of two.
static inline void interleave_bytes(const __m128i *x, __m128i *y) {
  for (int i = 0; i < 8; i++) {
    y[2 * i] = _mm_unpacklo_epi8(x[i], x[i + 8]);
    y[2 * i + 1] = _mm_unpackhi_epi8(x[i], x[i + 8]);
  }
}

static inline void interleave_pairs(const __m128i *x, __m128i *y) {
  for (int i = 0; i < 4; i++) {
    y[2 * i] = _mm_unpacklo_epi16(x[i], x[i + 4]);
    y[2 * i + 1] = _mm_unpackhi_epi16(x[i], x[i + 4]);
  }
}

static inline void load_tile(const uint8_t *source, ptrdiff_t stride, __m128i *x, int count) {
  for (int i = 0; i < count; i++) {
    x[i] = _mm_loadu_si128((const __m128i *)(const void *)(source + i * stride));
  }
}

static inline void store_tile(uint8_t *destination, ptrdiff_t stride, const __m128i *x, int count) {
  for (int i = 0; i < count; i++) {
    _mm_storeu_si128((__m128i *)(void *)(destination + i * stride), x[i]);
  }
}

static void transpose_tile(const uint8_t *source, ptrdiff_t source_stride, uint8_t *destination, ptrdiff_t destination_stride,
                           ptrdiff_t element_bytes) {
  __m128i x[16], y[16];
  if (element_bytes == 1) {
    load_tile(source, source_stride, x, 16);
    interleave_bytes(x, y);
    interleave_bytes(y, x);
    interleave_bytes(x, y);
    interleave_bytes(y, x);
    store_tile(destination, destination_stride, x, 16);
  } else {
    load_tile(source, source_stride, x, 8);
    interleave_pairs(x, y);
    interleave_pairs(y, x);
    interleave_pairs(x, y);
    store_tile(destination, destination_stride, y, 8);
  }
}

void nn_transpose_block(const uint8_t *source, ptrdiff_t source_stride, uint8_t *destination, ptrdiff_t destination_stride,
                        int32_t rows, int32_t columns, ptrdiff_t element_bytes) {
  const int32_t tile = element_bytes == 1 ? 16 : 8;
  if (rows < tile || columns < tile) {
    transpose_elements(source, source_stride, destination, destination_stride, rows, columns, element_bytes);
    return;
  }
  // A cache line of the source's rows at a time, so that each is fetched once.
  const int32_t line = 4 * tile;
  for (int32_t first = 0; first < rows; first += line) {
    for (int32_t column = 0; column < columns; column += tile) {
      int32_t j = nn_min(column, columns - tile);
      for (int32_t row = first; row < nn_min(first + line, rows); row += tile) {
        int32_t i = nn_min(row, rows - tile);
        transpose_tile(
          source + i * element_bytes + j * source_stride, source_stride, destination + i * destination_stride + j * element_bytes,
          destination_stride, element_bytes);
      }
    }
  }
}

#else

void nn_transpose_block(const uint8_t *source, ptrdiff_t source_stride, uint8_t *destination, ptrdiff_t destination_stride,
                        int32_t rows, int32_t columns, ptrdiff_t element_bytes) {
  transpose_elements(source, source_stride, destination, destination_stride, rows, columns, element_bytes);
}

#endif
