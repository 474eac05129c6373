// Where pixels and weights lie in memory, and the arithmetic all kernels share. Internal to CKernels.
#ifndef NN_VIEWS_H
#define NN_VIEWS_H

#include "CKernels.h"

// First byte of a pixel. row counts through the batch: image * height + row of the image.
static inline uint8_t *nn_pixel(uint8_t *arena, const nn_view *view, int32_t row, int32_t column) {
  return arena + view->offset + ((size_t)row * (size_t)view->width + (size_t)column) * (size_t)view->pixel_stride;
}

// The same for pixels numbered through the batch.
static inline uint8_t *nn_pixel_number(uint8_t *arena, const nn_view *view, size_t pixel) {
  return arena + view->offset + pixel * (size_t)view->pixel_stride;
}

// Element of a pixel: u8 or s16.
static inline int32_t nn_load_element(const uint8_t *pixel, const nn_view *view, int32_t channel) {
  return view->element_bytes == 1 ? pixel[channel] : ((const int16_t *)(const void *)pixel)[channel];
}

static inline void nn_store_element(uint8_t *pixel, const nn_view *view, int32_t channel, int32_t value) {
  if (view->element_bytes == 1) {
    pixel[channel] = (uint8_t)value;
  } else {
    ((int16_t *)(void *)pixel)[channel] = (int16_t)value;
  }
}

static inline int32_t nn_min(int32_t a, int32_t b) { return a < b ? a : b; }
static inline int32_t nn_max(int32_t a, int32_t b) { return a > b ? a : b; }
static inline int32_t nn_clamp(int32_t x, int32_t lo, int32_t hi) { return nn_min(nn_max(x, lo), hi); }
static inline int32_t nn_ceil_div(int32_t a, int32_t b) { return (a + b - 1) / b; }
static inline size_t nn_round_up(size_t x, size_t multiple) { return (x + multiple - 1) / multiple * multiple; }

// Requantisation, operators.md (2) to (6). The accumulator started from epilogue->bias; residual is 0 without one.
static inline int32_t nn_requantize(const nn_epilogue *epilogue, int32_t channel, int32_t accumulator, int32_t residual) {
  int32_t t = nn_clamp(accumulator >> epilogue->shift[channel], INT16_MIN, INT16_MAX);
  int32_t q = (t * epilogue->multiplier[channel] + residual * epilogue->residual_multiplier + epilogue->c) >> 15;
  return nn_clamp(q, epilogue->lo, epilogue->hi);
}

#endif
