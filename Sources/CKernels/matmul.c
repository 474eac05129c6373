// Products of two activations by the tiles of an instruction set. The right matrix is packed as weights are, when it is known:
//
//   sum((a - z_a) * (b - z_b)) = sum(a * b') - beta * sum(a) + z_a * (depth * beta - sum(b'))
//
// with b' = b - 128, which is s8, and beta = z_b - 128. The second term is one number for each row, the third for each column.
// A left side of s16 has zero point 0 and is multiplied with b - z_b itself.
#include "matmul.h"

#include "scalar.h"

// What lies in the scratch, and a tile for the first row of a block.
typedef struct nn_product {
  const nn_matmul_set *set;
  const nn_step *step;
  int32_t is_wide;
  int32_t panels, groups;
  const uint8_t **addresses;
  int32_t *starts;
  int32_t *bias, *multiplier, *shift;  // one for each column, in whole panels
  int8_t *packed;
  nn_epilogue epilogue;
} nn_product;

enum {
  ADDRESSES_BYTES = NN_BLOCK_PIXELS * sizeof(uint8_t *),
  STARTS_BYTES = NN_BLOCK_PIXELS * sizeof(int32_t),
};

static int32_t panels_of(const nn_step *step) { return nn_ceil_div(step->u.matmul.columns, NN_PANEL); }
static int32_t groups_of(const nn_step *step) { return nn_ceil_div(step->u.matmul.depth * step->input.element_bytes, 4); }
static size_t column_array_bytes(const nn_step *step) { return (size_t)panels_of(step) * NN_PANEL * sizeof(int32_t); }
static size_t panel_bytes(int32_t groups) { return (size_t)groups * 4 * NN_PANEL; }

size_t nn_matmul_scratch_bytes(const nn_step *step) {
  return ADDRESSES_BYTES + STARTS_BYTES + 3 * column_array_bytes(step) + (size_t)panels_of(step) * panel_bytes(groups_of(step));
}

static nn_product product_of(const nn_matmul_set *set, const nn_step *step, uint8_t *scratch) {
  const nn_matmul *matmul = &step->u.matmul;
  nn_product product = {.set = set, .step = step, .is_wide = step->input.element_bytes == 2};
  product.panels = panels_of(step);
  product.groups = groups_of(step);
  product.addresses = (const uint8_t **)(void *)scratch;
  product.starts = (int32_t *)(void *)(scratch + ADDRESSES_BYTES);
  product.bias = product.starts + NN_BLOCK_PIXELS;
  product.multiplier = product.bias + product.panels * NN_PANEL;
  product.shift = product.multiplier + product.panels * NN_PANEL;
  product.packed = (int8_t *)(product.shift + product.panels * NN_PANEL);
  for (int32_t column = 0; column < product.panels * NN_PANEL; column++) {
    product.bias[column] = matmul->shift == 0 ? 0 : 1 << (matmul->shift - 1);
    product.multiplier[column] = matmul->multiplier;
    product.shift[column] = matmul->shift;
  }
  product.epilogue = (nn_epilogue){
    .bias = product.bias,
    .multiplier = product.multiplier,
    .shift = product.shift,
    .c = (1 << 14) + step->output.zero_point * (1 << 15),
    .lo = matmul->lo,
    .hi = matmul->hi,
  };
  return product;
}

// The panels of a range, and what the bias of their columns becomes.
static void pack(const nn_product *product, uint8_t *arena, size_t matrix, nn_range range) {
  const nn_step *step = product->step;
  const nn_matmul *matmul = &step->u.matmul;
  size_t pixels = (size_t)(matmul->transpose_b ? matmul->columns : matmul->depth);
  nn_right right = {
    .source = nn_pixel_number(arena, &step->other, matrix * pixels),
    .stride = (size_t)step->other.pixel_stride,
    .columns = matmul->columns,
    .depth = matmul->depth,
    .zero_point = step->other.zero_point,
  };
  const nn_packer *packers = matmul->transpose_b ? product->set->pack_columns : product->set->pack_rows;
  int32_t beta = step->other.zero_point - 128, half = matmul->shift == 0 ? 0 : 1 << (matmul->shift - 1);
  for (int32_t panel = range.column_begin; panel < range.column_end; panel++) {
    int8_t *packed = product->packed + (size_t)panel * panel_bytes(product->groups);
    packers[product->is_wide](&right, panel * NN_PANEL, packed);
    if (!product->is_wide) {
      int32_t sums[NN_PANEL], *bias = product->bias + panel * NN_PANEL;
      product->set->sum_panel(packed, product->groups, sums);
      int32_t count = nn_min(NN_PANEL, matmul->columns - panel * NN_PANEL);
      for (int32_t column = 0; column < count; column++) {
        bias[column] = half + step->input.zero_point * (matmul->depth * beta - sums[column]);
      }
    }
  }
}

static int32_t byte_sum(const uint8_t *bytes, int32_t count) {
  int32_t sum = 0;
  for (int32_t i = 0; i < count; i++) {
    sum += bytes[i];
  }
  return sum;
}

// At most NN_BLOCK_PIXELS rows of a from a_pixel on; pixel: of the output.
static void run_rows(const nn_product *product, uint8_t *arena, size_t a_pixel, size_t pixel, int32_t row_count, nn_range range) {
  static const ptrdiff_t no_offset = 0;
  const nn_step *step = product->step;
  int32_t beta = step->other.zero_point - 128;
  for (int32_t row = 0; row < row_count; row++) {
    product->addresses[row] = nn_pixel_number(arena, &step->input, a_pixel + (size_t)row);
    if (!product->is_wide) {
      product->starts[row] = -beta * byte_sum(product->addresses[row], step->u.matmul.depth);
    }
  }
  nn_tile block = {
    .addresses = product->addresses,
    .offsets = &no_offset,
    .starts = product->is_wide ? 0 : product->starts,
    .runs = 1,
    .groups = product->groups,
    .panel_bytes = panel_bytes(product->groups),
    .target = {
      .epilogue = &product->epilogue,
      .channel_count = step->output.channels,
      .zero_point = step->output.zero_point,
      .element_bytes = step->output.element_bytes,
      .output_stride = (size_t)step->output.pixel_stride,
    },
  };
  nn_target_seek(&block.target, step, arena, pixel);
  nn_gemm_block(product->set->tiles[product->is_wide], &block, product->packed, range, row_count);
}

void nn_matmul_with(const nn_matmul_set *set, const nn_step *step, uint8_t *arena, uint8_t *scratch, nn_range range) {
  const nn_matmul *matmul = &step->u.matmul;
  if (step->input.pixel_stride < 4) {  // rows are read in groups of 4 bytes
    nn_matmul_scalar(step, arena, scratch, range);
    return;
  }
  nn_product product = product_of(set, step, scratch);
  int32_t pixel = range.row_begin * step->output.width, end = range.row_end * step->output.width;
  size_t packed_matrix = SIZE_MAX;
  while (pixel < end) {
    nn_factors factors = nn_factors_of(matmul, pixel / matmul->rows);
    if (factors.b != packed_matrix) {
      pack(&product, arena, factors.b, range);
      packed_matrix = factors.b;
    }
    int32_t row = pixel % matmul->rows;
    int32_t count = nn_min(nn_min(matmul->rows - row, end - pixel), NN_BLOCK_PIXELS);
    run_rows(&product, arena, factors.a * (size_t)matmul->rows + (size_t)row, (size_t)pixel, count, range);
    pixel += count;
  }
}
