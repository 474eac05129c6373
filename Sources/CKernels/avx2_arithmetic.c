// Elementwise arithmetic, 32 elements at a time: operators.md 3.1, 3.13 to 3.15.
#if defined(__x86_64__)

#include "avx2.h"
#include "avx2_kernels.h"

#define NN_TARGET NN_AVX2
#define NN_INLINE NN_AVX2_INLINE
#define NN_MM(name) _mm256_##name
#define NN_ELEMENTS 32

typedef __m256i nn_vector;

// By lanes of 128 bits: the lower and the upper 8 elements of each 16.
typedef struct nn_lanes {
  nn_vector low, high;
} nn_lanes;

NN_AVX2_INLINE __m256i load(const uint8_t *source) { return _mm256_loadu_si256((const __m256i *)(const void *)source); }
NN_AVX2_INLINE void store(uint8_t *destination, __m256i value) { _mm256_storeu_si256((__m256i *)(void *)destination, value); }

// bytes: of an element.
NN_AVX2_INLINE nn_lanes load_whole(const uint8_t *source, int32_t bytes) {
  __m256i first = load(source);
  if (bytes == 1) {
    return (nn_lanes){_mm256_unpacklo_epi8(first, _mm256_setzero_si256()), _mm256_unpackhi_epi8(first, _mm256_setzero_si256())};
  }
  __m256i second = load(source + 32);
  return (nn_lanes){_mm256_permute2x128_si256(first, second, 0x20), _mm256_permute2x128_si256(first, second, 0x31)};
}

NN_AVX2_INLINE nn_lanes load_lanes(const uint8_t *source, int32_t bytes, size_t count) {
  if (count >= 32) {
    return load_whole(source, bytes);
  }
  uint8_t whole[64] = {0};
  memcpy(whole, source, count * (size_t)bytes);
  return load_whole(whole, bytes);
}

NN_AVX2_INLINE void store_whole(uint8_t *destination, int32_t bytes, nn_lanes y, __m256i least, __m256i most) {
  if (bytes == 1) {
    store(destination, _mm256_min_epu8(_mm256_max_epu8(_mm256_packus_epi16(y.low, y.high), least), most));
    return;
  }
  y.low = _mm256_min_epi16(_mm256_max_epi16(y.low, least), most);
  y.high = _mm256_min_epi16(_mm256_max_epi16(y.high, least), most);
  store(destination, _mm256_permute2x128_si256(y.low, y.high, 0x20));
  store(destination + 32, _mm256_permute2x128_si256(y.low, y.high, 0x31));
}

NN_AVX2_INLINE void store_lanes(uint8_t *destination, int32_t bytes, size_t count, nn_lanes y, __m256i least, __m256i most) {
  if (count >= 32) {
    store_whole(destination, bytes, y, least, most);
    return;
  }
  uint8_t whole[64];
  store_whole(whole, bytes, y, least, most);
  memcpy(destination, whole, count * (size_t)bytes);
}

#include "arithmetic_vectors.h"

NN_AVX2 void nn_arithmetic_avx2(const nn_step *step, uint8_t *arena, uint8_t *scratch, nn_range range) {
  static const nn_stretch_kernels kernels = {.combine = combine, .factors = factors};
  nn_arithmetic_walk(step, arena, scratch, range, &kernels);
}

#endif
