#if defined(__x86_64__)

#include "avx512vnni.h"

// 16 channels at a time, in 32 bits.
NN_AVX512VNNI void nn_store_sums_avx512vnni(const nn_target *target, const __m512i *sums, int rows, int panels) {
  const nn_epilogue *epilogue = target->epilogue;
  __m512i c = _mm512_set1_epi32(epilogue->c), lo = _mm512_set1_epi32(epilogue->lo), hi = _mm512_set1_epi32(epilogue->hi);
  __m512i residual_multiplier = _mm512_set1_epi32(epilogue->residual_multiplier << 16);
  for (int j = 0; j < panels; j++) {
    int32_t first = j * NN_PANEL;
    __mmask16 mask = (__mmask16)nn_mask32(nn_min(target->channel_count - first, NN_PANEL));
    __m512i shift = _mm512_loadu_si512(epilogue->shift + target->channel + first);
    __m512i multipliers = _mm512_or_si512(_mm512_loadu_si512(epilogue->multiplier + target->channel + first), residual_multiplier);
    for (int i = 0; i < rows; i++) {
      __m512i t = _mm512_srav_epi32(sums[i * panels + j], shift);
      t = _mm512_max_epi32(_mm512_min_epi32(t, _mm512_set1_epi32(INT16_MAX)), _mm512_set1_epi32(INT16_MIN));
      __m512i residual = _mm512_setzero_si512();
      if (target->residual_stride != 0) {
        const uint8_t *source = target->residual + (size_t)i * target->residual_stride + first;
        residual = _mm512_slli_epi32(_mm512_cvtepu8_epi32(_mm_maskz_loadu_epi8(mask, source)), 16);
      }
      __m512i pairs = _mm512_mask_blend_epi16(0xAAAAAAAA, t, residual);  // t low, residual high
      __m512i q = _mm512_srai_epi32(_mm512_add_epi32(_mm512_madd_epi16(pairs, multipliers), c), 15);
      q = _mm512_min_epi32(_mm512_max_epi32(q, lo), hi);
      uint8_t *output = target->output + (size_t)i * target->output_stride + (size_t)first * (size_t)target->element_bytes;
      if (target->element_bytes == 1) {
        _mm512_mask_cvtepi32_storeu_epi8(output, mask, q);
      } else {
        _mm512_mask_cvtepi32_storeu_epi16(output, mask, q);
      }
    }
  }
}

#endif
