// What all depthwise kernels share: which rows a window covers, which pixels fill a block. Internal to CKernels.
#ifndef NN_DEPTHWISE_H
#define NN_DEPTHWISE_H

#include "pack.h"
#include "target.h"

// Requantisation constants of the slots of a block, in the order of the packed weights: vector q, lane l, 4 channels.
// Multipliers lie as two such vectors pack to words: pair of vectors, lane, vector of the pair, 4 channels.
typedef struct nn_slots {
  _Alignas(64) int32_t bias[NN_DEPTHWISE_BLOCK];
  int32_t shift[NN_DEPTHWISE_BLOCK];
  int16_t multiplier[NN_DEPTHWISE_BLOCK];
} nn_slots;

// One or two output rows under one block of channels.
typedef struct nn_band {
  const nn_step *step;
  int32_t fold;           // adjacent output pixels that fill a block together: 1, or 64 / C
  int32_t output_rows;    // 1 or 2
  int32_t groups;         // of 4 input rows
  const uint8_t **rows;   // 4 * groups input rows, each from the block's first channel on; any row where weights are 0
  const int8_t *weights;  // of the block
  const nn_slots *slots;
  nn_target target;       // the first pixel of the first row, the block's channels
} nn_band;

// The fold of a step. Neighbouring pixels can share a block if their windows lie side by side and 64 channels hold them.
int32_t nn_depthwise_fold(const nn_step *step);

typedef void (*nn_band_kernel)(const nn_band *band);

size_t nn_depthwise_scratch_bytes(const nn_step *step);

// Scratch: nn_depthwise_scratch_bytes.
void nn_depthwise(nn_band_kernel kernel, const nn_step *step, uint8_t *arena, uint8_t *scratch, nn_range range);

#endif
