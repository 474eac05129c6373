// Normalisation of each pixel, 16 channels at a time: sums of elements and squares, then the elements. 512-bit vectors make it
// no faster (197 rows of 768: 80 us against 85).
#if defined(__x86_64__)

#include "avx2.h"
#include "avx2_kernels.h"
#include "layer_norm.h"

// 16 channels as words less the zero point; those past count are 0.
NN_AVX2_INLINE __m256i load_words(const nn_step *step, const uint8_t *pixel, int32_t channel, int32_t count) {
  if (step->input.element_bytes == 2) {
    const uint8_t *source = pixel + 2 * channel;
    __m128i low = nn_load_bytes(source, nn_min(count, 8) * 2);
    __m128i high = count > 8 ? nn_load_bytes(source + 16, nn_min(count - 8, 8) * 2) : _mm_setzero_si128();
    return _mm256_inserti128_si256(_mm256_castsi128_si256(low), high, 1);
  }
  __m128i x = nn_load_filled(pixel + channel, count, step->input.zero_point);
  return _mm256_sub_epi16(_mm256_cvtepu8_epi16(x), _mm256_set1_epi16((int16_t)step->input.zero_point));
}

// A pair of squares may be 2^31, which is a u32.
NN_AVX2_INLINE nn_row row_of(const nn_step *step, const uint8_t *source) {
  __m256i sum = _mm256_setzero_si256(), squares = _mm256_setzero_si256();
  for (int32_t channel = 0; channel < step->input.channels; channel += 16) {
    __m256i x = load_words(step, source, channel, step->input.channels - channel);
    sum = _mm256_add_epi32(sum, _mm256_madd_epi16(x, _mm256_set1_epi16(1)));
    __m256i square = _mm256_madd_epi16(x, x);
    square = _mm256_add_epi64(_mm256_srli_epi64(square, 32), _mm256_and_si256(square, _mm256_set1_epi64x(UINT32_MAX)));
    squares = _mm256_add_epi64(squares, square);
  }
  int32_t sums[8];
  int64_t square_sums[4], total = 0;
  _mm256_storeu_si256((__m256i *)(void *)sums, sum);
  _mm256_storeu_si256((__m256i *)(void *)square_sums, squares);
  for (int lane = 0; lane < 8; lane++) {
    total += sums[lane];
  }
  return nn_row_of(step, total, square_sums[0] + square_sums[1] + square_sums[2] + square_sums[3]);
}

// Equations (20) and (21) for 4 deviations; the low 32 bits of each lane are the result. Logical shifts are as good as
// arithmetic ones there, for none is longer than 32.
NN_AVX2_INLINE __m256i scale(const nn_step *step, nn_row row, __m128i deviations, __m128i gain, __m128i offset) {
  int32_t last_shift = step->u.layer_norm.shift;
  __m256i half = _mm256_set1_epi64x(INT64_C(1) << (row.shift - 1)), last_half = _mm256_set1_epi64x(INT64_C(1) << (last_shift - 1));
  __m256i product = _mm256_mul_epi32(_mm256_cvtepi32_epi64(deviations), _mm256_set1_epi64x(row.reciprocal));
  __m256i t = _mm256_srl_epi64(_mm256_add_epi64(product, half), _mm_cvtsi32_si128(row.shift));
  __m256i scaled = _mm256_add_epi64(_mm256_mul_epi32(t, _mm256_cvtepi16_epi64(gain)), _mm256_cvtepi32_epi64(offset));
  return _mm256_srl_epi64(_mm256_add_epi64(scaled, last_half), _mm_cvtsi32_si128(last_shift));
}

// 8 channels, as s16 that the type of the output still has to bound.
NN_AVX2_INLINE __m128i normalize(const nn_step *step, nn_row row, __m128i x, __m128i gain, const int32_t *offset) {
  __m256i mean = _mm256_set1_epi32(row.mean);
  __m256i deviations = _mm256_sub_epi32(_mm256_sll_epi32(_mm256_cvtepi16_epi32(x), _mm_cvtsi32_si128(row.fraction)), mean);
  __m256i low = scale(step, row, _mm256_castsi256_si128(deviations), gain, _mm_loadu_si128((const __m128i *)(const void *)offset));
  __m256i high = scale(step, row, _mm256_extracti128_si256(deviations, 1), _mm_srli_si128(gain, 8),
                       _mm_loadu_si128((const __m128i *)(const void *)(offset + 4)));
  const __m256i evens = _mm256_setr_epi32(0, 2, 4, 6, 0, 2, 4, 6);
  __m256i q = _mm256_blend_epi32(_mm256_permutevar8x32_epi32(low, evens), _mm256_permutevar8x32_epi32(high, evens), 0xF0);
  q = _mm256_add_epi32(q, _mm256_set1_epi32(step->output.zero_point));
  return _mm_packs_epi32(_mm256_castsi256_si128(q), _mm256_extracti128_si256(q, 1));
}

// Up to 16 channels from `channel` on.
NN_AVX2_INLINE void normalize_block(const nn_step *step, nn_row row, const uint8_t *source, uint8_t *destination, int32_t channel,
                                    const int16_t *gain, const int32_t *offset) {
  int32_t count = nn_min(step->input.channels - channel, 16);
  __m256i x = load_words(step, source, channel, count);
  const __m128i *gains = (const __m128i *)(const void *)gain;
  __m128i low = normalize(step, row, _mm256_castsi256_si128(x), _mm_loadu_si128(gains), offset);
  __m128i high = normalize(step, row, _mm256_extracti128_si256(x, 1), _mm_loadu_si128(gains + 1), offset + 8);
  if (step->output.element_bytes == 1) {
    nn_store_bytes(destination + channel, _mm_packus_epi16(low, high), count);
    return;
  }
  nn_store_bytes(destination + 2 * channel, low, nn_min(count, 8) * 2);
  if (count > 8) {
    nn_store_bytes(destination + 2 * channel + 16, high, (count - 8) * 2);
  }
}

NN_AVX2_INLINE void normalize_row(const nn_step *step, nn_row row, const uint8_t *source, uint8_t *destination) {
  const nn_layer_norm *norm = &step->u.layer_norm;
  int32_t channels = step->input.channels, channel = 0;
  for (; channel + 16 <= channels; channel += 16) {
    normalize_block(step, row, source, destination, channel, norm->gain + channel, norm->offset + channel);
  }
  if (channel < channels) {
    int16_t gain[16] = {0};
    int32_t offset[16] = {0};
    memcpy(gain, norm->gain + channel, (size_t)(channels - channel) * sizeof(int16_t));
    memcpy(offset, norm->offset + channel, (size_t)(channels - channel) * sizeof(int32_t));
    normalize_block(step, row, source, destination, channel, gain, offset);
  }
}

NN_AVX2 void nn_layer_norm_avx2(const nn_step *step, uint8_t *arena, uint8_t *scratch, nn_range range) {
  (void)scratch;
  for (int32_t row = range.row_begin; row < range.row_end; row++) {
    for (int32_t j = 0; j < step->output.width; j++) {
      const uint8_t *source = nn_pixel(arena, &step->input, row, j);
      normalize_row(step, row_of(step, source), source, nn_pixel(arena, &step->output, row, j));
    }
  }
}

#endif
