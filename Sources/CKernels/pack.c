// Weights from the file's order (KRSC) into the kernels' (pack.h). Done once, when a model is loaded.
#include "pack.h"

#include <string.h>

size_t nn_packed_panels_bytes(int32_t k, int32_t r, int32_t s, int32_t c) {
  return (size_t)nn_ceil_div(k, NN_PANEL) * nn_panel_bytes(nn_runs_of(r, s, c));
}

void nn_pack_panels(int8_t *packed, const int8_t *weights, int32_t k, int32_t r, int32_t s, int32_t c) {
  nn_runs runs = nn_runs_of(r, s, c);
  memset(packed, 0, nn_packed_panels_bytes(k, r, s, c));
  for (int32_t channel = 0; channel < k; channel++) {
    for (int32_t run = 0; run < runs.count; run++) {
      // Byte 0 of a group of 4 lies NN_PANEL * 4 before that of the next.
      int8_t *destination = packed + nn_panel_index(runs, channel, run, 0);
      int32_t byte = 0;
      for (; byte + 4 <= runs.bytes; byte += 4) {
        memcpy(destination + byte * NN_PANEL, weights + byte, 4);
      }
      memcpy(destination + byte * NN_PANEL, weights + byte, (size_t)(runs.bytes - byte));
      weights += runs.bytes;
    }
  }
}

size_t nn_packed_depthwise_bytes(int32_t k, int32_t r, int32_t s) {
  return (size_t)nn_depthwise_blocks(k) * nn_depthwise_block_bytes(r, s);
}

// The R x S weights of one channel into its slot of a block.
static void pack_slot(int8_t *block, const int8_t *weights, int32_t r, int32_t s, int32_t slot) {
  for (int32_t phase = 0; phase < NN_DEPTHWISE_PHASES; phase++) {
    for (int32_t tap = 0; tap < r * s; tap++) {
      block[nn_depthwise_index(r, s, slot, phase, tap / s, tap % s)] = weights[tap];
    }
  }
}

void nn_pack_depthwise(int8_t *packed, const int8_t *weights, int32_t k, int32_t r, int32_t s) {
  memset(packed, 0, nn_packed_depthwise_bytes(k, r, s));
  for (int32_t block = 0; block < nn_depthwise_blocks(k); block++) {
    int32_t start = nn_depthwise_start(k, block);
    int32_t slots = nn_min(k * nn_depthwise_copies(k), NN_DEPTHWISE_BLOCK);
    for (int32_t slot = 0; slot < slots; slot++) {
      pack_slot(packed, weights + (size_t)(start + slot % k) * (size_t)(r * s), r, s, slot);
    }
    packed += nn_depthwise_block_bytes(r, s);
  }
}
