// Packs the right matrix of a product of two activations. Both vector sets use this.
#if defined(__x86_64__)

#include "avx2.h"
#include "avx2_kernels.h"
#include "avx2_matmul.h"

// u8 - 128 as s8: what is missing was filled with 128.
NN_AVX2_INLINE __m128i centered(__m128i bytes) { return _mm_xor_si128(bytes, _mm_set1_epi8((int8_t)0x80)); }

NN_AVX2_INLINE __m256i centered_words(__m128i bytes, int32_t zero_point) {
  return _mm256_sub_epi16(_mm256_cvtepu8_epi16(bytes), _mm256_set1_epi16((int16_t)zero_point));
}

NN_AVX2_INLINE void store(int8_t *destination, __m128i value) { _mm_storeu_si128((__m128i *)(void *)destination, value); }

// A row of the matrix, or past the last one the fill.
NN_AVX2_INLINE __m128i load_row(const nn_right *right, int32_t row, int32_t column, int32_t fill) {
  if (row >= right->depth) {
    return _mm_set1_epi8((int8_t)fill);
  }
  return nn_load_filled(right->source + (size_t)row * right->stride + column, right->columns - column, fill);
}

// 4 rows of 16 columns become 16 groups.
NN_AVX2 void nn_pack_rows_u8_avx2(const nn_right *right, int32_t column, int8_t *panel) {
  for (int32_t row = 0; row < right->depth; row += 4, panel += 4 * NN_PANEL) {
    __m128i first = centered(load_row(right, row, column, 128)), second = centered(load_row(right, row + 1, column, 128));
    __m128i third = centered(load_row(right, row + 2, column, 128)), fourth = centered(load_row(right, row + 3, column, 128));
    __m128i front_low = _mm_unpacklo_epi8(first, second), front_high = _mm_unpackhi_epi8(first, second);
    __m128i back_low = _mm_unpacklo_epi8(third, fourth), back_high = _mm_unpackhi_epi8(third, fourth);
    store(panel, _mm_unpacklo_epi16(front_low, back_low));
    store(panel + 16, _mm_unpackhi_epi16(front_low, back_low));
    store(panel + 32, _mm_unpacklo_epi16(front_high, back_high));
    store(panel + 48, _mm_unpackhi_epi16(front_high, back_high));
  }
}

// 2 rows of 16 columns become 16 pairs.
NN_AVX2 void nn_pack_rows_s16_avx2(const nn_right *right, int32_t column, int8_t *panel) {
  int32_t fill = right->zero_point;
  for (int32_t row = 0; row < right->depth; row += 2, panel += 4 * NN_PANEL) {
    __m128i first = load_row(right, row, column, fill), second = load_row(right, row + 1, column, fill);
    __m256i low = centered_words(_mm_unpacklo_epi8(first, second), fill);
    __m256i high = centered_words(_mm_unpackhi_epi8(first, second), fill);
    _mm256_storeu_si256((__m256i *)(void *)panel, low);
    _mm256_storeu_si256((__m256i *)(void *)(panel + 32), high);
  }
}

// 4 columns of 16 bytes, each 4 groups, become 4 times a group of each. Groups past the last are left out.
NN_AVX2_INLINE void store_groups(int8_t *panel, const __m128i column[4], int32_t count) {
  __m128i front_low = _mm_unpacklo_epi32(column[0], column[1]), front_high = _mm_unpackhi_epi32(column[0], column[1]);
  __m128i back_low = _mm_unpacklo_epi32(column[2], column[3]), back_high = _mm_unpackhi_epi32(column[2], column[3]);
  __m128i group[4] = {_mm_unpacklo_epi64(front_low, back_low), _mm_unpackhi_epi64(front_low, back_low),
                      _mm_unpacklo_epi64(front_high, back_high), _mm_unpackhi_epi64(front_high, back_high)};
  for (int n = 0; n < 4 && n < count; n++) {
    store(panel + n * 4 * NN_PANEL, group[n]);
  }
}

// First byte of a column; past the last one that one again.
NN_AVX2_INLINE const uint8_t *column_of(const nn_right *right, int32_t column) {
  return right->source + (size_t)nn_min(column, right->columns - 1) * right->stride;
}

NN_AVX2 void nn_pack_columns_u8_avx2(const nn_right *right, int32_t column, int8_t *panel) {
  int32_t groups = nn_ceil_div(right->depth, 4);
  for (int32_t quad = 0; quad < NN_PANEL; quad += 4) {
    for (int32_t group = 0; group < groups; group += 4) {
      __m128i columns[4];
      for (int n = 0; n < 4; n++) {
        const uint8_t *source = column_of(right, column + quad + n) + group * 4;
        columns[n] = centered(nn_load_filled(source, right->depth - group * 4, 128));
      }
      store_groups(panel + ((size_t)group * NN_PANEL + (size_t)quad) * 4, columns, groups - group);
    }
  }
}

NN_AVX2 void nn_pack_columns_s16_avx2(const nn_right *right, int32_t column, int8_t *panel) {
  int32_t groups = nn_ceil_div(right->depth, 2);
  for (int32_t quad = 0; quad < NN_PANEL; quad += 4) {
    for (int32_t group = 0; group < groups; group += 4) {
      __m128i columns[4];
      for (int n = 0; n < 4; n++) {
        const uint8_t *source = column_of(right, column + quad + n) + group * 2;
        int32_t count = nn_min(right->depth - group * 2, 8);
        __m128i bytes = nn_load_filled(source, count, right->zero_point);
        columns[n] = _mm256_castsi256_si128(centered_words(bytes, right->zero_point));
      }
      store_groups(panel + ((size_t)group * NN_PANEL + (size_t)quad) * 4, columns, groups - group);
    }
  }
}

NN_AVX2 void nn_sum_panel_avx2(const int8_t *panel, int32_t groups, int32_t *sums) {
  __m256i sum[2] = {_mm256_setzero_si256(), _mm256_setzero_si256()};
  for (int32_t group = 0; group < groups; group++, panel += 4 * NN_PANEL) {
    for (int n = 0; n < 2; n++) {
      __m256i bytes = _mm256_loadu_si256((const __m256i *)(const void *)(panel + n * 32));
      __m256i pairs = _mm256_maddubs_epi16(_mm256_set1_epi8(1), bytes);
      sum[n] = _mm256_add_epi32(sum[n], _mm256_madd_epi16(pairs, _mm256_set1_epi16(1)));
    }
  }
  _mm256_storeu_si256((__m256i *)(void *)sums, sum[0]);
  _mm256_storeu_si256((__m256i *)(void *)(sums + 8), sum[1]);
}

static const nn_matmul_set avx2_set = {
  .tiles = {&nn_tiles_avx2, &nn_wide_tiles_avx2},
  NN_PACKERS_AVX2,
};

void nn_matmul_avx2(const nn_step *step, uint8_t *arena, uint8_t *scratch, nn_range range) {
  nn_matmul_with(&avx2_set, step, arena, scratch, range);
}

#endif
