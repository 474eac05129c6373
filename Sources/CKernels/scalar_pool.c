// Pooling in plain loops: operators.md 3.2, 3.3.
#include "scalar.h"
#include "window.h"

static int32_t window_maximum(const nn_step *step, uint8_t *arena, nn_window window, int32_t channel) {
  int32_t maximum = INT16_MIN;
  for (int32_t row = window.row_begin; row < window.row_end; row++) {
    for (int32_t x = window.x_begin; x < window.x_end; x++) {
      maximum = nn_max(maximum, nn_load_element(nn_pixel(arena, &step->input, row, x), &step->input, channel));
    }
  }
  return maximum;
}

void nn_max_pool_scalar(const nn_step *step, uint8_t *arena, uint8_t *scratch, nn_range range) {
  (void)scratch;
  for (int32_t row = range.row_begin; row < range.row_end; row++) {
    for (int32_t j = 0; j < step->output.width; j++) {
      nn_window window = nn_window_of(step, row, j);
      uint8_t *output = nn_pixel(arena, &step->output, row, j);
      for (int32_t channel = 0; channel < step->output.channels; channel++) {
        nn_store_element(output, &step->output, channel, window_maximum(step, arena, window, channel));
      }
    }
  }
}

static int32_t window_sum(const nn_step *step, uint8_t *arena, nn_window window, int32_t channel) {
  int32_t sum = 0;
  for (int32_t row = window.row_begin; row < window.row_end; row++) {
    for (int32_t x = window.x_begin; x < window.x_end; x++) {
      sum += nn_load_element(nn_pixel(arena, &step->input, row, x), &step->input, channel) - step->input.zero_point;
    }
  }
  return sum;
}

void nn_average_pool_scalar(const nn_step *step, uint8_t *arena, uint8_t *scratch, nn_range range) {
  (void)scratch;
  for (int32_t row = range.row_begin; row < range.row_end; row++) {
    for (int32_t j = 0; j < step->output.width; j++) {
      nn_window window = nn_window_of(step, row, j);
      int64_t multiplier = nn_average_multiplier(&step->u.pool, nn_window_count(window));
      uint8_t *output = nn_pixel(arena, &step->output, row, j);
      for (int32_t channel = 0; channel < step->output.channels; channel++) {
        nn_store_element(output, &step->output, channel, nn_requantize_sum(step, window_sum(step, arena, window, channel), multiplier));
      }
    }
  }
}
