// The float kernels for one vector width. Included by float_kernels.c once for each, with these defined:
//   NN_LANES   floats in a vector
//   NN_ROWS    rows of the largest register tile, 4 or 8; it is NN_ROWS x (3 * NN_LANES) accumulators
//   NN_TARGET  the function attribute that enables the instructions
//   NN_ISA(x)  x with the set's suffix
//
// Lanes run over columns only, so each output is one chain of fmaf in ascending k, whatever the tile and the blocking: a
// chain that is interrupted at a block of depth continues from the exact value stored in c.

typedef float NN_ISA(vector) __attribute__((vector_size(4 * NN_LANES)));
#define VECTOR NN_ISA(vector)
// x - 0, unlike x + 0, keeps the sign of a zero.
#define BROADCAST(x) ((x) - (VECTOR){0})

// A register tile: rows x (vectors * NN_LANES) of c over `depth` rows of the packed panel. rows and vectors are literals at
// each call. c has `columns` columns here; the panel's other lanes are computed and dropped.
NN_TARGET INLINE void NN_ISA(tile)(const float *a, size_t a_pitch, const float *packed, size_t depth, const float *start,
                                   int continues, float *c, size_t c_pitch, size_t columns, const size_t rows,
                                   const size_t vectors) {
  VECTOR sum[NN_ROWS][PANEL_VECTORS];
  float edge[PANEL_VECTORS * NN_LANES] = {0};
  const int is_whole = columns == vectors * NN_LANES;
  UNROLL for (size_t m = 0; m < rows; m++) {
    const float *from = c + m * c_pitch;
    if (continues && !is_whole) from = memcpy(edge, from, columns * sizeof(float));
    UNROLL for (size_t v = 0; v < vectors; v++) {
      if (continues) memcpy(&sum[m][v], from + v * NN_LANES, sizeof(VECTOR));
      else sum[m][v] = BROADCAST(start ? start[m] : 0.0f);
    }
  }
  for (size_t k = 0; k < depth; k++) {
    VECTOR b[PANEL_VECTORS];
    UNROLL for (size_t v = 0; v < vectors; v++) memcpy(&b[v], packed + (k * vectors + v) * NN_LANES, sizeof(VECTOR));
    UNROLL for (size_t m = 0; m < rows; m++) {
      const VECTOR weight = BROADCAST(a[m * a_pitch + k]);
      UNROLL for (size_t v = 0; v < vectors; v++) sum[m][v] = __builtin_elementwise_fma(weight, b[v], sum[m][v]);
    }
  }
  UNROLL for (size_t m = 0; m < rows; m++) {
    float *to = is_whole ? c + m * c_pitch : edge;
    UNROLL for (size_t v = 0; v < vectors; v++) memcpy(to + v * NN_LANES, &sum[m][v], sizeof(VECTOR));
    if (!is_whole) memcpy(c + m * c_pitch, edge, columns * sizeof(float));
  }
}

// All rows of one panel, in tiles of NN_ROWS and then of each power of 2 that is left.
NN_TARGET INLINE void NN_ISA(tiles)(const float *a, size_t a_pitch, const float *packed, size_t depth, const float *start,
                                    int continues, float *c, size_t c_pitch, size_t columns, size_t rows,
                                    const size_t vectors) {
  size_t m = 0;
#define TILE(count)                                                                                                 \
  NN_ISA(tile)(a + m * a_pitch, a_pitch, packed, depth, start ? start + m : 0, continues, c + m * c_pitch, c_pitch, \
               columns, count, vectors);                                                                            \
  m += count
  while (rows - m >= NN_ROWS) { TILE(NN_ROWS); }
  if (NN_ROWS > 4 && (rows & 4)) { TILE(4); }
  if (rows & 2) { TILE(2); }
  if (rows & 1) { TILE(1); }
#undef TILE
}

NN_TARGET static void NN_ISA(product)(const float *a, const float_source *source, const float *start, float *c, size_t rows,
                                      size_t depth) {
  _Alignas(64) float packed[DEPTH_BLOCK * PANEL_VECTORS * NN_LANES];
  const size_t columns = source->columns;
  for (size_t column = 0; column < columns; column += PANEL_VECTORS * NN_LANES) {
    const size_t left = columns - column;
    const size_t count = left < PANEL_VECTORS * NN_LANES ? left : PANEL_VECTORS * NN_LANES;
    const size_t vectors = (count + NN_LANES - 1) / NN_LANES;
    const float_panel panel = {.first_column = column, .column_count = count, .width = vectors * NN_LANES};
    size_t k = 0;
    do {  // once for depth 0, too: then c is start
      const size_t block = depth - k < DEPTH_BLOCK ? depth - k : DEPTH_BLOCK;
      nn_f32_pack_panel(source, panel, k, k + block, packed);
      const int continues = k > 0;
      switch (vectors) {
        case 1: NN_ISA(tiles)(a + k, depth, packed, block, start, continues, c + column, columns, count, rows, 1); break;
        case 2: NN_ISA(tiles)(a + k, depth, packed, block, start, continues, c + column, columns, count, rows, 2); break;
        default: NN_ISA(tiles)(a + k, depth, packed, block, start, continues, c + column, columns, count, rows, 3); break;
      }
      k += block;
    } while (k < depth);
  }
}

// Some output rows of a depthwise plane from the input's phases. rows is a literal. Four rows share the loop over kernel
// positions: one row at a time takes 1.15 (AVX-512) to 1.5 times (AVX2) as long on 56 x 56 planes.
NN_TARGET INLINE void NN_ISA(plane_rows)(const nn_f32_conv *conv, float_phases phases, const float *scratch,
                                         const float *weights, float bias, float *y, const size_t rows) {
  const size_t row_step = conv->stride_height * phases.row_pitch;
  for (size_t j = 0; j < conv->out_width; j += NN_LANES) {
    VECTOR sum[PLANE_ROWS];
    UNROLL for (size_t i = 0; i < rows; i++) sum[i] = BROADCAST(bias);
    const float *weight = weights;
    for (size_t r = 0; r < conv->kernel_height; r++) {
      const float *row = scratch + r * conv->dilation_height * phases.row_pitch + j;
      float_tap tap = {0, 0};
      for (size_t s = 0; s < conv->kernel_width; s++, weight++, tap = next_tap(&phases, tap)) {
        const float *from = row + tap.phase * phases.phase_width + tap.index;
        UNROLL for (size_t i = 0; i < rows; i++) {
          VECTOR x;
          memcpy(&x, from + i * row_step, sizeof(VECTOR));
          sum[i] = __builtin_elementwise_fma(BROADCAST(*weight), x, sum[i]);
        }
      }
    }
    const size_t left = conv->out_width - j;
    UNROLL for (size_t i = 0; i < rows; i++) {
      float *to = y + i * conv->out_width + j;
      if (left < NN_LANES) memcpy(to, &sum[i], left * sizeof(float));
      else memcpy(to, &sum[i], sizeof(VECTOR));
    }
  }
}

// One output plane of a depthwise convolution; weights[kernel_height, kernel_width].
NN_TARGET static void NN_ISA(plane)(const nn_f32_conv *conv, float_phases phases, const float *scratch, const float *weights,
                                    float bias, float *y) {
  const size_t row_step = conv->stride_height * phases.row_pitch;
  size_t i = 0;
  for (; i + PLANE_ROWS <= conv->out_height; i += PLANE_ROWS) {
    NN_ISA(plane_rows)(conv, phases, scratch + i * row_step, weights, bias, y + i * conv->out_width, PLANE_ROWS);
  }
  for (; i < conv->out_height; i++) {
    NN_ISA(plane_rows)(conv, phases, scratch + i * row_step, weights, bias, y + i * conv->out_width, 1);
  }
}

#undef VECTOR
#undef BROADCAST
