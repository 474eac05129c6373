// Normalisation of each pixel in plain loops: operators.md 3.18.
#include "layer_norm.h"
#include "scalar.h"

static nn_row row_of(const nn_step *step, const uint8_t *source) {
  int64_t sum = 0, squares = 0;
  for (int32_t channel = 0; channel < step->input.channels; channel++) {
    int64_t x = nn_load_element(source, &step->input, channel) - step->input.zero_point;
    sum += x;
    squares += x * x;
  }
  return nn_row_of(step, sum, squares);
}

// Equations (20) and (21) for one element.
static int32_t normalized(const nn_step *step, nn_row row, int32_t x, int32_t channel) {
  const nn_layer_norm *norm = &step->u.layer_norm;
  int64_t deviation = (int64_t)(x - step->input.zero_point) * (1 << row.fraction) - row.mean;
  int64_t t = (deviation * row.reciprocal + (INT64_C(1) << (row.shift - 1))) >> row.shift;
  int64_t scaled = (t * norm->gain[channel] + norm->offset[channel] + (1 << (norm->shift - 1))) >> norm->shift;
  int32_t lo = step->output.element_bytes == 1 ? 0 : INT16_MIN, hi = step->output.element_bytes == 1 ? UINT8_MAX : INT16_MAX;
  return nn_clamp(step->output.zero_point + (int32_t)scaled, lo, hi);
}

void nn_layer_norm_scalar(const nn_step *step, uint8_t *arena, uint8_t *scratch, nn_range range) {
  (void)scratch;
  for (int32_t row = range.row_begin; row < range.row_end; row++) {
    for (int32_t j = 0; j < step->output.width; j++) {
      const uint8_t *source = nn_pixel(arena, &step->input, row, j);
      uint8_t *destination = nn_pixel(arena, &step->output, row, j);
      nn_row factors = row_of(step, source);
      for (int32_t channel = 0; channel < step->output.channels; channel++) {
        int32_t x = nn_load_element(source, &step->input, channel);
        nn_store_element(destination, &step->output, channel, normalized(step, factors, x, channel));
      }
    }
  }
}
