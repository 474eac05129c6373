// resize of u8: 16 channels of a pixel at a time.
#if defined(__x86_64__)

#include "avx2.h"
#include "avx2_kernels.h"
#include "move.h"
#include "scalar.h"

// (256 - weight) * first + weight * second in unsigned 16 bits, less 2^15 in signed ones.
NN_AVX2_INLINE __m256i blend_columns(const uint8_t *first, const uint8_t *second, int32_t weight, int32_t count) {
  __m256i a = _mm256_cvtepu8_epi16(nn_load_bytes(first, count)), b = _mm256_cvtepu8_epi16(nn_load_bytes(second, count));
  a = _mm256_mullo_epi16(a, _mm256_set1_epi16((int16_t)(256 - weight)));
  b = _mm256_mullo_epi16(b, _mm256_set1_epi16((int16_t)weight));
  return _mm256_xor_si256(_mm256_add_epi16(a, b), _mm256_set1_epi16(INT16_MIN));
}

// Unpacking and packing go by lanes, so the order comes back by itself. The added constant makes up for the 2^15.
NN_AVX2_INLINE __m128i blend_rows(__m256i upper, __m256i lower, int32_t weight) {
  __m256i weights = _mm256_set1_epi32((int32_t)((uint32_t)weight << 16 | (uint32_t)(256 - weight)));
  __m256i constant = _mm256_set1_epi32((256 << 15) + (1 << 15));
  __m256i low = _mm256_add_epi32(_mm256_madd_epi16(_mm256_unpacklo_epi16(upper, lower), weights), constant);
  __m256i high = _mm256_add_epi32(_mm256_madd_epi16(_mm256_unpackhi_epi16(upper, lower), weights), constant);
  __m256i words = _mm256_packus_epi32(_mm256_srli_epi32(low, 16), _mm256_srli_epi32(high, 16));
  return _mm_packus_epi16(_mm256_castsi256_si128(words), _mm256_extracti128_si256(words, 1));
}

NN_AVX2 static void resize_row(const nn_step *step, uint8_t *arena, nn_resize_rows rows, int32_t row) {
  const nn_view *input = &step->input;
  uint8_t *destination = nn_pixel(arena, &step->output, row, 0);
  for (int32_t j = 0; j < step->output.width; j++, destination += step->output.pixel_stride) {
    uint32_t place = step->u.resize.columns[j];
    int32_t left = (int32_t)(place / 256), right = nn_min(left + 1, input->width - 1), g = (int32_t)(place % 256);
    const uint8_t *a = nn_pixel(arena, input, rows.above, left), *b = nn_pixel(arena, input, rows.above, right);
    const uint8_t *c = nn_pixel(arena, input, rows.below, left), *d = nn_pixel(arena, input, rows.below, right);
    if (g == 0 && rows.f == 0) {
      memcpy(destination, a, (size_t)input->channels);
      continue;
    }
    for (int32_t channel = 0; channel < input->channels; channel += 16) {
      int32_t count = nn_min(16, input->channels - channel);
      __m256i upper = blend_columns(a + channel, b + channel, g, count), lower = blend_columns(c + channel, d + channel, g, count);
      nn_store_bytes(destination + channel, blend_rows(upper, lower, rows.f), count);
    }
  }
}

void nn_resize_avx2(const nn_step *step, uint8_t *arena, uint8_t *scratch, nn_range range) {
  if (step->output.element_bytes != 1) {
    nn_resize_scalar(step, arena, scratch, range);
    return;
  }
  for (int32_t row = range.row_begin; row < range.row_end; row++) {
    resize_row(step, arena, nn_resize_rows_of(step, row), row);
  }
}

#endif
