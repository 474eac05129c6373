#if defined(__x86_64__)

#include "avx2.h"

// 8 channels in 32 bits, clamped. residual: 0 without one.
NN_AVX2_INLINE __m256i requantize_any(const nn_epilogue *epilogue, int32_t channel, __m256i sum, __m256i residual) {
  __m256i t = _mm256_srav_epi32(sum, nn_load_s32(epilogue->shift + channel));
  t = _mm256_max_epi32(_mm256_min_epi32(t, _mm256_set1_epi32(INT16_MAX)), _mm256_set1_epi32(INT16_MIN));
  __m256i residual_multiplier = _mm256_set1_epi32(epilogue->residual_multiplier << 16);
  __m256i multipliers = _mm256_or_si256(nn_load_s32(epilogue->multiplier + channel), residual_multiplier);
  __m256i pairs = _mm256_blend_epi16(t, _mm256_slli_epi32(residual, 16), 0xAA);  // t low, residual high
  __m256i q = _mm256_srai_epi32(_mm256_add_epi32(_mm256_madd_epi16(pairs, multipliers), _mm256_set1_epi32(epilogue->c)), 15);
  return _mm256_min_epi32(_mm256_max_epi32(q, _mm256_set1_epi32(epilogue->lo)), _mm256_set1_epi32(epilogue->hi));
}

NN_AVX2 void nn_store_sums_avx2(const nn_target *target, int32_t first, __m256i low, __m256i high) {
  int32_t count = nn_min(target->channel_count - first, NN_PANEL), channel = target->channel + first;
  __m128i residual = target->residual_stride == 0 ? _mm_setzero_si128() : nn_load_bytes(target->residual + first, count);
  low = requantize_any(target->epilogue, channel, low, _mm256_cvtepu8_epi32(residual));
  high = requantize_any(target->epilogue, channel + 8, high, _mm256_cvtepu8_epi32(_mm_srli_si128(residual, 8)));
  __m256i words = _mm256_permute4x64_epi64(_mm256_packs_epi32(low, high), 0xD8);
  __m128i first_words = _mm256_castsi256_si128(words), last_words = _mm256_extracti128_si256(words, 1);
  uint8_t *output = target->output + (size_t)first * (size_t)target->element_bytes;
  if (target->element_bytes == 1) {
    nn_store_bytes(output, _mm_packus_epi16(first_words, last_words), count);
    return;
  }
  nn_store_bytes(output, first_words, count * 2);
  if (count > 8) {
    nn_store_bytes(output + 16, last_words, (count - 8) * 2);
  }
}

#endif
