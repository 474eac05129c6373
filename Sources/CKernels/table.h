// How vector kernels of table walk their range. Internal to CKernels.
#ifndef NN_TABLE_H
#define NN_TABLE_H

#include "views.h"

// Stretches of elements that lie one after the other in input and output.
typedef struct nn_stretches {
  const uint8_t *input;
  uint8_t *output;
  size_t count;                       // stretches
  size_t length;                      // elements of each
  size_t input_stride, output_stride; // bytes from a stretch to the next
} nn_stretches;

// One table for all channels and strides in proportion make the range one stretch: elements between channels and stride are
// computed too, as the view allows. Otherwise a pixel is one.
static inline nn_stretches nn_table_stretches(const nn_step *step, uint8_t *arena, nn_range range) {
  const nn_view *input = &step->input, *output = &step->output;
  nn_stretches stretches = {
    .input = nn_pixel(arena, input, range.row_begin, 0),
    .output = nn_pixel(arena, output, range.row_begin, 0),
    .count = (size_t)(range.row_end - range.row_begin) * (size_t)output->width,
    .length = (size_t)output->channels,
    .input_stride = (size_t)input->pixel_stride,
    .output_stride = (size_t)output->pixel_stride,
  };
  int is_alike = input->pixel_stride * output->element_bytes == output->pixel_stride * input->element_bytes;
  if (step->u.table.channel_stride == 0 && is_alike) {
    stretches.length = stretches.count * (size_t)(input->pixel_stride / input->element_bytes);
    stretches.count = 1;
  }
  return stretches;
}

// u8 input, a table for each channel.
void nn_table_by_channel(const nn_step *step, uint8_t *arena, nn_range range);

#endif
