// resize of u8 in vectors: what instruction sets have in common. A file of one defines before it includes this:
//   NN_TARGET    attribute of functions
//   NN_INLINE    the same, always inlined
//   NN_MM(name)  the intrinsic _mm..._name
//   NN_CHANNELS  words in a vector
//   nn_vector    a vector of words
//   nn_vector load_words(const uint8_t *source, int32_t count): bytes; those past count are not read
//   void store_words(uint8_t *destination, nn_vector words, int32_t count): as bytes, which they fit
#include <string.h>

#include "move.h"
#include "scalar.h"

// (256 - weight) * first + weight * second in unsigned 16 bits, less 2^15 in signed ones.
NN_INLINE nn_vector blend_columns(const uint8_t *first, const uint8_t *second, int32_t weight, int32_t count) {
  nn_vector a = NN_MM(mullo_epi16)(load_words(first, count), NN_MM(set1_epi16)((int16_t)(256 - weight)));
  nn_vector b = NN_MM(mullo_epi16)(load_words(second, count), NN_MM(set1_epi16)((int16_t)weight));
  return NN_MM(add_epi16)(NN_MM(add_epi16)(a, b), NN_MM(set1_epi16)(INT16_MIN));
}

// Unpacking and packing go by lanes, so the order comes back by itself. The added constant makes up for the 2^15.
NN_INLINE nn_vector blend_rows(nn_vector upper, nn_vector lower, int32_t weight) {
  nn_vector weights = NN_MM(set1_epi32)((int32_t)((uint32_t)weight << 16 | (uint32_t)(256 - weight)));
  nn_vector constant = NN_MM(set1_epi32)((256 << 15) + (1 << 15));
  nn_vector low = NN_MM(add_epi32)(NN_MM(madd_epi16)(NN_MM(unpacklo_epi16)(upper, lower), weights), constant);
  nn_vector high = NN_MM(add_epi32)(NN_MM(madd_epi16)(NN_MM(unpackhi_epi16)(upper, lower), weights), constant);
  return NN_MM(packus_epi32)(NN_MM(srli_epi32)(low, 16), NN_MM(srli_epi32)(high, 16));
}

NN_TARGET static void resize_row(const nn_step *step, uint8_t *arena, nn_resize_rows rows, int32_t row) {
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
    for (int32_t channel = 0; channel < input->channels; channel += NN_CHANNELS) {
      int32_t count = nn_min(NN_CHANNELS, input->channels - channel);
      nn_vector upper = blend_columns(a + channel, b + channel, g, count), lower = blend_columns(c + channel, d + channel, g, count);
      store_words(destination + channel, blend_rows(upper, lower, rows.f), count);
    }
  }
}

static void resize(const nn_step *step, uint8_t *arena, uint8_t *scratch, nn_range range) {
  if (step->output.element_bytes != 1) {
    nn_resize_scalar(step, arena, scratch, range);
    return;
  }
  for (int32_t row = range.row_begin; row < range.row_end; row++) {
    resize_row(step, arena, nn_resize_rows_of(step, row), row);
  }
}
