// Windows of pooling, operators.md 3.2 and 3.3. Internal to CKernels.
#ifndef NN_WINDOW_H
#define NN_WINDOW_H

#include "views.h"

// The part of a window that lies in the input. Rows count through the batch.
typedef struct nn_window {
  int32_t row_begin, row_end, x_begin, x_end;
} nn_window;

// Of the output pixel (row, j).
static inline nn_window nn_window_of(const nn_step *step, int32_t row, int32_t j) {
  const nn_pool *pool = &step->u.pool;
  int32_t first_row = row / step->output.height * step->input.height;
  int32_t y = row % step->output.height * pool->stride_height - pool->pad_top;
  int32_t x = j * pool->stride_width - pool->pad_left;
  nn_window window = {
    .row_begin = first_row + nn_max(y, 0),
    .row_end = first_row + nn_min(y + pool->kernel_height, step->input.height),
    .x_begin = nn_max(x, 0),
    .x_end = nn_min(x + pool->kernel_width, step->input.width),
  };
  return window;
}

// Elements of one channel.
static inline int32_t nn_window_count(nn_window window) {
  return (window.row_end - window.row_begin) * (window.x_end - window.x_begin);
}

// m_d of (7) for a window with count elements in the input. Fits 31 bits.
static inline int32_t nn_average_multiplier(const nn_pool *pool, int32_t count) {
  int64_t d = pool->count_include_pad ? (int64_t)pool->kernel_height * pool->kernel_width : count;
  return (int32_t)((pool->multiplier + d / 2) / d);
}

// Equation (8) for a sum of x - z_x.
static inline int32_t nn_requantize_sum(const nn_step *step, int32_t sum, int64_t multiplier) {
  int32_t shift = step->u.pool.shift;
  int64_t q = step->output.zero_point + ((sum * multiplier + (INT64_C(1) << (shift - 1))) >> shift);
  int64_t lo = step->output.element_bytes == 1 ? 0 : INT16_MIN, hi = step->output.element_bytes == 1 ? UINT8_MAX : INT16_MAX;
  return (int32_t)(q < lo ? lo : q > hi ? hi : q);
}

#endif
