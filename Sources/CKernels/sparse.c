#include "sparse.h"

// One call of the kernel.
typedef struct nn_sparse_work {
  const nn_sparse_set *set;
  nn_gather gather;
  nn_sparse_weights weights;
  int32_t depth;    // groups
  uint8_t *inputs;  // of one slice
  uint8_t *sums;    // of one panel, or of all where a sum takes several slices
  nn_range range;
  nn_target target;
} nn_sparse_work;

// The longest column, the sums of a panel.
enum { COLUMN_BYTES = NN_SPARSE_VECTORS * NN_VECTOR_BYTES, PANEL_SUM_BYTES = NN_PANEL * COLUMN_BYTES };

static nn_runs runs_of(const nn_step *step) {
  return nn_runs_of(step->u.conv.kernel_height, step->u.conv.kernel_width, step->input.channels);
}

static nn_sparse_weights weights_of(const nn_step *step) {
  return nn_sparse_weights_of(step->u.conv.weights, step->output.channels, runs_of(step));
}

static size_t input_bytes(const nn_sparse_weights *weights) { return (size_t)weights->slice_groups * COLUMN_BYTES; }

size_t nn_sparse_scratch_bytes(const nn_step *step) {
  nn_sparse_weights weights = weights_of(step);
  size_t panels = weights.slices == 1 ? 1 : (size_t)weights.places / NN_PANEL;
  return nn_gather_scratch_bytes(step) + input_bytes(&weights) + panels * PANEL_SUM_BYTES;
}

// Groups first...end - 1 of the depth, for vectors of pixels whose addresses are at hand.
static void transpose_slice(const nn_sparse_work *work, int32_t vectors, int32_t first, int32_t end) {
  const nn_gather *gather = &work->gather;
  int32_t pixels = work->set->pixels;
  size_t column_bytes = (size_t)vectors * NN_VECTOR_BYTES;
  uint8_t *inputs = work->inputs;
  for (int32_t group = first, count; group < end; group += count, inputs += (size_t)count * column_bytes) {
    int32_t run = group / gather->groups, in_run = group % gather->groups;
    count = nn_min(pixels, nn_min(gather->groups - in_run, end - group));
    for (int32_t v = 0; v < vectors; v++) {
      work->set->transpose(gather->addresses + v * pixels, gather->offsets[run] + in_run * 4, count, inputs + v * NN_VECTOR_BYTES,
                           column_bytes);
    }
  }
}

static void run_slice(const nn_sparse_work *work, int32_t slice, int32_t vectors, int32_t pixel_count) {
  nn_sparse_tile tile = {
    .blocks = work->weights.blocks,
    .inputs = work->inputs,
    .sums = work->sums,
    .is_first = slice == 0,
    .is_last = slice == work->weights.slices - 1,
    .pixel_count = pixel_count,
  };
  for (int32_t panel = work->range.column_begin; panel < work->range.column_end; panel++) {
    size_t place = (size_t)slice * (size_t)work->weights.places + (size_t)panel * NN_PANEL;
    tile.starts = work->weights.starts + place;
    tile.channels = work->weights.channels + place;
    tile.target = nn_target_columns(&work->target, panel * NN_PANEL, NN_PANEL);
    work->set->multiply[vectors - 1](&tile);
    tile.sums += work->weights.slices == 1 ? 0 : PANEL_SUM_BYTES;
  }
}

// pixel_count pixels, of at most as many vectors as the set's tiles have, all readable.
static void run_tile(nn_sparse_work *work, uint8_t *arena, size_t pixel, int32_t pixel_count) {
  int32_t vectors = nn_ceil_div(pixel_count, work->set->pixels);
  nn_gather_block(&work->gather, arena, pixel, pixel_count);
  for (int32_t i = pixel_count; i < vectors * work->set->pixels; i++) {
    work->gather.addresses[i] = work->gather.addresses[pixel_count - 1];
  }
  nn_target_seek(&work->target, work->gather.step, arena, pixel);
  for (int32_t slice = 0; slice < work->weights.slices; slice++) {
    int32_t first = slice * work->weights.slice_groups;
    transpose_slice(work, vectors, first, nn_min(first + work->weights.slice_groups, work->depth));
    run_slice(work, slice, vectors, pixel_count);
  }
}

// Pixels pixel...end - 1, in tiles of about as many vectors each: those of one are slower.
static void run_pixels(nn_sparse_work *work, uint8_t *arena, size_t pixel, size_t end) {
  size_t size = (size_t)work->set->pixels, most = (size_t)work->set->vectors;
  while (pixel < end) {
    size_t vectors = (end - pixel + size - 1) / size;
    size_t tiles = (vectors + most - 1) / most;
    size_t count = (vectors + tiles - 1) / tiles * size;
    count = count < end - pixel ? count : end - pixel;
    run_tile(work, arena, pixel, (int32_t)count);
    pixel += count;
  }
}

void nn_sparse(const nn_sparse_set *set, const nn_step *step, uint8_t *arena, uint8_t *scratch, nn_range range) {
  nn_runs runs = runs_of(step);
  nn_sparse_work work = {
    .set = set,
    .gather = nn_gather_of(step, scratch),
    .weights = weights_of(step),
    .depth = runs.count * runs.groups,
    .inputs = scratch + nn_gather_scratch_bytes(step),
    .range = range,
    .target = nn_target_of(step),
  };
  work.sums = work.inputs + input_bytes(&work.weights);
  size_t width = (size_t)step->output.width;
  for (int32_t row = range.row_begin, row_end; row < range.row_end; row = row_end) {
    row_end = nn_gather_rows(&work.gather, arena, row, range.row_end);
    run_pixels(&work, arena, (size_t)row * width, (size_t)row_end * width);
  }
}
