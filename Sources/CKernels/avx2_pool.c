// Pooling, 16 channels at a time.
#if defined(__x86_64__)

#include "avx2.h"
#include "avx2_kernels.h"
#include "scalar.h"
#include "window.h"

NN_AVX2 static void max_pixel(const nn_step *step, uint8_t *arena, int32_t row, int32_t j) {
  nn_window window = nn_window_of(step, row, j);
  uint8_t *output = nn_pixel(arena, &step->output, row, j);
  for (int32_t channel = 0; channel < step->output.channels; channel += 16) {
    int32_t count = nn_min(step->output.channels - channel, 16);
    __m128i maximum = _mm_setzero_si128();
    for (int32_t y = window.row_begin; y < window.row_end; y++) {
      const uint8_t *pixel = nn_pixel(arena, &step->input, y, window.x_begin) + channel;
      for (int32_t x = window.x_begin; x < window.x_end; x++, pixel += step->input.pixel_stride) {
        maximum = _mm_max_epu8(maximum, nn_load_bytes(pixel, count));
      }
    }
    nn_store_bytes(output + channel, maximum, count);
  }
}

NN_AVX2 void nn_max_pool_avx2(const nn_step *step, uint8_t *arena, uint8_t *scratch, nn_range range) {
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

// The sums of 16 channels are taken with vectors; AVX2 has no 64-bit arithmetic shift for what follows.
NN_AVX2 static void average_pixel(const nn_step *step, uint8_t *arena, int32_t row, int32_t j) {
  nn_window window = nn_window_of(step, row, j);
  int32_t count = nn_window_count(window);
  int64_t multiplier = nn_average_multiplier(&step->u.pool, count);
  uint8_t *output = nn_pixel(arena, &step->output, row, j);
  for (int32_t channel = 0; channel < step->output.channels; channel += 16) {
    int32_t channel_count = nn_min(step->output.channels - channel, 16);
    __m256i low = _mm256_set1_epi32(-count * step->input.zero_point), high = low;
    for (int32_t y = window.row_begin; y < window.row_end; y++) {
      const uint8_t *pixel = nn_pixel(arena, &step->input, y, window.x_begin) + channel;
      for (int32_t x = window.x_begin; x < window.x_end; x++, pixel += step->input.pixel_stride) {
        __m128i bytes = nn_load_bytes(pixel, channel_count);
        low = _mm256_add_epi32(low, _mm256_cvtepu8_epi32(bytes));
        high = _mm256_add_epi32(high, _mm256_cvtepu8_epi32(_mm_srli_si128(bytes, 8)));
      }
    }
    int32_t sums[16];
    _mm256_storeu_si256((__m256i *)(void *)sums, low);
    _mm256_storeu_si256((__m256i *)(void *)(sums + 8), high);
    for (int32_t i = 0; i < channel_count; i++) {
      output[channel + i] = (uint8_t)nn_requantize_sum(step, sums[i], multiplier);
    }
  }
}

NN_AVX2 void nn_average_pool_avx2(const nn_step *step, uint8_t *arena, uint8_t *scratch, nn_range range) {
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
