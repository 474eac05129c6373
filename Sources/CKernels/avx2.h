// What the AVX2 kernels share. Include only in a file that is one.
#ifndef NN_AVX2_H
#define NN_AVX2_H

#include <immintrin.h>
#include <string.h>

#include "target.h"

#define NN_AVX2 __attribute__((target("avx2")))
#define NN_AVX2_INLINE static inline __attribute__((always_inline)) NN_AVX2

// AVX2 has no exact u8 x s8 product of four: vpmaddubsw saturates. So bytes are widened to words and the even and the odd
// ones of each group of 4 are multiplied apart: 2 * 255 * 127 fits what vpmaddwd adds.
typedef struct nn_words {
  __m256i even, odd;
} nn_words;

NN_AVX2_INLINE nn_words nn_words_of_u8(__m256i bytes) {
  return (nn_words){_mm256_and_si256(bytes, _mm256_set1_epi16(0xFF)), _mm256_srli_epi16(bytes, 8)};
}

NN_AVX2_INLINE nn_words nn_words_of_s8(__m256i bytes) {
  return (nn_words){_mm256_srai_epi16(_mm256_slli_epi16(bytes, 8), 8), _mm256_srai_epi16(bytes, 8)};
}

NN_AVX2_INLINE __m256i nn_add_products(__m256i sum, nn_words a, nn_words b) {
  return _mm256_add_epi32(sum, _mm256_add_epi32(_mm256_madd_epi16(a.even, b.even), _mm256_madd_epi16(a.odd, b.odd)));
}

// count bytes, at most 16; `fill` for the others.
NN_AVX2_INLINE __m128i nn_load_filled(const uint8_t *source, int32_t count, int32_t fill) {
  if (count >= 16) {
    return _mm_loadu_si128((const __m128i *)(const void *)source);
  }
  uint8_t bytes[16];
  memset(bytes, fill, sizeof bytes);
  memcpy(bytes, source, (size_t)count);
  return _mm_loadu_si128((const __m128i *)(const void *)bytes);
}

NN_AVX2_INLINE __m128i nn_load_bytes(const uint8_t *source, int32_t count) { return nn_load_filled(source, count, 0); }

NN_AVX2_INLINE void nn_store_bytes(uint8_t *destination, __m128i value, int32_t count) {
  if (count >= 16) {
    _mm_storeu_si128((__m128i *)(void *)destination, value);
    return;
  }
  uint8_t bytes[16];
  _mm_storeu_si128((__m128i *)(void *)bytes, value);
  memcpy(destination, bytes, (size_t)count);
}

NN_AVX2_INLINE __m256i nn_load_s32(const int32_t *source) { return _mm256_loadu_si256((const __m256i *)(const void *)source); }

// Requantisation constants of two vectors of 8 channels, in the order in which their sums pack.
typedef struct nn_pair {
  __m256i shift[2];
  __m256i multiplier;
} nn_pair;

// distance: from the first channels to the second.
NN_AVX2_INLINE nn_pair nn_load_pair(const int32_t *shift, const int32_t *multiplier, int32_t distance) {
  nn_pair pair = {{nn_load_s32(shift), nn_load_s32(shift + distance)},
                  _mm256_packs_epi32(nn_load_s32(multiplier), nn_load_s32(multiplier + distance))};
  return pair;
}

// Equations (2) and (3) without the clamp: vpmulhrsw is (t * m + 2^14) >> 15, and c is 2^14 + z_y * 2^15.
NN_AVX2_INLINE __m256i nn_requantize_pair(nn_pair pair, __m256i zero_point, __m256i first, __m256i second) {
  __m256i t = _mm256_packs_epi32(_mm256_srav_epi32(first, pair.shift[0]), _mm256_srav_epi32(second, pair.shift[1]));
  return _mm256_adds_epi16(_mm256_mulhrs_epi16(t, pair.multiplier), zero_point);
}

NN_AVX2_INLINE __m256i nn_clamp_u8(__m256i q, int32_t lo, int32_t hi) {
  return _mm256_min_epu8(_mm256_max_epu8(q, _mm256_set1_epi8((int8_t)lo)), _mm256_set1_epi8((int8_t)hi));
}

// Requantises and stores the sums of one pixel, 16 channels in two vectors, any type of output, with or without residual.
// first: the first of them within the target.
NN_AVX2 void nn_store_sums_avx2(const nn_target *target, int32_t first, __m256i low, __m256i high);

#endif
