#include "gemm.h"

// 5 panels are 3 + 2 rather than 4 + 1: the narrower a tile, the more loads it needs for each product.
int32_t nn_tile_panels(const nn_tiles *tiles, int32_t panels_left) {
  int32_t widest = NN_TILE_PANELS_MAX;
  while (tiles->rows[widest - 1] == 0) {
    widest--;
  }
  if (panels_left <= widest) {
    return panels_left;
  }
  return panels_left == widest + 1 ? (widest + 2) / 2 : widest;
}

// All rows of a block in tiles of one width. Meanwhile the panels after these, next_panels of them, are fetched, one by
// each tile.
static void run_tiles(const nn_tiles *tiles, nn_tile *tile, int32_t panels, int32_t next_panels, int32_t row_count) {
  int32_t step_rows = tiles->rows[panels - 1];
  for (int32_t row = 0, number = 0; row < row_count; row += step_rows, number++) {
    int32_t rows = nn_min(step_rows, row_count - row);
    tile->ahead = number < next_panels && row_count > step_rows ? (size_t)(panels + number) * tile->panel_bytes : 0;
    tiles->kernel[panels - 1][rows - 1](tile);
    tile->addresses += rows;
    tile->starts = tile->starts ? tile->starts + rows : 0;
    nn_target_advance(&tile->target, (size_t)rows);
  }
}

void nn_gemm_block(const nn_tiles *tiles, const nn_tile *block, const int8_t *weights, nn_range range, int32_t row_count) {
  int32_t panels;
  for (int32_t panel = range.column_begin; panel < range.column_end; panel += panels) {
    panels = nn_tile_panels(tiles, range.column_end - panel);
    nn_tile tile = *block;
    tile.weights = weights + (size_t)panel * tile.panel_bytes;
    tile.target = nn_target_columns(&block->target, panel * NN_PANEL, panels * NN_PANEL);
    int32_t left = range.column_end - panel - panels;
    run_tiles(tiles, &tile, panels, left > 0 ? nn_tile_panels(tiles, left) : 0, row_count);
  }
}

// Rows of a block, so that the last block is about as large as the others: each block reads all weights once.
static size_t balanced_block(size_t rows) {
  size_t blocks = (rows + NN_BLOCK_PIXELS - 1) / NN_BLOCK_PIXELS;
  return blocks <= 1 ? NN_BLOCK_PIXELS : nn_round_up((rows + blocks - 1) / blocks, NN_TILE_ROWS_MAX);
}

// Pixels pixel...end - 1, all of them readable.
static void run_pixels(const nn_tiles *tiles, const nn_gather *gather, nn_tile *block, uint8_t *arena, nn_range range, size_t pixel,
                       size_t end) {
  size_t block_rows = balanced_block(end - pixel);
  for (; pixel < end; pixel += block_rows) {
    int32_t rows = (int32_t)(end - pixel < block_rows ? end - pixel : block_rows);
    nn_gather_block(gather, arena, pixel, rows);
    nn_target_seek(&block->target, gather->step, arena, pixel);
    nn_gemm_block(tiles, block, gather->step->u.conv.weights, range, rows);
  }
}

void nn_gemm(const nn_tiles *tiles, const nn_step *step, uint8_t *arena, uint8_t *scratch, nn_range range) {
  nn_gather gather = nn_gather_of(step, scratch);
  nn_tile block = {
    .addresses = gather.addresses,
    .offsets = gather.offsets,
    .runs = gather.runs,
    .groups = gather.groups,
    .panel_bytes = (size_t)gather.runs * (size_t)gather.groups * 4 * NN_PANEL,
    .target = nn_target_of(step),
  };
  size_t width = (size_t)step->output.width;
  for (int32_t row = range.row_begin, row_end; row < range.row_end; row = row_end) {
    row_end = nn_gather_rows(&gather, arena, row, range.row_end);
    run_pixels(tiles, &gather, &block, arena, range, (size_t)row * width, (size_t)row_end * width);
  }
}
