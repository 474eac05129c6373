// The operands of elementwise arithmetic, which may repeat along the output. Internal to CKernels.
#ifndef NN_ARITHMETIC_H
#define NN_ARITHMETIC_H

#include "views.h"

// An operand as the output's pixels see it: strides are 0 along the axes on which it repeats.
typedef struct nn_operand {
  const nn_view *view;
  const uint8_t *base;
  int32_t output_height;
  size_t image_stride, row_stride, pixel_stride;  // bytes
  int32_t channel_stride;                         // elements: 1, or 0 for one channel that repeats
} nn_operand;

static inline nn_operand nn_operand_of(const nn_view *view, const nn_view *output, const uint8_t *base, int is_constant) {
  size_t row_bytes = (size_t)view->width * (size_t)view->pixel_stride;
  nn_operand operand = {
    .view = view,
    .base = base,
    .output_height = output->height,
    .image_stride = is_constant ? 0 : (size_t)view->height * row_bytes,
    .row_stride = view->height == output->height ? row_bytes : 0,
    .pixel_stride = view->width == output->width ? (size_t)view->pixel_stride : 0,
    .channel_stride = view->channels == output->channels,
  };
  return operand;
}

static inline nn_operand nn_operand_a(const nn_step *step, const uint8_t *arena) {
  return nn_operand_of(&step->input, &step->output, arena + step->input.offset, 0);
}

// Of requantize, which has no b, it is a again.
static inline nn_operand nn_operand_b(const nn_step *step, const uint8_t *arena) {
  const uint8_t *constant = step->u.arithmetic.constant;
  if (step->u.arithmetic.operation == NN_REQUANTIZE) {
    return nn_operand_a(step, arena);
  }
  return nn_operand_of(&step->other, &step->output, constant ? constant : arena + step->other.offset, constant != 0);
}

// What the output's pixel (row, column) reads; rows count through the batch.
static inline const uint8_t *nn_operand_pixel(const nn_operand *operand, int32_t row, int32_t column) {
  size_t image = (size_t)(row / operand->output_height), image_row = (size_t)(row % operand->output_height);
  return operand->base + image * operand->image_stride + image_row * operand->row_stride + (size_t)column * operand->pixel_stride;
}

static inline int32_t nn_operand_element(const nn_operand *operand, const uint8_t *pixel, int32_t channel) {
  return nn_load_element(pixel, operand->view, channel * operand->channel_stride);
}

// a' or b' of (14): what would not fit 16 bits after the shift is clamped.
static inline int32_t nn_shifted(int32_t value, int32_t shift) {
  return nn_clamp(value, INT16_MIN >> shift, INT16_MAX >> shift) * (1 << shift);
}

// w of (15).
static inline int32_t nn_factor(const nn_step *step, int32_t b) {
  const nn_arithmetic *arithmetic = &step->u.arithmetic;
  return (nn_shifted(b - step->other.zero_point, arithmetic->shift_b) * arithmetic->multiplier + (1 << 14)) >> 15;
}

// ---- For vector kernels: stretches of elements that follow each other ------------------------------------------------

// count elements of the output and of both operands, one for one; those between channels and stride are among them.
typedef struct nn_stretch {
  const uint8_t *a, *b;
  uint8_t *y;
  size_t count;
  int32_t a_bytes, b_bytes;  // of an element: 1 or 2
  int32_t b_is_factor;       // multiply: b holds w of (15)
} nn_stretch;

typedef struct nn_stretch_kernels {
  void (*combine)(const nn_step *step, const nn_stretch *stretch);
  // w of (15) for count elements of b, of the type that step->other says.
  void (*factors)(const nn_step *step, const uint8_t *b, int16_t *w, size_t count);
} nn_stretch_kernels;

size_t nn_arithmetic_scratch_bytes(const nn_step *step);

// Cuts a range into stretches; operands that repeat are first written out, to scratch.
void nn_arithmetic_walk(const nn_step *step, uint8_t *arena, uint8_t *scratch, nn_range range, const nn_stretch_kernels *kernels);

#endif
