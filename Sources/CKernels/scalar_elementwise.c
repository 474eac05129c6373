// Operators that look at one element, or one pixel, at a time, in plain loops: operators.md 3.1 and 3.4.
#include "scalar.h"
#include "views.h"

void nn_add_scalar(const nn_step *step, uint8_t *arena, uint8_t *scratch, nn_range range) {
  (void)scratch;
  const nn_add *add = &step->u.add;
  for (int32_t row = range.row_begin; row < range.row_end; row++) {
    for (int32_t j = 0; j < step->output.width; j++) {
      const uint8_t *a = nn_pixel(arena, &step->input, row, j), *b = nn_pixel(arena, &step->other, row, j);
      uint8_t *destination = nn_pixel(arena, &step->output, row, j);
      for (int32_t channel = 0; channel < step->output.channels; channel++) {
        int32_t sum = a[channel] * add->multiplier_a + b[channel] * add->multiplier_b + add->c;
        destination[channel] = (uint8_t)nn_clamp(sum >> add->shift, add->lo, add->hi);
      }
    }
  }
}

// e_i of (9) for the distance d_i from the largest element.
static uint64_t exponential(const uint32_t *table, int32_t distance) {
  return (uint64_t)table[distance / 256] * table[256 + distance % 256] >> 31;
}

// Equations (9) and (10) for one pixel.
static void softmax_pixel(const nn_step *step, const uint8_t *source, uint8_t *destination) {
  const uint32_t *table = step->u.softmax.exponential;
  int32_t maximum = INT16_MIN;
  for (int32_t channel = 0; channel < step->input.channels; channel++) {
    maximum = nn_max(maximum, nn_load_element(source, &step->input, channel));
  }
  uint64_t sum = 0;
  for (int32_t channel = 0; channel < step->input.channels; channel++) {
    sum += exponential(table, maximum - nn_load_element(source, &step->input, channel));
  }
  for (int32_t channel = 0; channel < step->input.channels; channel++) {
    uint64_t e = exponential(table, maximum - nn_load_element(source, &step->input, channel));
    uint64_t share = ((e << 15) + sum / 2) / sum;
    nn_store_element(destination, &step->output, channel, share > INT16_MAX ? INT16_MAX : (int32_t)share);
  }
}

void nn_softmax_scalar(const nn_step *step, uint8_t *arena, uint8_t *scratch, nn_range range) {
  (void)scratch;
  for (int32_t row = range.row_begin; row < range.row_end; row++) {
    for (int32_t j = 0; j < step->output.width; j++) {
      softmax_pixel(step, nn_pixel(arena, &step->input, row, j), nn_pixel(arena, &step->output, row, j));
    }
  }
}
