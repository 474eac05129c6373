// Where the sums of a convolution go. Internal to CKernels.
#ifndef NN_TARGET_H
#define NN_TARGET_H

#include "views.h"

// Some pixels of the output, at a fixed distance from each other, and some of their channels.
typedef struct nn_target {
  const nn_epilogue *epilogue;
  int32_t channel;        // first output channel
  int32_t channel_count;  // may end within a panel
  int32_t zero_point;     // of the output
  int32_t element_bytes;  // of the output
  uint8_t *output;        // first pixel, first channel
  size_t output_stride;   // bytes from a pixel to the next
  const uint8_t *residual;  // as output; the stride is 0 without one
  size_t residual_stride;
} nn_target;

static inline nn_target nn_target_of(const nn_step *step) {
  nn_target target = {
    .epilogue = &step->u.conv.epilogue,
    .channel_count = step->output.channels,
    .zero_point = step->output.zero_point,
    .element_bytes = step->output.element_bytes,
    .output_stride = (size_t)step->output.pixel_stride,
    .residual_stride = step->u.conv.epilogue.residual_multiplier == 0 ? 0 : (size_t)step->other.pixel_stride,
  };
  return target;
}

// To the output pixel with this number, counted through the batch.
static inline void nn_target_seek(nn_target *target, const nn_step *step, uint8_t *arena, size_t pixel) {
  target->output = arena + step->output.offset + pixel * target->output_stride;
  target->residual = arena + step->other.offset + pixel * target->residual_stride;
}

static inline void nn_target_advance(nn_target *target, size_t pixels) {
  target->output += pixels * target->output_stride;
  target->residual += pixels * target->residual_stride;
}

// The part of the target that starts at a channel and has at most count of them.
static inline nn_target nn_target_columns(const nn_target *target, int32_t channel, int32_t count) {
  nn_target part = *target;
  part.channel += channel;
  part.channel_count = nn_min(count, target->channel_count - channel);
  part.output += (size_t)channel * (size_t)target->element_bytes;
  part.residual += target->residual_stride == 0 ? 0 : channel;
  return part;
}

// u8 without residual: the case that kernels handle in registers.
static inline int nn_target_is_plain(const nn_target *target) { return target->residual_stride == 0 && target->element_bytes == 1; }

#endif
