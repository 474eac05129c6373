// pad, slice and concat for every instruction set but scalar: the C library's copies are the fastest there are.
#include "copy.h"

#include <string.h>

#include "scalar.h"
#include "views.h"

// The bytes of a row between channels and stride are filled too, as the view allows.
static void fill_row(const nn_view *output, uint8_t *row) {
  if (output->element_bytes == 1) {
    memset(row, output->zero_point, (size_t)output->width * (size_t)output->pixel_stride);
    return;
  }
  int16_t *elements = (int16_t *)(void *)row;
  for (int32_t i = 0; i < output->width * (output->pixel_stride / 2); i++) {
    elements[i] = (int16_t)output->zero_point;
  }
}

// i: row of the part that is copied.
static void copy_row(const nn_step *step, uint8_t *arena, int32_t row, int32_t i) {
  const nn_copy *copy = &step->u.copy;
  const nn_view *input = &step->input, *output = &step->output;
  size_t element_bytes = (size_t)output->element_bytes;
  int32_t source_row = row / output->height * input->height + copy->begin_h + i * copy->step_h;
  const uint8_t *source = nn_pixel(arena, input, source_row, copy->begin_w) + (size_t)copy->begin_c * element_bytes;
  uint8_t *destination = nn_pixel(arena, output, row, copy->destination_w) + (size_t)copy->destination_c * element_bytes;
  int whole_pixels = copy->count_c == input->channels && copy->count_c == output->channels;
  if (whole_pixels && copy->step_w == 1 && input->pixel_stride == output->pixel_stride) {
    memcpy(destination, source, (size_t)copy->count_w * (size_t)output->pixel_stride);
    return;
  }
  for (int32_t j = 0; j < copy->count_w; j++) {
    memcpy(destination, source, (size_t)copy->count_c * element_bytes);
    source += (ptrdiff_t)copy->step_w * input->pixel_stride;
    destination += output->pixel_stride;
  }
}

void nn_copy_bytes(const nn_step *step, uint8_t *arena, uint8_t *scratch, nn_range range) {
  const nn_copy *copy = &step->u.copy;
  if (copy->step_c != 1) {
    nn_copy_scalar(step, arena, scratch, range);
    return;
  }
  for (int32_t row = range.row_begin; row < range.row_end; row++) {
    int32_t i = row % step->output.height - copy->destination_h;
    if (copy->fill) {
      fill_row(&step->output, nn_pixel(arena, &step->output, row, 0));
    }
    if (i >= 0 && i < copy->count_h) {
      copy_row(step, arena, row, i);
    }
  }
}
