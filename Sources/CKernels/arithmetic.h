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

#endif
