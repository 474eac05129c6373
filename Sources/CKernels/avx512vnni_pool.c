// Pooling, 64 channels (max) or 16 channels (average) at a time.
#if defined(__x86_64__)

#include "avx512vnni.h"
#include "avx512vnni_kernels.h"
#include "scalar.h"
#include "window.h"

NN_AVX512VNNI static void max_pixel(const nn_step *step, uint8_t *arena, int32_t row, int32_t j) {
  nn_window window = nn_window_of(step, row, j);
  uint8_t *output = nn_pixel(arena, &step->output, row, j);
  for (int32_t channel = 0; channel < step->output.channels; channel += 64) {
    __mmask64 mask = nn_mask64(step->output.channels - channel);
    __m512i maximum = _mm512_setzero_si512();
    for (int32_t y = window.row_begin; y < window.row_end; y++) {
      const uint8_t *pixel = nn_pixel(arena, &step->input, y, window.x_begin) + channel;
      for (int32_t x = window.x_begin; x < window.x_end; x++, pixel += step->input.pixel_stride) {
        maximum = _mm512_max_epu8(maximum, _mm512_maskz_loadu_epi8(mask, pixel));
      }
    }
    _mm512_mask_storeu_epi8(output + channel, mask, maximum);
  }
}

NN_AVX512VNNI void nn_max_pool_avx512vnni(const nn_step *step, uint8_t *arena, uint8_t *scratch, nn_range range) {
  if (step->input.element_bytes != 1) {
    nn_max_pool_scalar(step, arena, scratch, range);
    return;
  }
  for (int32_t row = range.row_begin; row < range.row_end; row++) {
    for (int32_t j = 0; j < step->output.width; j++) {
      max_pixel(step, arena, row, j);
    }
  }
}

// Equation (8) for 8 sums of x - z_x.
NN_AVX512VNNI_INLINE __m256i scale_sums(const nn_step *step, __m256i sums, __m512i multiplier) {
  int32_t shift = step->u.pool.shift;
  __m512i product = _mm512_mul_epi32(_mm512_cvtepi32_epi64(sums), multiplier);
  __m512i rounded = _mm512_add_epi64(product, _mm512_set1_epi64(INT64_C(1) << (shift - 1)));
  __m512i q = _mm512_add_epi64(_mm512_sra_epi64(rounded, _mm_cvtsi32_si128(shift)), _mm512_set1_epi64(step->output.zero_point));
  q = _mm512_min_epi64(_mm512_max_epi64(q, _mm512_setzero_si512()), _mm512_set1_epi64(UINT8_MAX));
  return _mm512_cvtepi64_epi32(q);
}

NN_AVX512VNNI static void average_pixel(const nn_step *step, uint8_t *arena, int32_t row, int32_t j) {
  nn_window window = nn_window_of(step, row, j);
  int32_t count = nn_window_count(window);
  __m512i multiplier = _mm512_set1_epi64(nn_average_multiplier(&step->u.pool, count));
  __m512i start = _mm512_set1_epi32(-count * step->input.zero_point);
  uint8_t *output = nn_pixel(arena, &step->output, row, j);
  for (int32_t channel = 0; channel < step->output.channels; channel += 16) {
    __mmask16 mask = (__mmask16)nn_mask32(nn_min(step->output.channels - channel, 16));
    __m512i sum = start;
    for (int32_t y = window.row_begin; y < window.row_end; y++) {
      const uint8_t *pixel = nn_pixel(arena, &step->input, y, window.x_begin) + channel;
      for (int32_t x = window.x_begin; x < window.x_end; x++, pixel += step->input.pixel_stride) {
        sum = _mm512_add_epi32(sum, _mm512_cvtepu8_epi32(_mm_maskz_loadu_epi8(mask, pixel)));
      }
    }
    __m512i q = _mm512_inserti64x4(_mm512_castsi256_si512(scale_sums(step, _mm512_castsi512_si256(sum), multiplier)),
                                   scale_sums(step, _mm512_extracti64x4_epi64(sum, 1), multiplier), 1);
    _mm_mask_storeu_epi8(output + channel, mask, _mm512_cvtepi32_epi8(q));
  }
}

NN_AVX512VNNI void nn_average_pool_avx512vnni(const nn_step *step, uint8_t *arena, uint8_t *scratch, nn_range range) {
  if (step->input.element_bytes != 1 || step->output.element_bytes != 1) {
    nn_average_pool_scalar(step, arena, scratch, range);
    return;
  }
  for (int32_t row = range.row_begin; row < range.row_end; row++) {
    for (int32_t j = 0; j < step->output.width; j++) {
      average_pixel(step, arena, row, j);
    }
  }
}

#endif
