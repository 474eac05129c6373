// What the float kernels of all instruction sets share: where the columns of a product come from.
#ifndef NN_FLOAT_COMMON_H
#define NN_FLOAT_COMMON_H

#include <string.h>

#include "CKernels.h"

#define INLINE static inline __attribute__((always_inline))
#define UNROLL _Pragma("clang loop unroll(full)")

enum {
  // A register tile is this many vectors wide.
  PANEL_VECTORS = 3,
  // Depth of a packed panel. 48 columns x 256 x 4 bytes = 48 KiB stay in a second-level cache (and on the stack).
  DEPTH_BLOCK = 256,
  // Output rows of a depthwise plane that are computed together.
  PLANE_ROWS = 4,
  MAX_LANES = 16,
};

// The right operand of a product, depth x columns: a row-major matrix, or the windows of a convolution, where row k is
// kernel position (c, r, s) and column p output position (i, j).
typedef struct float_source {
  const float *elements;
  size_t columns;
  const nn_f32_conv *conv;  // null: a matrix
} float_source;

// a[rows, depth] * source + start -> c. All sizes but depth are positive.
typedef void (*float_product)(const float *a, const float_source *source, const float *start, float *c, size_t rows,
                              size_t depth);

// Where a convolution's panel of columns begins and ends.
typedef struct float_panel {
  size_t first_column, column_count;
  size_t width;  // floats from a row of the packed panel to the next; those past column_count are 0
} float_panel;

// Copies rows depth_begin ..< depth_end of the panel's columns.
void nn_f32_pack_panel(const float_source *source, float_panel panel, size_t depth_begin, size_t depth_end, float *packed);

// Scratch of a depthwise convolution: the padded plane, each row cut into stride_width phases so that the inputs of
// neighbouring outputs are neighbours: column q of the row is element q / stride_width of phase q % stride_width.
typedef struct float_phases {
  size_t count;  // stride_width
  size_t rows, phase_width, row_pitch;
  size_t tap_phases, tap_indices;  // dilation_width = tap_indices * count + tap_phases
} float_phases;

// Where the input of output column 0 for kernel column s lies in a row: element `index` of phase `phase`.
typedef struct float_tap {
  size_t phase, index;
} float_tap;

// From kernel column s to s + 1, without a division.
INLINE float_tap next_tap(const float_phases *phases, float_tap tap) {
  tap.phase += phases->tap_phases;
  tap.index += phases->tap_indices;
  if (tap.phase >= phases->count) return (float_tap){tap.phase - phases->count, tap.index + 1};
  return tap;
}

float_phases nn_f32_phases(const nn_f32_conv *conv);
void nn_f32_split_phases(const nn_f32_conv *conv, const float *plane, float *scratch);

#endif
