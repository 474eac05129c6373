// Elementwise arithmetic, 64 elements at a time: operators.md 3.1, 3.13 to 3.15.
#if defined(__x86_64__)

#include "avx512vnni.h"
#include "avx512vnni_kernels.h"

#define NN_TARGET NN_AVX512VNNI
#define NN_INLINE NN_AVX512VNNI_INLINE
#define NN_MM(name) _mm512_##name
#define NN_ELEMENTS 64

typedef __m512i nn_vector;

// By lanes of 128 bits: the lower and the upper 8 elements of each 16.
typedef struct nn_lanes {
  nn_vector low, high;
} nn_lanes;

NN_AVX512VNNI_INLINE __mmask64 mask_of(size_t count) { return nn_mask64(count < 64 ? (int32_t)count : 64); }

NN_AVX512VNNI_INLINE nn_lanes load_lanes(const uint8_t *source, int32_t bytes, size_t count) {
  __mmask64 mask = mask_of(count);
  if (bytes == 1) {
    __m512i x = _mm512_maskz_loadu_epi8(mask, source);
    return (nn_lanes){_mm512_unpacklo_epi8(x, _mm512_setzero_si512()), _mm512_unpackhi_epi8(x, _mm512_setzero_si512())};
  }
  const __m512i low = _mm512_setr_epi64(0, 1, 4, 5, 8, 9, 12, 13), high = _mm512_setr_epi64(2, 3, 6, 7, 10, 11, 14, 15);
  __m512i first = _mm512_maskz_loadu_epi16((__mmask32)mask, source), second = _mm512_maskz_loadu_epi16((__mmask32)(mask >> 32), source + 64);
  return (nn_lanes){_mm512_permutex2var_epi64(first, low, second), _mm512_permutex2var_epi64(first, high, second)};
}

NN_AVX512VNNI_INLINE void store_lanes(uint8_t *destination, int32_t bytes, size_t count, nn_lanes y, __m512i least, __m512i most) {
  __mmask64 mask = mask_of(count);
  if (bytes == 1) {
    __m512i q = _mm512_packus_epi16(y.low, y.high);
    _mm512_mask_storeu_epi8(destination, mask, _mm512_min_epu8(_mm512_max_epu8(q, least), most));
    return;
  }
  const __m512i first = _mm512_setr_epi64(0, 1, 8, 9, 2, 3, 10, 11), second = _mm512_setr_epi64(4, 5, 12, 13, 6, 7, 14, 15);
  y.low = _mm512_min_epi16(_mm512_max_epi16(y.low, least), most);
  y.high = _mm512_min_epi16(_mm512_max_epi16(y.high, least), most);
  _mm512_mask_storeu_epi16(destination, (__mmask32)mask, _mm512_permutex2var_epi64(y.low, first, y.high));
  _mm512_mask_storeu_epi16(destination + 64, (__mmask32)(mask >> 32), _mm512_permutex2var_epi64(y.low, second, y.high));
}

#include "arithmetic_vectors.h"

NN_AVX512VNNI void nn_arithmetic_avx512vnni(const nn_step *step, uint8_t *arena, uint8_t *scratch, nn_range range) {
  static const nn_stretch_kernels kernels = {.combine = combine, .factors = factors};
  nn_arithmetic_walk(step, arena, scratch, range, &kernels);
}

#endif
