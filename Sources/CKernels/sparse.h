// Convolutions whose weights are mostly zeros: a lane for each pixel, a product for each block of weights that is not all
// zeros. Internal to CKernels.
#ifndef NN_SPARSE_H
#define NN_SPARSE_H

#include "gather.h"
#include "target.h"

// A tile has vectors of pixels. One group of 4 input bytes for a vector, or one output channel's sums, take so many bytes on
// every instruction set; those of a tile's vectors lie side by side, a column.
enum { NN_SPARSE_VECTORS = 6, NN_VECTOR_BYTES = 64 };

// A block of 4 weights that are not all zeros. One load brings it whole: products wait for loads of inputs.
typedef struct nn_sparse_block {
  int8_t weights[4];
  uint32_t group;  // within the slice
} nn_sparse_block;

// Packed weights without the blocks of 4 neighbours in a run (pack.h) that are all 0: by slice, then panel, then output channel,
// then depth. A slice is as much of the depth as stays in the first cache. Within a panel channels stand in ascending order of their blocks: loops of one length after the other are
// predicted better, the expanding layers of EfficientNet-Lite0 gain a fifth.
typedef struct nn_sparse_weights {
  int32_t slices;
  int32_t slice_groups;     // of the depth, of 4 bytes
  int32_t places;           // of a slice: channels in whole panels
  const uint32_t *starts;   // the first block of each place of each panel of each slice; one more at the end
  const uint8_t *channels;  // of each place: the channel within its panel
  const nn_sparse_block *blocks;
} nn_sparse_weights;

nn_sparse_weights nn_sparse_weights_of(const int8_t *packed, int32_t k, nn_runs runs);

// What one panel of output channels adds to the sums of one tile of pixels in one slice.
typedef struct nn_sparse_tile {
  const uint32_t *starts;  // of the panel's places in the slice
  const uint8_t *channels;
  const nn_sparse_block *blocks;
  const uint8_t *inputs;  // of the slice, as `transpose` leaves them
  uint8_t *sums;          // a column for each channel
  int32_t is_first, is_last;  // slice: the sums start from the bias, are stored
  int32_t pixel_count;
  nn_target target;  // the first pixel, the panel
} nn_sparse_tile;

typedef void (*nn_sparse_kernel)(const nn_sparse_tile *tile);

// The weights of a block in one register, and where its inputs are.
static inline int32_t nn_sparse_block_load(const nn_sparse_tile *tile, uint32_t n, size_t column_bytes, const uint8_t **inputs) {
  uint64_t block;
  __builtin_memcpy(&block, tile->blocks + n, sizeof block);
  *inputs = tile->inputs + (size_t)(block >> 32) * column_bytes;
  return (int32_t)block;
}

// How an instruction set does it.
typedef struct nn_sparse_set {
  int32_t pixels;   // of a vector
  int32_t vectors;  // of a tile, at most
  // Puts up to `pixels` groups of a vector of pixels, read from their addresses + at, column_bytes apart.
  void (*transpose)(const uint8_t *const *addresses, ptrdiff_t at, int32_t groups, uint8_t *inputs, size_t column_bytes);
  nn_sparse_kernel multiply[NN_SPARSE_VECTORS];  // by the number of vectors
} nn_sparse_set;

void nn_sparse(const nn_sparse_set *set, const nn_step *step, uint8_t *arena, uint8_t *scratch, nn_range range);
size_t nn_sparse_scratch_bytes(const nn_step *step);

#endif
