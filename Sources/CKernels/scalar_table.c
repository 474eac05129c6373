// table in plain loops: operators.md 3.5.
#include "scalar.h"
#include "views.h"

static int32_t interpolate(const int16_t *entries, int32_t x, int32_t shift) {
  int32_t i = (x + 32768) >> 7, f = (x + 32768) & 127;
  return (entries[i] * (128 - f) + entries[i + 1] * f + (1 << (shift - 1))) >> shift;
}

static int32_t look_up(const nn_step *step, int32_t channel, int32_t x) {
  const nn_table *table = &step->u.table;
  int32_t first = channel * table->channel_stride;
  if (step->input.element_bytes == 1) {
    return nn_load_element(table->entries, &step->output, first + x);
  }
  int32_t y = interpolate((const int16_t *)table->entries + first, x, table->shift);
  return step->output.element_bytes == 1 ? nn_clamp(y, 0, 255) : y;
}

void nn_table_scalar(const nn_step *step, uint8_t *arena, uint8_t *scratch, nn_range range) {
  (void)scratch;
  for (int32_t row = range.row_begin; row < range.row_end; row++) {
    for (int32_t j = 0; j < step->output.width; j++) {
      const uint8_t *source = nn_pixel(arena, &step->input, row, j);
      uint8_t *destination = nn_pixel(arena, &step->output, row, j);
      for (int32_t channel = 0; channel < step->output.channels; channel++) {
        nn_store_element(destination, &step->output, channel, look_up(step, channel, nn_load_element(source, &step->input, channel)));
      }
    }
  }
}
