// Where elements of nn_move and nn_resize lie, and the kernels that move bytes on every instruction set but scalar.
// Internal to CKernels.
#ifndef NN_MOVE_H
#define NN_MOVE_H

#include "views.h"

void nn_fill_bytes(const nn_step *step, uint8_t *arena, uint8_t *scratch, nn_range range);
void nn_move_bytes(const nn_step *step, uint8_t *arena, uint8_t *scratch, nn_range range);
void nn_take_bytes(const nn_step *step, uint8_t *arena, uint8_t *scratch, nn_range range);

// Bytes from the views' offsets.
typedef struct nn_move_place {
  ptrdiff_t source, destination;
} nn_move_place;

// The place of an index over the first axis_count axes.
static inline nn_move_place nn_move_seek(const nn_move *move, int32_t index, int axis_count) {
  nn_move_place place = {move->source_begin, move->destination_begin};
  for (int axis = axis_count - 1; axis >= 0 && index > 0; axis--) {
    ptrdiff_t i = index % move->count[axis];
    index /= move->count[axis];
    place.source += i * move->source_stride[axis];
    place.destination += i * move->destination_stride[axis];
  }
  return place;
}

// The input's rows an output row lies between, counted through the batch, and the weight of the lower one in 1/256.
typedef struct nn_resize_rows {
  int32_t above, below, f;
} nn_resize_rows;

static inline nn_resize_rows nn_resize_rows_of(const nn_step *step, int32_t row) {
  int32_t first = row / step->output.height * step->input.height;
  uint32_t place = step->u.resize.rows[row % step->output.height];
  int32_t i = (int32_t)(place / 256);
  nn_resize_rows rows = {first + i, first + nn_min(i + 1, step->input.height - 1), (int32_t)(place % 256)};
  return rows;
}

#endif
