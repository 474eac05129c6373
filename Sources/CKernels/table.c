// table with an own table of bytes for each channel: no vector instruction looks up in so many, so that what counts is to do
// nothing else than load, load and store.
#include "table.h"

static void look_up_bytes(const uint8_t *entries, const uint8_t *input, uint8_t *output, size_t channels) {
  size_t channel = 0;
  for (; channel + 4 <= channels; channel += 4, entries += 4 * 256) {
    output[channel] = entries[input[channel]];
    output[channel + 1] = entries[256 + input[channel + 1]];
    output[channel + 2] = entries[512 + input[channel + 2]];
    output[channel + 3] = entries[768 + input[channel + 3]];
  }
  for (; channel < channels; channel++, entries += 256) {
    output[channel] = entries[input[channel]];
  }
}

static void look_up_words(const int16_t *entries, const uint8_t *input, int16_t *output, size_t channels) {
  for (size_t channel = 0; channel < channels; channel++, entries += 256) {
    output[channel] = entries[input[channel]];
  }
}

void nn_table_by_channel(const nn_step *step, uint8_t *arena, nn_range range) {
  nn_stretches pixels = nn_table_stretches(step, arena, range);
  for (size_t n = 0; n < pixels.count; n++) {
    const uint8_t *input = pixels.input + n * pixels.input_stride;
    uint8_t *output = pixels.output + n * pixels.output_stride;
    if (step->output.element_bytes == 1) {
      look_up_bytes(step->u.table.entries, input, output, pixels.length);
    } else {
      look_up_words(step->u.table.entries, input, (int16_t *)(void *)output, pixels.length);
    }
  }
}
