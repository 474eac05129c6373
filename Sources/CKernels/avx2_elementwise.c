// add. Operands of one shape lie alike in memory, so that a range of rows is one stretch of bytes; those between channels
// and stride are computed too, as the view allows.
#if defined(__x86_64__)

#include "avx2.h"
#include "avx2_kernels.h"

NN_AVX2_INLINE __m256i add_quarter(const nn_add *add, __m256i pairs, __m128i shift) {
  __m256i multipliers = _mm256_set1_epi32((int32_t)((uint32_t)add->multiplier_b << 16 | (uint16_t)add->multiplier_a));
  return _mm256_sra_epi32(_mm256_add_epi32(_mm256_madd_epi16(pairs, multipliers), _mm256_set1_epi32(add->c)), shift);
}

// 32 elements. Unpacking and packing go by lanes, so the order comes back by itself.
NN_AVX2_INLINE __m256i add_bytes(const nn_add *add, __m256i a, __m256i b) {
  const __m256i zero = _mm256_setzero_si256();
  __m128i shift = _mm_cvtsi32_si128(add->shift);
  __m256i low = _mm256_unpacklo_epi8(a, b), high = _mm256_unpackhi_epi8(a, b);
  __m256i sum[4] = {
    add_quarter(add, _mm256_unpacklo_epi8(low, zero), shift), add_quarter(add, _mm256_unpackhi_epi8(low, zero), shift),
    add_quarter(add, _mm256_unpacklo_epi8(high, zero), shift), add_quarter(add, _mm256_unpackhi_epi8(high, zero), shift)};
  __m256i q = _mm256_packus_epi16(_mm256_packs_epi32(sum[0], sum[1]), _mm256_packs_epi32(sum[2], sum[3]));
  return nn_clamp_u8(q, add->lo, add->hi);
}

NN_AVX2_INLINE __m256i load(const uint8_t *source) { return _mm256_loadu_si256((const __m256i *)(const void *)source); }

NN_AVX2 void nn_add_avx2(const nn_step *step, uint8_t *arena, uint8_t *scratch, nn_range range) {
  (void)scratch;
  const uint8_t *a = nn_pixel(arena, &step->input, range.row_begin, 0), *b = nn_pixel(arena, &step->other, range.row_begin, 0);
  uint8_t *output = nn_pixel(arena, &step->output, range.row_begin, 0);
  size_t left = (size_t)(nn_pixel(arena, &step->output, range.row_end, 0) - output);
  for (; left >= 32; left -= 32, a += 32, b += 32, output += 32) {
    _mm256_storeu_si256((__m256i *)(void *)output, add_bytes(&step->u.add, load(a), load(b)));
  }
  uint8_t last_a[32] = {0}, last_b[32] = {0}, last[32];
  memcpy(last_a, a, left);
  memcpy(last_b, b, left);
  _mm256_storeu_si256((__m256i *)(void *)last, add_bytes(&step->u.add, load(last_a), load(last_b)));
  memcpy(output, last, left);
}

#endif
