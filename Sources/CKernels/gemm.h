// Convolutions as matrix products: pixels x output channels x depth. Internal to CKernels.
#ifndef NN_GEMM_H
#define NN_GEMM_H

#include "gather.h"
#include "target.h"

enum { NN_TILE_PANELS_MAX = 4, NN_TILE_ROWS_MAX = 12 };

// One tile of the product: some rows (output pixels) x 1...4 panels of output channels.
typedef struct nn_tile {
  const uint8_t *const *addresses;  // of the rows
  const ptrdiff_t *offsets;         // of the runs of a row from its address
  const int32_t *starts;            // added to the bias, one for each row; null for zeros
  int32_t runs, groups;
  const int8_t *weights;  // of the first panel
  size_t panel_bytes;
  size_t ahead;  // what comes so many bytes after a weight is needed soon
  nn_target target;  // the first row, the first panel
} nn_tile;

typedef void (*nn_tile_kernel)(const nn_tile *tile);

// The tiles of an instruction set. kernel[p - 1][r - 1] computes r rows x p panels, for r up to rows[p - 1]; 0 rows: the
// set has no tile of so many panels.
typedef struct nn_tiles {
  int32_t rows[NN_TILE_PANELS_MAX];
  nn_tile_kernel kernel[NN_TILE_PANELS_MAX][NN_TILE_ROWS_MAX];
  const char *name[NN_TILE_PANELS_MAX];
} nn_tiles;

// The convolution of a step with the tiles of one instruction set; nn_gather_scratch_bytes of scratch.
void nn_gemm(const nn_tiles *tiles, const nn_step *step, uint8_t *arena, uint8_t *scratch, nn_range range);

// The same for rows whose addresses are at hand: row_count of them times the panels of a range. block: the first row.
void nn_gemm_block(const nn_tiles *tiles, const nn_tile *block, const int8_t *weights, nn_range range, int32_t row_count);

// How many panels the next tile takes of those that remain.
int32_t nn_tile_panels(const nn_tiles *tiles, int32_t panels_left);

#endif
