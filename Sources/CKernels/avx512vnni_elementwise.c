// add. Operands of one shape lie alike in memory, so that a range of rows is one stretch of bytes; those between
// channels and stride are computed too, as the view allows.
#if defined(__x86_64__)

#include "avx512vnni.h"
#include "avx512vnni_kernels.h"

NN_AVX512VNNI_INLINE __m512i add_quarter(const nn_add *add, __m512i pairs, __m128i shift) {
  __m512i multipliers = _mm512_set1_epi32((int32_t)((uint32_t)add->multiplier_b << 16 | (uint16_t)add->multiplier_a));
  return _mm512_sra_epi32(_mm512_add_epi32(_mm512_madd_epi16(pairs, multipliers), _mm512_set1_epi32(add->c)), shift);
}

// 64 elements. Unpacking and packing go by lanes, so the order comes back by itself.
NN_AVX512VNNI_INLINE __m512i add_bytes(const nn_add *add, __m512i a, __m512i b) {
  const __m512i zero = _mm512_setzero_si512();
  __m128i shift = _mm_cvtsi32_si128(add->shift);
  __m512i low = _mm512_unpacklo_epi8(a, b), high = _mm512_unpackhi_epi8(a, b);
  __m512i sum[4] = {
    add_quarter(add, _mm512_unpacklo_epi8(low, zero), shift), add_quarter(add, _mm512_unpackhi_epi8(low, zero), shift),
    add_quarter(add, _mm512_unpacklo_epi8(high, zero), shift), add_quarter(add, _mm512_unpackhi_epi8(high, zero), shift)};
  __m512i q = _mm512_packus_epi16(_mm512_packs_epi32(sum[0], sum[1]), _mm512_packs_epi32(sum[2], sum[3]));
  return _mm512_min_epu8(_mm512_max_epu8(q, _mm512_set1_epi8((int8_t)add->lo)), _mm512_set1_epi8((int8_t)add->hi));
}

NN_AVX512VNNI void nn_add_avx512vnni(const nn_step *step, uint8_t *arena, uint8_t *scratch, nn_range range) {
  (void)scratch;
  const uint8_t *a = nn_pixel(arena, &step->input, range.row_begin, 0), *b = nn_pixel(arena, &step->other, range.row_begin, 0);
  uint8_t *output = nn_pixel(arena, &step->output, range.row_begin, 0);
  ptrdiff_t left = nn_pixel(arena, &step->output, range.row_end, 0) - output;
  for (; left > 0; left -= 64, a += 64, b += 64, output += 64) {
    __mmask64 mask = nn_mask64(left < 64 ? (int32_t)left : 64);
    __m512i q = add_bytes(&step->u.add, _mm512_maskz_loadu_epi8(mask, a), _mm512_maskz_loadu_epi8(mask, b));
    _mm512_mask_storeu_epi8(output, mask, q);
  }
}

#endif
