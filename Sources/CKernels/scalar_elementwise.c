// Softmax in plain loops: operators.md 3.4.
#include "scalar.h"
#include "views.h"

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
  uint64_t reciprocal = (UINT64_C(1) << 62) / sum;
  int32_t bits = step->output.element_bytes == 1 ? 8 : 15;
  uint64_t largest = step->output.element_bytes == 1 ? UINT8_MAX : INT16_MAX;
  for (int32_t channel = 0; channel < step->input.channels; channel++) {
    uint64_t e = exponential(table, maximum - nn_load_element(source, &step->input, channel));
    uint64_t share = (e * reciprocal + (UINT64_C(1) << (61 - bits))) >> (62 - bits);
    nn_store_element(destination, &step->output, channel, share > largest ? (int32_t)largest : (int32_t)share);
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
