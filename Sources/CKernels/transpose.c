// Transposition of a block of bytes or 16-bit elements, in the vectors that every x86-64 has: in tiles of 16 source rows of 16
// bytes, or, where one side has but 2, 4 or 8 elements, by interleaving whole rows. The last tile of a block that is no whole
// number of them overlaps the one before.
//
// All of it is one step, repeated. Of n vectors (n a power of 2) with 2^k elements each let an element's place be the bits of
// its vector's number, then those of its lane; unpacking vectors i and i + n / 2 into vectors 2 i and 2 i + 1 rotates these
// bits to the left by one.
#include "transpose.h"

#include "runs.h"
#include "views.h"

// The longer side in the inner loop.
static void transpose_elements(const nn_block *block) {
  ptrdiff_t element = block->element_bytes;
  if (block->rows > block->columns) {
    for (int32_t j = 0; j < block->columns; j++) {
      nn_copy_strided(
        block->destination + j * element, block->destination_row, block->source + j * block->source_column, element, block->rows, element);
    }
    return;
  }
  for (int32_t i = 0; i < block->rows; i++) {
    nn_copy_strided(
      block->destination + i * block->destination_row, element,
      block->source + i * element, block->source_column, block->columns, element);
  }
}

#if defined(__SSE2__)

#include <emmintrin.h>

static inline __attribute__((always_inline)) __m128i load(const uint8_t *source) {
  return _mm_loadu_si128((const __m128i *)(const void *)source);
}

static inline __attribute__((always_inline)) void store(uint8_t *destination, __m128i value) {
  _mm_storeu_si128((__m128i *)(void *)destination, value);
}

// One step of those above, in place.
static inline __attribute__((always_inline)) void interleave(__m128i *x, int count, ptrdiff_t element_bytes) {
  __m128i y[16];
#pragma clang loop unroll(full)
  for (int i = 0; i < count / 2; i++) {
    __m128i a = x[i], b = x[i + count / 2];
    y[2 * i] = element_bytes == 1 ? _mm_unpacklo_epi8(a, b) : _mm_unpacklo_epi16(a, b);
    y[2 * i + 1] = element_bytes == 1 ? _mm_unpackhi_epi8(a, b) : _mm_unpackhi_epi16(a, b);
  }
#pragma clang loop unroll(full)
  for (int i = 0; i < count; i++) {
    x[i] = y[i];
  }
}

// count vectors from places of the source to places of the destination, after some steps.
static inline __attribute__((always_inline)) void tile(const uint8_t *source, ptrdiff_t source_stride, uint8_t *destination,
                                                       ptrdiff_t destination_stride, int count, int steps,
                                                       ptrdiff_t element_bytes) {
  __m128i x[16];
#pragma clang loop unroll(full)
  for (int i = 0; i < count; i++) {
    x[i] = load(source + i * source_stride);
  }
#pragma clang loop unroll(full)
  for (int step = 0; step < steps; step++) {
    interleave(x, count, element_bytes);
  }
#pragma clang loop unroll(full)
  for (int i = 0; i < count; i++) {
    store(destination + i * destination_stride, x[i]);
  }
}

// As many rows as a vector has elements, by as many columns. Four bits of 16 bytes, three of 8 pairs.
static inline __attribute__((always_inline)) void square_tiles(const nn_block *block, int32_t side, ptrdiff_t element_bytes) {
  // A cache line of the source's rows at a time, so that each is fetched once.
  const int32_t line = 4 * side;
  for (int32_t first = 0; first < block->rows; first += line) {
    for (int32_t column = 0; column < block->columns; column += side) {
      int32_t j = nn_min(column, block->columns - side);
      for (int32_t row = first; row < nn_min(first + line, block->rows); row += side) {
        int32_t i = nn_min(row, block->rows - side);
        tile(block->source + i * element_bytes + j * block->source_column, block->source_column,
             block->destination + i * block->destination_row + j * element_bytes, block->destination_row, side,
             element_bytes == 1 ? 4 : 3, element_bytes);
      }
    }
  }
}

// Few columns, which follow each other without a gap: rows of the source are interleaved.
static inline __attribute__((always_inline)) void interleave_rows(const nn_block *block, int columns, int steps,
                                                                  ptrdiff_t element_bytes) {
  const int32_t side = (int32_t)(16 / element_bytes);
  for (int32_t row = 0; row < block->rows; row += side) {
    int32_t i = nn_min(row, block->rows - side);
    tile(block->source + i * element_bytes, block->source_column, block->destination + i * columns * element_bytes, 16, columns,
         steps, element_bytes);
  }
}

// Few rows, whose elements follow each other without a gap: rows of the destination are what is interleaved.
static inline __attribute__((always_inline)) void separate_rows(const nn_block *block, int rows, ptrdiff_t element_bytes) {
  const int32_t side = (int32_t)(16 / element_bytes);
  for (int32_t column = 0; column < block->columns; column += side) {
    int32_t j = nn_min(column, block->columns - side);
    tile(block->source + j * rows * element_bytes, 16, block->destination + j * element_bytes, block->destination_row, rows,
         element_bytes == 1 ? 4 : 3, element_bytes);
  }
}

// Returns 0 for a block that no vectors transpose.
static inline __attribute__((always_inline)) int transpose_vectors(const nn_block *block, ptrdiff_t element_bytes) {
  const int32_t side = (int32_t)(16 / element_bytes);
  int32_t rows = block->rows, columns = block->columns;
  if (rows >= side && columns >= side) {
    square_tiles(block, side, element_bytes);
  } else if (rows >= side && columns == 2 && block->destination_row == 2 * element_bytes) {
    interleave_rows(block, 2, 1, element_bytes);
  } else if (rows >= side && columns == 4 && block->destination_row == 4 * element_bytes) {
    interleave_rows(block, 4, 2, element_bytes);
  } else if (rows >= side && columns == 8 && block->destination_row == 8 * element_bytes) {
    interleave_rows(block, 8, 3, element_bytes);
  } else if (columns >= side && rows == 2 && block->source_column == 2 * element_bytes) {
    separate_rows(block, 2, element_bytes);
  } else if (columns >= side && rows == 4 && block->source_column == 4 * element_bytes) {
    separate_rows(block, 4, element_bytes);
  } else if (columns >= side && rows == 8 && block->source_column == 8 * element_bytes) {
    separate_rows(block, 8, element_bytes);
  } else {
    return 0;
  }
  return 1;
}

#else

static int transpose_vectors(const nn_block *block, ptrdiff_t element_bytes) {
  (void)block;
  (void)element_bytes;
  return 0;
}

#endif

void nn_transpose_block(const nn_block *block) {
  if (!(block->element_bytes == 1 ? transpose_vectors(block, 1) : transpose_vectors(block, 2))) {
    transpose_elements(block);
  }
}
