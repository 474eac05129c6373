// Tiles of the matrix product. One vpdpbusd multiplies 4 bytes of a row, broadcast, with 4 bytes of each of 16 columns
// and adds them to 16 sums; u8 x s8 products in s32 are exact.
#if defined(__x86_64__)

#include "avx512vnni.h"
#include "avx512vnni_kernels.h"
#include "matmul.h"

// The sums of a tile. Only constant indices are used, so that all of it stays in registers.
typedef struct nn_sums {
  __m512i of[NN_TILE_ROWS_MAX][NN_TILE_PANELS_MAX];
} nn_sums;

NN_AVX512VNNI_INLINE __m512i broadcast_group(const uint8_t *address) {
  int32_t group;
  __builtin_memcpy(&group, address, sizeof group);
  return _mm512_set1_epi32(group);
}

NN_AVX512VNNI_INLINE void start(const nn_tile *tile, nn_sums *sums, const int rows, const int panels) {
#pragma clang loop unroll(full)
  for (int j = 0; j < panels; j++) {
    __m512i bias = _mm512_loadu_si512(tile->target.epilogue->bias + tile->target.channel + j * NN_PANEL);
#pragma clang loop unroll(full)
    for (int i = 0; i < rows; i++) {
      sums->of[i][j] = bias;
    }
  }
  if (tile->starts) {
#pragma clang loop unroll(full)
    for (int n = 0; n < rows * panels; n++) {
      sums->of[n / panels][n % panels] = _mm512_add_epi32(sums->of[n / panels][n % panels], _mm512_set1_epi32(tile->starts[n / panels]));
    }
  }
}

NN_AVX512VNNI_INLINE void multiply(const nn_tile *tile, nn_sums *sums, const int rows, const int panels) {
  start(tile, sums, rows, panels);
  const uint8_t *row[NN_TILE_ROWS_MAX];
#pragma clang loop unroll(full)
  for (int i = 0; i < rows; i++) {
    row[i] = tile->addresses[i];
  }
  const int8_t *weights = tile->weights;
  for (int32_t run = 0; run < tile->runs; run++) {
    ptrdiff_t at = tile->offsets[run], end = at + (ptrdiff_t)tile->groups * 4;
    for (; at < end; at += 4, weights += 4 * NN_PANEL) {
      _mm_prefetch(weights + tile->ahead, _MM_HINT_T1);
      __m512i column[NN_TILE_PANELS_MAX];
#pragma clang loop unroll(full)
      for (int j = 0; j < panels; j++) {
        column[j] = _mm512_loadu_si512(weights + (size_t)j * tile->panel_bytes);
      }
#pragma clang loop unroll(full)
      for (int i = 0; i < rows; i++) {
        __m512i group = broadcast_group(row[i] + at);
#pragma clang loop unroll(full)
        for (int j = 0; j < panels; j++) {
          sums->of[i][j] = _mm512_dpbusd_epi32(sums->of[i][j], group, column[j]);
        }
      }
    }
  }
}

// Stores one row of a vector that holds 1, 2 or 4 of them, the n-th. Masked stores are slower, 4 % of a layer of depth 16.
NN_AVX512VNNI_INLINE void store_row(uint8_t *output, __m512i rows, const int n, const int panels, __mmask64 mask,
                                    const int is_full) {
  if (panels > 2 && is_full) {
    _mm512_storeu_si512(output, rows);
  } else if (panels > 2) {
    _mm512_mask_storeu_epi8(output, mask, rows);
  } else if (panels == 2) {
    __m256i row = n == 0 ? _mm512_castsi512_si256(rows) : _mm512_extracti64x4_epi64(rows, 1);
    _mm256_mask_storeu_epi8(output, (__mmask32)mask, row);
  } else {
    __m128i row = n == 0   ? _mm512_castsi512_si128(rows)
                  : n == 1 ? _mm512_extracti32x4_epi32(rows, 1)
                  : n == 2 ? _mm512_extracti32x4_epi32(rows, 2)
                           : _mm512_extracti32x4_epi32(rows, 3);
    _mm_mask_storeu_epi8(output, (__mmask16)mask, row);
  }
}

// Rows whose output is u8 and has no residual: sums are taken four at a time, 16 bytes each, in the order of memory.
NN_AVX512VNNI_INLINE void store_plain(const nn_target *target, const nn_sums *sums, const int rows, const int panels,
                                      const int is_full) {
  const nn_epilogue *epilogue = target->epilogue;
  __m512i zero_point = _mm512_set1_epi16((int16_t)target->zero_point);
  __m512i lo = _mm512_set1_epi8((int8_t)epilogue->lo), hi = _mm512_set1_epi8((int8_t)epilogue->hi);
  const int32_t *shift = epilogue->shift + target->channel, *multiplier = epilogue->multiplier + target->channel;
  nn_pair front = nn_load_pair(shift, multiplier, panels == 1 ? 0 : NN_PANEL);
  nn_pair back = front;
  if (panels > 2) {
    back = nn_load_pair(shift + 2 * NN_PANEL, multiplier + 2 * NN_PANEL, panels == 3 ? 0 : NN_PANEL);
  }
  __mmask64 mask = nn_mask64(target->channel_count);
  const int rows_at_once = panels == 1 ? 4 : panels == 2 ? 2 : 1;
#pragma clang loop unroll(full)
  for (int i = 0; i < rows; i += rows_at_once) {
    __m512i sum[4];
#pragma clang loop unroll(full)
    for (int n = 0; n < 4; n++) {  // past the last row or panel, it is repeated
      sum[n] = sums->of[nn_min(i + (panels <= 2 ? n / panels : 0), rows - 1)][nn_min(panels <= 2 ? n % panels : n, panels - 1)];
    }
    __m512i q = _mm512_packus_epi16(nn_requantize_pair(front, zero_point, sum[0], sum[1]),
                                    nn_requantize_pair(back, zero_point, sum[2], sum[3]));
    q = nn_unlane_bytes(_mm512_min_epu8(_mm512_max_epu8(q, lo), hi));
#pragma clang loop unroll(full)
    for (int n = 0; n < rows_at_once && i + n < rows; n++) {
      store_row(target->output + (size_t)(i + n) * target->output_stride, q, n, panels, mask, is_full);
    }
  }
}

// Rows of s16 times columns of s16, two of each in a group: blocks of products are shifted before they are added.
NN_AVX512VNNI_INLINE void multiply_words(const nn_tile *tile, nn_sums *sums, const int rows, const int panels) {
  start(tile, sums, rows, panels);
  const uint8_t *row[NN_TILE_ROWS_MAX];
#pragma clang loop unroll(full)
  for (int i = 0; i < rows; i++) {
    row[i] = tile->addresses[i];
  }
  const int8_t *weights = tile->weights;
  for (int32_t group = 0; group < tile->groups;) {
    nn_sums block;
#pragma clang loop unroll(full)
    for (int n = 0; n < rows * panels; n++) {
      block.of[n / panels][n % panels] = _mm512_set1_epi32(1 << (NN_BLOCK_SHIFT - 1));
    }
    int32_t end = nn_min(group + NN_BLOCK_DEPTH / 2, tile->groups);
    for (; group < end; group++, weights += 4 * NN_PANEL) {
      __m512i column[NN_TILE_PANELS_MAX];
#pragma clang loop unroll(full)
      for (int j = 0; j < panels; j++) {
        column[j] = _mm512_loadu_si512(weights + (size_t)j * tile->panel_bytes);
      }
#pragma clang loop unroll(full)
      for (int i = 0; i < rows; i++) {
        __m512i pair = broadcast_group(row[i] + (size_t)group * 4);
#pragma clang loop unroll(full)
        for (int j = 0; j < panels; j++) {
          block.of[i][j] = _mm512_dpwssd_epi32(block.of[i][j], pair, column[j]);
        }
      }
    }
#pragma clang loop unroll(full)
    for (int n = 0; n < rows * panels; n++) {
      __m512i shifted = _mm512_srai_epi32(block.of[n / panels][n % panels], NN_BLOCK_SHIFT);
      sums->of[n / panels][n % panels] = _mm512_add_epi32(sums->of[n / panels][n % panels], shifted);
    }
  }
}

NN_AVX512VNNI_INLINE void compute_tile(const nn_tile *tile, const int rows, const int panels, const int is_wide) {
  nn_sums sums;
  if (is_wide) {
    multiply_words(tile, &sums, rows, panels);
  } else {
    multiply(tile, &sums, rows, panels);
  }
  if (nn_target_is_plain(&tile->target)) {
    if (panels == 4 && tile->target.channel_count == 4 * NN_PANEL) {
      store_plain(&tile->target, &sums, rows, panels, 1);
    } else {
      store_plain(&tile->target, &sums, rows, panels, 0);
    }
  } else {
    __m512i spilled[NN_TILE_ROWS_MAX * NN_TILE_PANELS_MAX];
#pragma clang loop unroll(full)
    for (int n = 0; n < rows * panels; n++) {
      spilled[n] = sums.of[n / panels][n % panels];
    }
    nn_store_sums_avx512vnni(&tile->target, spilled, rows, panels);
  }
}

// 24 sums at most: with the columns and one broadcast group they fill the 32 registers.
#define ROWS_TO_6(X, panels) X(1, panels) X(2, panels) X(3, panels) X(4, panels) X(5, panels) X(6, panels)
#define ROWS_TO_8(X, panels) ROWS_TO_6(X, panels) X(7, panels) X(8, panels)
#define ROWS_TO_12(X, panels) ROWS_TO_8(X, panels) X(9, panels) X(10, panels) X(11, panels) X(12, panels)

#define TILE(rows, panels) \
  NN_AVX512VNNI static void tile_##rows##x##panels(const nn_tile *tile) { compute_tile(tile, rows, panels, 0); }
#define TILE_ENTRY(rows, panels) tile_##rows##x##panels,
#define WIDE_TILE(rows, panels) \
  NN_AVX512VNNI static void wide_tile_##rows##x##panels(const nn_tile *tile) { compute_tile(tile, rows, panels, 1); }
#define WIDE_TILE_ENTRY(rows, panels) wide_tile_##rows##x##panels,

ROWS_TO_12(TILE, 1)
ROWS_TO_12(TILE, 2)
ROWS_TO_8(TILE, 3)
ROWS_TO_6(TILE, 4)
ROWS_TO_12(WIDE_TILE, 1)
ROWS_TO_12(WIDE_TILE, 2)

const nn_tiles nn_tiles_avx512vnni = {
  .rows = {12, 12, 8, 6},
  .kernel = {{ROWS_TO_12(TILE_ENTRY, 1)}, {ROWS_TO_12(TILE_ENTRY, 2)}, {ROWS_TO_8(TILE_ENTRY, 3)}, {ROWS_TO_6(TILE_ENTRY, 4)}},
  .name = {"gemm_12x16_avx512vnni", "gemm_12x32_avx512vnni", "gemm_8x48_avx512vnni", "gemm_6x64_avx512vnni"},
};

const nn_tiles nn_wide_tiles_avx512vnni = {
  .rows = {12, 12},
  .kernel = {{ROWS_TO_12(WIDE_TILE_ENTRY, 1)}, {ROWS_TO_12(WIDE_TILE_ENTRY, 2)}},
  .name = {"gemm_s16_12x16_avx512vnni", "gemm_s16_12x32_avx512vnni"},
};

void nn_conv_avx512vnni(const nn_step *step, uint8_t *arena, uint8_t *scratch, nn_range range) {
  nn_gemm(&nn_tiles_avx512vnni, step, arena, scratch, range);
}

#endif
