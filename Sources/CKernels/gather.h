// Which bytes of the input each output pixel of a convolution reads. Internal to CKernels.
#ifndef NN_GATHER_H
#define NN_GATHER_H

#include "pack.h"

// A convolution seen as a matrix product: each output pixel is a row whose depth is cut into runs of consecutive bytes.
// Where taps lie side by side in the input (dilation 1), one run covers a whole kernel row: runs are few and long.
typedef struct nn_gather {
  const nn_step *step;
  int32_t runs;            // of an output pixel
  int32_t groups;          // of 4 bytes in a run
  int32_t runs_per_row;    // runs of one kernel row: S, or 1
  int32_t taps_per_run;    // 1, or S
  int32_t is_scattered;    // 1: the taps of a run are not side by side in the input
  int32_t is_flat;         // 1: run i of the product is pixel i of the input
  int32_t block_pixels;    // output pixels whose addresses are taken at a time
} nn_gather;

nn_gather nn_gather_of(const nn_step *step);

// Scratch for the addresses of one block and for copies of the runs that straddle the border of the input.
size_t nn_gather_scratch_bytes(const nn_gather *gather);

// Fills the run that stands for rows outside the input. Needed once, before nn_gather_block.
void nn_gather_prepare(const nn_gather *gather, uint8_t *scratch);

// Addresses of the runs of count output pixels from pixel on (counted through the batch): entry run * block_pixels + i.
// 4 * groups bytes may be read from each.
const uint8_t **nn_gather_block(const nn_gather *gather, uint8_t *arena, uint8_t *scratch, size_t pixel, int32_t count);

#endif
