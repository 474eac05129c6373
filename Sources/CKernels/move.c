// Fills, moves and takes for every instruction set but scalar. A box whose source and destination run along different axes
// is transposed in tiles.
#include "move.h"

#include <string.h>

#include "runs.h"
#include "transpose.h"

// The bytes of a row between channels and stride are filled too, as the view allows.
void nn_fill_bytes(const nn_step *step, uint8_t *arena, uint8_t *scratch, nn_range range) {
  (void)scratch;
  uint8_t *start = nn_pixel(arena, &step->output, range.row_begin, 0);
  size_t byte_count = (size_t)(nn_pixel(arena, &step->output, range.row_end, 0) - start);
  if (step->output.element_bytes == 1) {
    memset(start, step->u.fill.value, byte_count);
    return;
  }
  int16_t *elements = (int16_t *)(void *)start;
  for (size_t i = 0; i < byte_count / 2; i++) {
    elements[i] = (int16_t)step->u.fill.value;
  }
}

static inline __attribute__((always_inline)) void copy_runs_of(const nn_block *block, size_t run) {
  for (int32_t i = 0; i < block->rows; i++) {
    nn_copy_run(block->destination + i * block->destination_row, block->source + i * block->source_row, run);
  }
}

// The shortest runs are a load and a store each.
static void copy_runs(const nn_block *block) {
  size_t run = (size_t)(block->columns * block->element_bytes);
  switch (run) {
  case 2:
    copy_runs_of(block, 2);
    break;
  case 4:
    copy_runs_of(block, 4);
    break;
  case 8:
    copy_runs_of(block, 8);
    break;
  case 16:
    copy_runs_of(block, 16);
    break;
  default:
    copy_runs_of(block, run);
  }
}

static void copy_elements(const nn_block *block) {
  for (int32_t i = 0; i < block->rows; i++) {
    nn_copy_strided(
      block->destination + i * block->destination_row, block->destination_column, block->source + i * block->source_row,
      block->source_column, block->columns, block->element_bytes);
  }
}

static void copy_block(const nn_block *block) {
  ptrdiff_t element = block->element_bytes;
  if (block->source_column == element && block->destination_column == element) {
    copy_runs(block);
  } else if (block->source_row == element && block->destination_column == element) {
    nn_transpose_block(block);
  } else {
    copy_elements(block);
  }
}

void nn_move_bytes(const nn_step *step, uint8_t *arena, uint8_t *scratch, nn_range range) {
  (void)scratch;
  const nn_move *move = &step->u.move;
  const int last = NN_MOVE_AXES - 1;
  int32_t row_count = move->count[last - 1];
  nn_block block = {
    .columns = move->count[last],
    .source_row = move->source_stride[last - 1],
    .source_column = move->source_stride[last],
    .destination_row = move->destination_stride[last - 1],
    .destination_column = move->destination_stride[last],
    .element_bytes = step->output.element_bytes,
  };
  for (int32_t row = range.row_begin; row < range.row_end; row += block.rows) {
    nn_move_place place = nn_move_seek(move, row, last);
    block.source = arena + step->input.offset + place.source;
    block.destination = arena + step->output.offset + place.destination;
    block.rows = nn_min(row_count - row % row_count, range.row_end - row);
    copy_block(&block);
  }
}

static void take_bytes(const nn_take *take, const uint8_t *source, uint8_t *destination, int32_t begin, int32_t end) {
  for (int32_t i = begin; i < end; i++) {
    destination[i] = source[take->indices[i]];
  }
}

static void take_blocks(const nn_take *take, const uint8_t *source, uint8_t *destination, int32_t begin, int32_t end) {
  size_t block_bytes = take->block_bytes;
  for (int32_t i = begin; i < end; i++) {
    nn_copy_run(destination + (size_t)i * block_bytes, source + take->indices[i] * block_bytes, block_bytes);
  }
}

void nn_take_bytes(const nn_step *step, uint8_t *arena, uint8_t *scratch, nn_range range) {
  (void)scratch;
  const nn_take *take = &step->u.take;
  for (int32_t row = range.row_begin; row < range.row_end;) {
    size_t group = (size_t)(row / take->count);
    int32_t begin = row % take->count, end = nn_min(take->count, begin + range.row_end - row);
    const uint8_t *source = arena + step->input.offset + group * take->source_stride;
    uint8_t *destination = arena + step->output.offset + group * take->destination_stride;
    if (take->block_bytes == 1) {
      take_bytes(take, source, destination, begin, end);
    } else {
      take_blocks(take, source, destination, begin, end);
    }
    row += end - begin;
  }
}
