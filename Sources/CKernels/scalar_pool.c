// Pooling in plain loops: operators.md 3.2, 3.3.
#include "scalar.h"
#include "views.h"

// The part of a window that lies in the input, in input coordinates of one image.
typedef struct nn_window {
  int32_t y_begin, y_end, x_begin, x_end;
} nn_window;

static nn_window window_of(const nn_step *step, int32_t i, int32_t j) {
  const nn_pool *pool = &step->u.pool;
  int32_t y = i * pool->stride_height - pool->pad_top, x = j * pool->stride_width - pool->pad_left;
  nn_window window = {
    nn_max(y, 0), nn_min(y + pool->kernel_height, step->input.height),
    nn_max(x, 0), nn_min(x + pool->kernel_width, step->input.width),
  };
  return window;
}

static int32_t window_maximum(const nn_step *step, uint8_t *arena, int32_t row, int32_t j, int32_t channel) {
  int32_t image = row / step->output.height;
  nn_window window = window_of(step, row % step->output.height, j);
  int32_t maximum = INT16_MIN;
  for (int32_t y = window.y_begin; y < window.y_end; y++) {
    for (int32_t x = window.x_begin; x < window.x_end; x++) {
      const uint8_t *pixel = nn_pixel(arena, &step->input, image * step->input.height + y, x);
      maximum = nn_max(maximum, nn_load_element(pixel, &step->input, channel));
    }
  }
  return maximum;
}

void nn_max_pool_scalar(const nn_step *step, uint8_t *arena, uint8_t *scratch, nn_range range) {
  (void)scratch;
  for (int32_t row = range.row_begin; row < range.row_end; row++) {
    for (int32_t j = 0; j < step->output.width; j++) {
      uint8_t *destination = nn_pixel(arena, &step->output, row, j);
      for (int32_t channel = 0; channel < step->output.channels; channel++) {
        nn_store_element(destination, &step->output, channel, window_maximum(step, arena, row, j, channel));
      }
    }
  }
}

// Equations (7) and (8).
static int32_t window_average(const nn_step *step, uint8_t *arena, int32_t row, int32_t j, int32_t channel) {
  const nn_pool *pool = &step->u.pool;
  int32_t image = row / step->output.height;
  nn_window window = window_of(step, row % step->output.height, j);
  int32_t divisor = (window.y_end - window.y_begin) * (window.x_end - window.x_begin);
  int32_t sum = -divisor * step->input.zero_point;
  for (int32_t y = window.y_begin; y < window.y_end; y++) {
    for (int32_t x = window.x_begin; x < window.x_end; x++) {
      sum += nn_pixel(arena, &step->input, image * step->input.height + y, x)[channel];
    }
  }
  return nn_requantize_sum(pool, sum, divisor, step->output.zero_point);
}

void nn_average_pool_scalar(const nn_step *step, uint8_t *arena, uint8_t *scratch, nn_range range) {
  (void)scratch;
  for (int32_t row = range.row_begin; row < range.row_end; row++) {
    for (int32_t j = 0; j < step->output.width; j++) {
      uint8_t *destination = nn_pixel(arena, &step->output, row, j);
      for (int32_t channel = 0; channel < step->output.channels; channel++) {
        destination[channel] = (uint8_t)window_average(step, arena, row, j, channel);
      }
    }
  }
}
