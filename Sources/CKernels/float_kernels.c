// Float kernels: the definition in plain C, its vector forms, and the choice between them.
#include <math.h>

#include "cpu.h"
#include "float_common.h"

// ---- Definition ------------------------------------------------------------------------------------------------------

static void product_scalar(const float *a, const float_source *source, const float *start, float *c, size_t rows,
                           size_t depth) {
  float packed[DEPTH_BLOCK];
  for (size_t column = 0; column < source->columns; column++) {
    const float_panel panel = {.first_column = column, .column_count = 1, .width = 1};
    for (size_t m = 0; m < rows; m++) c[m * source->columns + column] = start ? start[m] : 0.0f;
    for (size_t first = 0; first < depth; first += DEPTH_BLOCK) {
      const size_t block = depth - first < DEPTH_BLOCK ? depth - first : DEPTH_BLOCK;
      nn_f32_pack_panel(source, panel, first, first + block, packed);
      for (size_t m = 0; m < rows; m++) {
        float *sum = &c[m * source->columns + column];
        for (size_t k = 0; k < block; k++) *sum = fmaf(a[m * depth + first + k], packed[k], *sum);
      }
    }
  }
}

static void plane_scalar(const nn_f32_conv *conv, float_phases phases, const float *scratch, const float *weights, float bias,
                         float *y) {
  for (size_t i = 0; i < conv->out_height; i++) {
    for (size_t j = 0; j < conv->out_width; j++) {
      float sum = bias;
      for (size_t r = 0; r < conv->kernel_height; r++) {
        const float *row = scratch + (i * conv->stride_height + r * conv->dilation_height) * phases.row_pitch + j;
        float_tap tap = {0, 0};
        for (size_t s = 0; s < conv->kernel_width; s++, tap = next_tap(&phases, tap)) {
          sum = fmaf(weights[r * conv->kernel_width + s], row[tap.phase * phases.phase_width + tap.index], sum);
        }
      }
      y[i * conv->out_width + j] = sum;
    }
  }
}

// ---- Vector forms ------------------------------------------------------------------------------------------------------

#if defined(__x86_64__)

#define NN_LANES 8
#define NN_ROWS 4
#define NN_TARGET __attribute__((target("avx2,fma")))
#define NN_ISA(x) x##_avx2
#include "float_tiles.h"
#undef NN_LANES
#undef NN_ROWS
#undef NN_TARGET
#undef NN_ISA

#define NN_LANES 16
#define NN_ROWS 8
#define NN_TARGET __attribute__((target("avx512f")))
#define NN_ISA(x) x##_avx512
#include "float_tiles.h"

#endif

// ---- The functions of the table ------------------------------------------------------------------------------------------

typedef void (*float_plane)(const nn_f32_conv *conv, float_phases phases, const float *scratch, const float *weights,
                            float bias, float *y);

INLINE void run_gemm(float_product product, const float *a, const float *b, const float *start, float *c, size_t rows,
                     size_t columns, size_t depth) {
  const float_source source = {.elements = b, .columns = columns};
  product(a, &source, start, c, rows, depth);
}

static int is_matrix(const nn_f32_conv *conv) {
  return conv->kernel_height == 1 && conv->kernel_width == 1 && conv->out_height == conv->height &&
         conv->out_width == conv->width && conv->stride_height == 1 && conv->stride_width == 1;
}

INLINE void run_conv(float_product product, const nn_f32_conv *conv, const float *x, const float *weights, const float *bias,
                     float *y) {
  const size_t columns = conv->out_height * conv->out_width;
  const size_t group_channels = conv->channels / conv->groups;
  const size_t rows = conv->out_channels / conv->groups;
  const size_t depth = group_channels * conv->kernel_height * conv->kernel_width;
  for (size_t group = 0; group < conv->groups; group++) {
    const float_source source = {.elements = x + group * group_channels * conv->height * conv->width,
                                 .columns = columns,
                                 .conv = is_matrix(conv) ? 0 : conv};
    product(weights + group * rows * depth, &source, bias ? bias + group * rows : 0, y + group * rows * columns, rows, depth);
  }
}

INLINE void run_depthwise(float_plane plane, const nn_f32_conv *conv, const float *x, const float *weights, const float *bias,
                          float *y, float *scratch) {
  const float_phases phases = nn_f32_phases(conv);
  const size_t outputs_per_channel = conv->out_channels / conv->channels;
  for (size_t k = 0; k < conv->out_channels; k++) {
    if (k % outputs_per_channel == 0) {
      nn_f32_split_phases(conv, x + k / outputs_per_channel * conv->height * conv->width, scratch);
    }
    plane(conv, phases, scratch, weights + k * conv->kernel_height * conv->kernel_width, bias ? bias[k] : 0.0f,
          y + k * conv->out_height * conv->out_width);
  }
}

#define KERNELS(set, set_isa)                                                                                             \
  static void gemm_##set(const float *a, const float *b, const float *start, float *c, size_t rows, size_t columns,       \
                         size_t depth) {                                                                                  \
    run_gemm(product_##set, a, b, start, c, rows, columns, depth);                                                        \
  }                                                                                                                       \
  static void conv_##set(const nn_f32_conv *conv, const float *x, const float *weights, const float *bias, float *y) {    \
    run_conv(product_##set, conv, x, weights, bias, y);                                                                   \
  }                                                                                                                       \
  static void depthwise_##set(const nn_f32_conv *conv, const float *x, const float *weights, const float *bias, float *y, \
                              float *scratch) {                                                                           \
    run_depthwise(plane_##set, conv, x, weights, bias, y, scratch);                                                       \
  }                                                                                                                       \
  static const nn_f32_kernels kernels_##set = {set_isa, gemm_##set, conv_##set, depthwise_##set}

KERNELS(scalar, NN_ISA_SCALAR);
#if defined(__x86_64__)
KERNELS(avx2, NN_ISA_AVX2);
KERNELS(avx512, NN_ISA_AVX512VNNI);
#endif

// ---- Choice ----------------------------------------------------------------------------------------------------------------

const nn_f32_kernels *nn_f32_kernels_for(nn_isa isa) {
  switch (isa) {
    case NN_ISA_SCALAR: return &kernels_scalar;
#if defined(__x86_64__)
    case NN_ISA_AVX2: return nn_cpu_has_avx2() && nn_cpu_has_fma() ? &kernels_avx2 : 0;
    case NN_ISA_AVX512VNNI: return nn_cpu_has_avx512vnni() ? &kernels_avx512 : 0;
#endif
    default: return 0;
  }
}

nn_isa nn_f32_best_isa(void) {
  int isa = NN_ISA_COUNT - 1;
  while (!nn_f32_kernels_for((nn_isa)isa)) isa--;
  return (nn_isa)isa;
}
