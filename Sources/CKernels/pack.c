// Weights from the file's order (KRSC) into the kernels' (pack.h). Done once, when a model is loaded.
#include "pack.h"

#include <string.h>

size_t nn_packed_panels_bytes(int32_t k, int32_t r, int32_t s, int32_t c) {
  return (size_t)nn_ceil_div(k, NN_PANEL) * nn_panel_bytes(nn_runs_of(r, s, c));
}

// Bytes from...from + count - 1 of a run.
static void pack_run(int8_t *run, const int8_t *weights, size_t from, size_t count) {
  size_t end = from + count;
  for (; from < end && from % 4 != 0; from++) {
    run[(from / 4) * 4 * NN_PANEL + from % 4] = *weights++;
  }
  // Byte 0 of a group of 4 lies NN_PANEL * 4 before that of the next.
  for (; from + 4 <= end; from += 4, weights += 4) {
    memcpy(run + from * NN_PANEL, weights, 4);
  }
  memcpy(run + from * NN_PANEL, weights, end - from);
}

void nn_pack_panels(int8_t *packed, const int8_t *weights, size_t first, size_t count, int32_t r, int32_t s, int32_t c) {
  nn_runs runs = nn_runs_of(r, s, c);
  size_t run = first / (size_t)runs.bytes, byte = first % (size_t)runs.bytes;
  for (; count > 0; run++, byte = 0) {
    size_t left = (size_t)runs.bytes - byte, length = count < left ? count : left;
    int32_t channel = (int32_t)(run / (size_t)runs.count);
    pack_run(packed + nn_panel_index(runs, channel, (int32_t)(run % (size_t)runs.count), 0), weights, byte, length);
    weights += length;
    count -= length;
  }
}

size_t nn_packed_depthwise_bytes(int32_t k, int32_t r, int32_t s) {
  return (size_t)nn_depthwise_blocks(k) * nn_depthwise_block_bytes(r, s);
}

// Taps tap...end - 1 of one channel into its slot of a block, for one phase.
static void pack_taps(int8_t *block, const int8_t *weights, int32_t r, int32_t s, int32_t slot, int32_t phase, int32_t tap, int32_t end) {
  size_t column_bytes = nn_depthwise_index(r, s, slot, phase, 0, 1) - nn_depthwise_index(r, s, slot, phase, 0, 0);
  while (tap < end) {
    int32_t row_end = nn_min((tap / s + 1) * s, end);
    int8_t *destination = block + nn_depthwise_index(r, s, slot, phase, tap / s, tap % s);
    for (; tap < row_end; tap++, destination += column_bytes) {
      *destination = *weights++;
    }
  }
}

void nn_pack_depthwise(int8_t *packed, const int8_t *weights, size_t first, size_t count, int32_t k, int32_t r, int32_t s) {
  size_t taps = (size_t)(r * s);
  size_t end = first + count;
  int32_t slots = nn_min(k * nn_depthwise_copies(k), NN_DEPTHWISE_BLOCK);
  // From the first block that holds one of these channels; starts ascend.
  for (int32_t block = (int32_t)(first / taps) / NN_DEPTHWISE_BLOCK; block < nn_depthwise_blocks(k); block++) {
    int32_t start = nn_depthwise_start(k, block);
    if ((size_t)start * taps >= end) {
      break;
    }
    int8_t *destination = packed + (size_t)block * nn_depthwise_block_bytes(r, s);
    for (int32_t slot = 0; slot < slots; slot++) {
      size_t channel = (size_t)(start + slot % k) * taps;
      size_t from = channel > first ? channel : first;
      size_t to = channel + taps < end ? channel + taps : end;
      for (int32_t phase = 0; from < to && phase < NN_DEPTHWISE_PHASES; phase++) {
        pack_taps(destination, weights + (from - first), r, s, slot, phase, (int32_t)(from - channel), (int32_t)(to - channel));
      }
    }
  }
}
