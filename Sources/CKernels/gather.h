// Which bytes of the input each output pixel of a convolution reads. Internal to CKernels.
#ifndef NN_GATHER_H
#define NN_GATHER_H

#include "pack.h"

// A convolution seen as a matrix product: each output pixel is a row, whose depth is cut into runs of consecutive bytes.
// Run n of a pixel is at the pixel's address + offsets[n]. So that this holds at the borders too, an input that is padded
// is first copied with its padding.
typedef struct nn_gather {
  const nn_step *step;
  int32_t runs;          // of an output pixel: R, where the taps of a kernel row lie side by side, or R * S
  int32_t groups;        // of 4 bytes in a run
  int32_t runs_per_row;  // of the kernel: 1 or S
  int32_t is_flat;       // 1: output pixel i reads input pixel i
  int32_t is_copied;
  int32_t is_scattered;  // 1: taps are side by side only in the copy, which repeats them for each output pixel
  size_t row_bytes;      // from a row of the input or the copy to the next
  size_t pixel_bytes;    // from what an output pixel reads to what the next one in its row does
  ptrdiff_t *offsets;
  const uint8_t **addresses;
  uint8_t *copy;
  int32_t first_row;  // output row whose first tap is on the copy's first row
} nn_gather;

// Pixels whose addresses are taken at a time; a multiple of the rows of every tile.
enum { NN_BLOCK_PIXELS = 96 };

// Bytes for offsets, addresses and the copy; 2^40 if they are more than that.
size_t nn_gather_scratch_bytes(const nn_step *step);

nn_gather nn_gather_of(const nn_step *step, uint8_t *scratch);

// Makes the rows from row on readable, as far as row_end if possible; returns one past the last. Needed before nn_gather_block.
int32_t nn_gather_rows(nn_gather *gather, uint8_t *arena, int32_t row, int32_t row_end);

// Fills addresses with those of count output pixels from pixel on, counted through the batch.
// 4 * groups bytes may be read from each run.
void nn_gather_block(const nn_gather *gather, uint8_t *arena, size_t pixel, int32_t count);

#endif
