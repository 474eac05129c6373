// Ways to bring a 32-bit accumulator to 8 bits. Each loads its constants in the same place and returns 32 words, not yet
// clamped, in the order in which two vectors of 16 pack.
#include "avx512vnni.h"

typedef struct constants {
  __m512i shift[2], multiplier[2];
} constants;

NN_AVX512VNNI_INLINE constants load_constants(const int32_t *shift, const int32_t *multiplier, int32_t distance) {
  constants c = {{_mm512_loadu_si512(shift), _mm512_loadu_si512(shift + distance)},
                 {_mm512_loadu_si512(multiplier), _mm512_loadu_si512(multiplier + distance)}};
  return c;
}

// No requantisation at all: what the product itself costs.
NN_AVX512VNNI_INLINE __m512i requantize_none(constants c, __m512i zero_point, __m512i first, __m512i second) {
  (void)c;
  (void)zero_point;
  return _mm512_packs_epi32(first, second);
}

// A 31-bit multiplier and a 64-bit product of even and odd elements, rounded once, as gemmlowp's.
NN_AVX512VNNI_INLINE __m512i scale_product(__m512i sum, __m512i multiplier, __m512i shift) {
  __m512i half = _mm512_set1_epi64(INT64_C(1) << 34);
  __m512i even = _mm512_add_epi64(_mm512_mul_epi32(sum, multiplier), half);
  __m512i odd = _mm512_add_epi64(_mm512_mul_epi32(_mm512_srli_epi64(sum, 32), _mm512_srli_epi64(multiplier, 32)), half);
  even = _mm512_srav_epi64(even, _mm512_and_si512(shift, _mm512_set1_epi64(63)));
  odd = _mm512_srav_epi64(odd, _mm512_srli_epi64(shift, 32));
  return _mm512_mask_blend_epi32(0xAAAA, even, _mm512_slli_epi64(odd, 32));
}

NN_AVX512VNNI_INLINE __m512i requantize_product(constants c, __m512i zero_point, __m512i first, __m512i second) {
  first = scale_product(first, c.multiplier[0], c.shift[0]);
  second = scale_product(second, c.multiplier[1], c.shift[1]);
  return _mm512_adds_epi16(_mm512_packs_epi32(first, second), zero_point);
}

// Through single precision. The bits of the multipliers are taken for floats.
NN_AVX512VNNI_INLINE __m512i requantize_float(constants c, __m512i zero_point, __m512i first, __m512i second) {
  first = _mm512_cvtps_epi32(_mm512_mul_ps(_mm512_cvtepi32_ps(first), _mm512_castsi512_ps(c.multiplier[0])));
  second = _mm512_cvtps_epi32(_mm512_mul_ps(_mm512_cvtepi32_ps(second), _mm512_castsi512_ps(c.multiplier[1])));
  return _mm512_adds_epi16(_mm512_packs_epi32(first, second), zero_point);
}
