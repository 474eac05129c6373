// The packed layouts of weights: what nn_pack_* write and every kernel reads. Internal to CKernels.
#ifndef NN_PACK_H
#define NN_PACK_H

#include "views.h"

// A convolution as a sum over runs: stretches of consecutive bytes of the input. For C of 4 or more a run is the C
// channels of one tap; for C below 4 it is one kernel row, its S taps side by side. Packed weights pad a run with zeros
// to groups of 4 bytes.
typedef struct nn_runs {
  int32_t count;   // runs of an output: R * S, or R
  int32_t bytes;   // of one run: C, or S * C
  int32_t groups;  // of 4 bytes, rounded up
} nn_runs;

static inline nn_runs nn_runs_of(int32_t r, int32_t s, int32_t c) {
  nn_runs runs = {r * s, c, 0};
  if (c < 4) {
    runs.count = r;
    runs.bytes = s * c;
  }
  runs.groups = nn_ceil_div(runs.bytes, 4);
  return runs;
}

// Bytes of the panel of NN_PANEL output channels.
static inline size_t nn_panel_bytes(nn_runs runs) { return (size_t)runs.count * (size_t)runs.groups * 4 * NN_PANEL; }

// Where the weight of output channel k for a byte of a run lies.
static inline size_t nn_panel_index(nn_runs runs, int32_t k, int32_t run, int32_t byte) {
  size_t group = ((size_t)(k / NN_PANEL) * (size_t)runs.count + (size_t)run) * (size_t)runs.groups + (size_t)(byte / 4);
  return (group * NN_PANEL + (size_t)(k % NN_PANEL)) * 4 + (size_t)(byte % 4);
}

// Depthwise weights: for each block of 64 channels, phase 0 and 1, kernel column and group of 4 input rows: 256 bytes.
// Phase p is for the output row whose window starts p rows below the first row of the first group, so that one load of
// 4 rows serves two output rows. The 256 bytes are 4 vectors of 4 lanes of 4 channels of 4 rows; lane l of vector q holds
// slots 16 l + 4 q ... + 3: the order in which byte and word unpacking leaves them.
enum { NN_DEPTHWISE_BLOCK = 64, NN_DEPTHWISE_PHASES = 2, NN_DEPTHWISE_GROUP_BYTES = 256 };

static inline int32_t nn_depthwise_blocks(int32_t channels) { return nn_ceil_div(channels, NN_DEPTHWISE_BLOCK); }

// First channel of a block. The last block ends with the last channel; it may repeat some of the one before.
static inline int32_t nn_depthwise_start(int32_t channels, int32_t block) {
  return nn_max(nn_min(block * NN_DEPTHWISE_BLOCK, channels - NN_DEPTHWISE_BLOCK), 0);
}

// Copies of all channels in the one block of a narrow tensor: neighbouring pixels then fill a block together.
static inline int32_t nn_depthwise_copies(int32_t channels) {
  return NN_DEPTHWISE_BLOCK % channels == 0 ? NN_DEPTHWISE_BLOCK / channels : 1;
}

// Groups of 4 rows that cover a window of either phase.
static inline int32_t nn_depthwise_groups(int32_t r) { return nn_ceil_div(r + 1, 4); }

static inline size_t nn_depthwise_phase_bytes(int32_t r, int32_t s) {
  return (size_t)s * (size_t)nn_depthwise_groups(r) * NN_DEPTHWISE_GROUP_BYTES;
}

static inline size_t nn_depthwise_block_bytes(int32_t r, int32_t s) {
  return NN_DEPTHWISE_PHASES * nn_depthwise_phase_bytes(r, s);
}

// Within a block: the weight of a slot for a tap, seen from a phase.
static inline size_t nn_depthwise_index(int32_t r, int32_t s, int32_t slot, int32_t phase, int32_t tap_r, int32_t tap_s) {
  int32_t group = tap_s * nn_depthwise_groups(r) + (tap_r + phase) / 4;
  int32_t byte = slot % 16 / 4 * 64 + slot / 16 * 16 + slot % 4 * 4 + (tap_r + phase) % 4;
  return (size_t)phase * nn_depthwise_phase_bytes(r, s) + (size_t)group * NN_DEPTHWISE_GROUP_BYTES + (size_t)byte;
}

#endif
