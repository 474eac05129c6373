// Operators that move elements, look them up or blend neighbours, in plain loops: operators.md 3.6 to 3.12 and 3.19.
#include "move.h"
#include "scalar.h"
#include "views.h"

#include <string.h>

void nn_fill_scalar(const nn_step *step, uint8_t *arena, uint8_t *scratch, nn_range range) {
  (void)scratch;
  for (int32_t row = range.row_begin; row < range.row_end; row++) {
    for (int32_t j = 0; j < step->output.width; j++) {
      for (int32_t channel = 0; channel < step->output.channels; channel++) {
        nn_store_element(nn_pixel(arena, &step->output, row, j), &step->output, channel, step->u.fill.value);
      }
    }
  }
}

void nn_move_scalar(const nn_step *step, uint8_t *arena, uint8_t *scratch, nn_range range) {
  (void)scratch;
  const nn_move *move = &step->u.move;
  const int last = NN_MOVE_AXES - 1;
  for (int32_t row = range.row_begin; row < range.row_end; row++) {
    nn_move_place place = nn_move_seek(move, row, last);
    const uint8_t *source = arena + step->input.offset + place.source;
    uint8_t *destination = arena + step->output.offset + place.destination;
    for (int32_t i = 0; i < move->count[last]; i++) {
      int32_t value = nn_load_element(source + i * move->source_stride[last], &step->input, 0);
      nn_store_element(destination + i * move->destination_stride[last], &step->output, 0, value);
    }
  }
}

void nn_take_scalar(const nn_step *step, uint8_t *arena, uint8_t *scratch, nn_range range) {
  (void)scratch;
  const nn_take *take = &step->u.take;
  for (int32_t row = range.row_begin; row < range.row_end; row++) {
    size_t group = (size_t)(row / take->count), i = (size_t)(row % take->count);
    const uint8_t *source = arena + step->input.offset + group * take->source_stride + take->indices[i] * take->block_bytes;
    uint8_t *destination = arena + step->output.offset + group * take->destination_stride + i * take->block_bytes;
    for (size_t byte = 0; byte < take->block_bytes; byte++) {
      destination[byte] = source[byte];
    }
  }
}

// The elements of an s32 view follow each other without gaps, as its pixels are multiples of 4 bytes. Rows are copied by the
// C library, so that this is the kernel of every instruction set.
void nn_lookup_scalar(const nn_step *step, uint8_t *arena, uint8_t *scratch, nn_range range) {
  (void)scratch;
  const nn_lookup *lookup = &step->u.lookup;
  const int32_t *numbers = (const int32_t *)(const void *)(arena + step->input.offset);
  size_t row_bytes = (size_t)step->output.channels * (size_t)step->output.element_bytes;
  for (int32_t row = range.row_begin; row < range.row_end; row++) {
    for (int32_t j = 0; j < step->output.width; j++) {
      int32_t number = nn_clamp(numbers[(size_t)row * (size_t)step->output.width + (size_t)j], 0, lookup->row_count - 1);
      memcpy(nn_pixel(arena, &step->output, row, j), lookup->table + (size_t)number * row_bytes, row_bytes);
    }
  }
}

// Operators.md 3.12 for one pixel: above and below are the input's rows, f the weight of the one below.
static void resize_pixel(const nn_step *step, uint8_t *arena, int32_t above, int32_t below, int32_t f, int32_t row, int32_t j) {
  uint32_t place = step->u.resize.columns[j];
  int32_t left = (int32_t)(place / 256), right = nn_min(left + 1, step->input.width - 1), g = (int32_t)(place % 256);
  const nn_view *input = &step->input;
  const uint8_t *corner[4] = {
    nn_pixel(arena, input, above, left), nn_pixel(arena, input, above, right), nn_pixel(arena, input, below, left),
    nn_pixel(arena, input, below, right)};
  uint8_t *destination = nn_pixel(arena, &step->output, row, j);
  for (int32_t channel = 0; channel < input->channels; channel++) {
    int32_t upper = (256 - g) * nn_load_element(corner[0], input, channel) + g * nn_load_element(corner[1], input, channel);
    int32_t lower = (256 - g) * nn_load_element(corner[2], input, channel) + g * nn_load_element(corner[3], input, channel);
    nn_store_element(destination, &step->output, channel, ((256 - f) * upper + f * lower + (1 << 15)) >> 16);
  }
}

void nn_resize_scalar(const nn_step *step, uint8_t *arena, uint8_t *scratch, nn_range range) {
  (void)scratch;
  for (int32_t row = range.row_begin; row < range.row_end; row++) {
    nn_resize_rows rows = nn_resize_rows_of(step, row);
    for (int32_t j = 0; j < step->output.width; j++) {
      resize_pixel(step, arena, rows.above, rows.below, rows.f, row, j);
    }
  }
}
