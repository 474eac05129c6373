// resize of u8: 32 channels of a pixel at a time.
#if defined(__x86_64__)

#include <string.h>

#include "avx512vnni.h"
#include "avx512vnni_kernels.h"
#include "move.h"
#include "scalar.h"

// (256 - weight) * first + weight * second in unsigned 16 bits, less 2^15 in signed ones.
NN_AVX512VNNI_INLINE __m512i blend_columns(const uint8_t *first, const uint8_t *second, int32_t weight, __mmask32 mask) {
  __m512i a = _mm512_cvtepu8_epi16(_mm256_maskz_loadu_epi8(mask, first));
  __m512i b = _mm512_cvtepu8_epi16(_mm256_maskz_loadu_epi8(mask, second));
  a = _mm512_mullo_epi16(a, _mm512_set1_epi16((int16_t)(256 - weight)));
  b = _mm512_mullo_epi16(b, _mm512_set1_epi16((int16_t)weight));
  return _mm512_xor_si512(_mm512_add_epi16(a, b), _mm512_set1_epi16(INT16_MIN));
}

// Unpacking and packing go by lanes, so the order comes back by itself. The added constant makes up for the 2^15.
NN_AVX512VNNI_INLINE __m256i blend_rows(__m512i upper, __m512i lower, int32_t weight) {
  __m512i weights = _mm512_set1_epi32((int32_t)((uint32_t)weight << 16 | (uint32_t)(256 - weight)));
  __m512i constant = _mm512_set1_epi32((256 << 15) + (1 << 15));
  __m512i low = _mm512_add_epi32(_mm512_madd_epi16(_mm512_unpacklo_epi16(upper, lower), weights), constant);
  __m512i high = _mm512_add_epi32(_mm512_madd_epi16(_mm512_unpackhi_epi16(upper, lower), weights), constant);
  return _mm512_cvtepi16_epi8(_mm512_packus_epi32(_mm512_srli_epi32(low, 16), _mm512_srli_epi32(high, 16)));
}

NN_AVX512VNNI static void resize_row(const nn_step *step, uint8_t *arena, nn_resize_rows rows, int32_t row) {
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
    for (int32_t channel = 0; channel < input->channels; channel += 32) {
      __mmask32 mask = nn_mask32(input->channels - channel);
      __m512i upper = blend_columns(a + channel, b + channel, g, mask), lower = blend_columns(c + channel, d + channel, g, mask);
      _mm256_mask_storeu_epi8(destination + channel, mask, blend_rows(upper, lower, rows.f));
    }
  }
}

void nn_resize_avx512vnni(const nn_step *step, uint8_t *arena, uint8_t *scratch, nn_range range) {
  if (step->output.element_bytes != 1) {
    nn_resize_scalar(step, arena, scratch, range);
    return;
  }
  for (int32_t row = range.row_begin; row < range.row_end; row++) {
    resize_row(step, arena, nn_resize_rows_of(step, row), row);
  }
}

#endif
