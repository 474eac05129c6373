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
  return (size_t)nn_ceil_div(k, NN_DEPTHWISE_BLOCK) * NN_DEPTHWISE_PHASES * nn_depthwise_phase_bytes(r, s);
}

void nn_pack_depthwise(int8_t *packed, const int8_t *weights, int32_t k, int32_t r, int32_t s) {
  memset(packed, 0, nn_packed_depthwise_bytes(k, r, s));
  for (int32_t channel = 0; channel < k; channel++) {
    for (int32_t tap_r = 0; tap_r < r; tap_r++) {
      for (int32_t tap_s = 0; tap_s < s; tap_s++) {
        for (int32_t phase = 0; phase < NN_DEPTHWISE_PHASES; phase++) {
          packed[nn_depthwise_index(r, s, channel, phase, tap_r, tap_s)] = *weights;
        }
        weights++;
      }
    }
  }
}
