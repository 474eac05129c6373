// Weights from panels (pack.h) into blocks without zeros (sparse.h). Done once, when a model is loaded.
#include "sparse.h"

#include <string.h>

// Inputs of a slice at most: they share a first cache of 32 KB with weights and sums.
enum { SLICE_BYTES = 24 << 10 };

static int32_t depth_of(nn_runs runs) { return runs.count * runs.groups; }

int32_t nn_sparse_slice_groups(int32_t r, int32_t s, int32_t c, size_t pixels) {
  size_t vectors = (pixels + 15) / 16, tiles = (vectors + NN_SPARSE_VECTORS - 1) / NN_SPARSE_VECTORS;
  int32_t most = SLICE_BYTES / ((int32_t)((vectors + tiles - 1) / tiles) * NN_VECTOR_BYTES);
  int32_t depth = depth_of(nn_runs_of(r, s, c));
  return nn_ceil_div(depth, nn_ceil_div(depth, most));
}

static size_t places_of(int32_t k) { return (size_t)nn_ceil_div(k, NN_PANEL) * NN_PANEL; }

// Bytes before the blocks: the groups of a slice, starts, channels.
static size_t places_bytes(int32_t k, int32_t slices) {
  size_t bytes = sizeof(uint32_t) + (size_t)slices * places_of(k) * (sizeof(uint32_t) + 1) + sizeof(uint32_t);
  return nn_round_up(bytes, sizeof(nn_sparse_block));
}

size_t nn_count_blocks(const int8_t *panels, size_t bytes) {
  size_t count = 0;
  for (size_t at = 0; at < bytes; at += 4) {
    int32_t block;
    memcpy(&block, panels + at, sizeof block);
    count += block != 0;
  }
  return count;
}

size_t nn_packed_sparse_bytes(int32_t k, int32_t r, int32_t s, int32_t c, int32_t slice_groups, size_t block_count) {
  int32_t slices = nn_ceil_div(depth_of(nn_runs_of(r, s, c)), slice_groups);
  return places_bytes(k, slices) + block_count * sizeof(nn_sparse_block);
}

nn_sparse_weights nn_sparse_weights_of(const int8_t *packed, int32_t k, nn_runs runs) {
  const uint32_t *words = (const uint32_t *)(const void *)packed;
  nn_sparse_weights weights = {.slice_groups = (int32_t)words[0], .places = (int32_t)places_of(k), .starts = words + 1};
  weights.slices = nn_ceil_div(depth_of(runs), weights.slice_groups);
  size_t place_count = (size_t)weights.slices * (size_t)weights.places;
  weights.channels = (const uint8_t *)(weights.starts + place_count + 1);
  weights.blocks = (const nn_sparse_block *)(const void *)(packed + places_bytes(k, weights.slices));
  return weights;
}

// What is written, as far as it is.
typedef struct nn_sparse_writer {
  uint32_t *starts;
  uint8_t *channels;
  nn_sparse_block *blocks;
  uint32_t block_count;
} nn_sparse_writer;

// One channel's groups of a slice, 4 * NN_PANEL bytes apart.
static void write_channel(nn_sparse_writer *writer, const int8_t *source, int32_t groups) {
  for (int32_t group = 0; group < groups; group++, source += 4 * NN_PANEL) {
    if (nn_count_blocks(source, 4) != 0) {
      nn_sparse_block *block = writer->blocks + writer->block_count++;
      memcpy(block->weights, source, sizeof block->weights);
      block->group = (uint32_t)group;
    }
  }
}

static void write_panel(nn_sparse_writer *writer, const int8_t *source, int32_t groups) {
  int32_t counts[NN_PANEL] = {0};
  for (int32_t group = 0; group < groups; group++) {
    for (int32_t channel = 0; channel < NN_PANEL; channel++) {
      counts[channel] += (int32_t)nn_count_blocks(source + (group * NN_PANEL + channel) * 4, 4);
    }
  }
  for (int32_t count = 0; count <= groups; count++) {
    for (int32_t channel = 0; channel < NN_PANEL; channel++) {
      if (counts[channel] == count) {
        *writer->starts++ = writer->block_count;
        *writer->channels++ = (uint8_t)channel;
        write_channel(writer, source + channel * 4, groups);
      }
    }
  }
}

void nn_pack_sparse(uint8_t *packed, const int8_t *panels, int32_t k, int32_t r, int32_t s, int32_t c, int32_t slice_groups) {
  nn_runs runs = nn_runs_of(r, s, c);
  int32_t slices = nn_ceil_div(depth_of(runs), slice_groups);
  uint32_t *words = (uint32_t *)(void *)packed;
  words[0] = (uint32_t)slice_groups;
  nn_sparse_writer writer = {.starts = words + 1};
  writer.channels = (uint8_t *)(writer.starts + (size_t)slices * places_of(k) + 1);
  writer.blocks = (nn_sparse_block *)(void *)(packed + places_bytes(k, slices));
  for (int32_t slice = 0; slice < slices; slice++) {
    int32_t first = slice * slice_groups, groups = nn_min(slice_groups, depth_of(runs) - first);
    for (int32_t channel = 0; channel < k; channel += NN_PANEL) {
      write_panel(&writer, panels + nn_panel_index(runs, channel, 0, 0) + (size_t)first * 4 * NN_PANEL, groups);
    }
  }
  *writer.starts = writer.block_count;
}
