// Internal to CKernels.
#ifndef NN_TRANSPOSE_H
#define NN_TRANSPOSE_H

#include <stddef.h>
#include <stdint.h>

// Rows of a box of elements on their way: distances in bytes.
typedef struct nn_block {
  const uint8_t *source;
  uint8_t *destination;
  int32_t rows, columns;
  ptrdiff_t source_row, source_column, destination_row, destination_column;
  ptrdiff_t element_bytes;  // 1 or 2
} nn_block;

// Moves a block whose source has no gaps between rows and whose destination has none between columns.
void nn_transpose_block(const nn_block *block);

#endif
