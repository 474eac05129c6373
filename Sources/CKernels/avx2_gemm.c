// Tiles of the matrix product: 4 rows x 16 columns in 8 of the 16 registers; the others hold a group of each column and
// of a row, widened to words.
#if defined(__x86_64__)

#include "avx2.h"
#include "avx2_kernels.h"
#include "matmul.h"

enum { ROWS = 4 };

// The sums of a tile. Only constant indices are used, so that all of it stays in registers.
typedef struct nn_sums {
  __m256i of[ROWS][2];
} nn_sums;

NN_AVX2_INLINE nn_words broadcast_group(const uint8_t *address) {
  int32_t group;
  memcpy(&group, address, sizeof group);
  return nn_words_of_u8(_mm256_set1_epi32(group));
}

NN_AVX2_INLINE nn_words load_columns(const int8_t *weights) {
  return nn_words_of_s8(_mm256_loadu_si256((const __m256i *)(const void *)weights));
}

NN_AVX2_INLINE void start(const nn_tile *tile, nn_sums *sums, const int rows) {
  const int32_t *bias = tile->target.epilogue->bias + tile->target.channel;
#pragma clang loop unroll(full)
  for (int i = 0; i < rows; i++) {
    __m256i start = _mm256_set1_epi32(tile->starts ? tile->starts[i] : 0);
    sums->of[i][0] = _mm256_add_epi32(nn_load_s32(bias), start);
    sums->of[i][1] = _mm256_add_epi32(nn_load_s32(bias + 8), start);
  }
}

NN_AVX2_INLINE void multiply(const nn_tile *tile, nn_sums *sums, const int rows) {
  start(tile, sums, rows);
  const uint8_t *row[ROWS];
#pragma clang loop unroll(full)
  for (int i = 0; i < rows; i++) {
    row[i] = tile->addresses[i];
  }
  const int8_t *weights = tile->weights;
  for (int32_t run = 0; run < tile->runs; run++) {
    ptrdiff_t at = tile->offsets[run], end = at + (ptrdiff_t)tile->groups * 4;
    for (; at < end; at += 4, weights += 4 * NN_PANEL) {
      nn_words low = load_columns(weights), high = load_columns(weights + 32);
#pragma clang loop unroll(full)
      for (int i = 0; i < rows; i++) {
        nn_words group = broadcast_group(row[i] + at);
        sums->of[i][0] = nn_add_products(sums->of[i][0], group, low);
        sums->of[i][1] = nn_add_products(sums->of[i][1], group, high);
      }
    }
  }
}

// A block of rows of s16 times columns of s16, two of each in a group; returns what follows the last group.
NN_AVX2_INLINE const int8_t *multiply_block(const uint8_t *const *row, const int8_t *weights, size_t at, size_t end, nn_sums *block,
                                            const int rows) {
  for (; at < end; at += 4, weights += 4 * NN_PANEL) {
    __m256i low = _mm256_loadu_si256((const __m256i *)(const void *)weights);
    __m256i high = _mm256_loadu_si256((const __m256i *)(const void *)(weights + 32));
#pragma clang loop unroll(full)
    for (int i = 0; i < rows; i++) {
      int32_t group;
      memcpy(&group, row[i] + at, sizeof group);
      __m256i pair = _mm256_set1_epi32(group);
      block->of[i][0] = _mm256_add_epi32(block->of[i][0], _mm256_madd_epi16(pair, low));
      block->of[i][1] = _mm256_add_epi32(block->of[i][1], _mm256_madd_epi16(pair, high));
    }
  }
  return weights;
}

// Blocks of products are shifted before they are added.
NN_AVX2_INLINE void multiply_words(const nn_tile *tile, nn_sums *sums, const int rows) {
  start(tile, sums, rows);
  const int8_t *weights = tile->weights;
  for (int32_t group = 0; group < tile->groups; group += NN_BLOCK_DEPTH / 2) {
    nn_sums block;
#pragma clang loop unroll(full)
    for (int n = 0; n < 2 * rows; n++) {
      block.of[n / 2][n % 2] = _mm256_set1_epi32(1 << (NN_BLOCK_SHIFT - 1));
    }
    int32_t end = nn_min(group + NN_BLOCK_DEPTH / 2, tile->groups);
    weights = multiply_block(tile->addresses, weights, (size_t)group * 4, (size_t)end * 4, &block, rows);
#pragma clang loop unroll(full)
    for (int n = 0; n < 2 * rows; n++) {
      sums->of[n / 2][n % 2] = _mm256_add_epi32(sums->of[n / 2][n % 2], _mm256_srai_epi32(block.of[n / 2][n % 2], NN_BLOCK_SHIFT));
    }
  }
}

// Two rows at a time, whose output is u8 and has no residual: 16 bytes each.
NN_AVX2_INLINE void store_plain(const nn_target *target, const nn_sums *sums, const int rows) {
  const nn_epilogue *epilogue = target->epilogue;
  const __m256i order = _mm256_setr_epi32(0, 4, 1, 5, 2, 6, 3, 7);  // undoes the packing by lanes
  __m256i zero_point = _mm256_set1_epi16((int16_t)target->zero_point);
  nn_pair pair = nn_load_pair(epilogue->shift + target->channel, epilogue->multiplier + target->channel, 8);
#pragma clang loop unroll(full)
  for (int i = 0; i < rows; i += 2) {
    const int next = i + 1 < rows ? i + 1 : i;
    __m256i q = _mm256_packus_epi16(nn_requantize_pair(pair, zero_point, sums->of[i][0], sums->of[i][1]),
                                    nn_requantize_pair(pair, zero_point, sums->of[next][0], sums->of[next][1]));
    q = _mm256_permutevar8x32_epi32(nn_clamp_u8(q, epilogue->lo, epilogue->hi), order);
    uint8_t *output = target->output + (size_t)i * target->output_stride;
    nn_store_bytes(output, _mm256_castsi256_si128(q), target->channel_count);
    if (next != i) {
      nn_store_bytes(output + target->output_stride, _mm256_extracti128_si256(q, 1), target->channel_count);
    }
  }
}

NN_AVX2_INLINE void compute_tile(const nn_tile *tile, const int rows, const int is_wide) {
  nn_sums sums;
  if (is_wide) {
    multiply_words(tile, &sums, rows);
  } else {
    multiply(tile, &sums, rows);
  }
  if (nn_target_is_plain(&tile->target)) {
    store_plain(&tile->target, &sums, rows);
    return;
  }
  nn_target target = tile->target;
#pragma clang loop unroll(full)
  for (int i = 0; i < rows; i++) {
    nn_store_sums_avx2(&target, 0, sums.of[i][0], sums.of[i][1]);
    nn_target_advance(&target, 1);
  }
}

#define TILE(rows)                                                                          \
  NN_AVX2 static void tile_##rows##x1(const nn_tile *tile) { compute_tile(tile, rows, 0); } \
  NN_AVX2 static void wide_tile_##rows##x1(const nn_tile *tile) { compute_tile(tile, rows, 1); }

TILE(1) TILE(2) TILE(3) TILE(4)

const nn_tiles nn_tiles_avx2 = {
  .rows = {ROWS},
  .kernel = {{tile_1x1, tile_2x1, tile_3x1, tile_4x1}},
  .name = {"gemm_4x16_avx2"},
};

const nn_tiles nn_wide_tiles_avx2 = {
  .rows = {ROWS},
  .kernel = {{wide_tile_1x1, wide_tile_2x1, wide_tile_3x1, wide_tile_4x1}},
  .name = {"gemm_s16_4x16_avx2"},
};

void nn_conv_avx2(const nn_step *step, uint8_t *arena, uint8_t *scratch, nn_range range) {
  nn_gemm(&nn_tiles_avx2, step, arena, scratch, range);
}

#endif
