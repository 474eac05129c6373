// Which instruction sets there are, which of them this machine runs, and their kernels.
#include "arithmetic.h"
#include "avx2_kernels.h"
#include "avx512vnni_kernels.h"
#include "cpu.h"
#include "depthwise.h"
#include "matmul.h"
#include "move.h"
#include "scalar.h"

static const nn_kernels scalar_kernels = {
  .isa = NN_ISA_SCALAR,
  .conv = nn_conv_scalar,
  .sparse = nn_sparse_scalar,
  .depthwise = nn_depthwise_scalar,
  .grouped = nn_grouped_scalar,
  .max_pool = nn_max_pool_scalar,
  .average_pool = nn_average_pool_scalar,
  .arithmetic = nn_arithmetic_scalar,
  .softmax = nn_softmax_scalar,
  .table = nn_table_scalar,
  .fill = nn_fill_scalar,
  .move = nn_move_scalar,
  .take = nn_take_scalar,
  .lookup = nn_lookup_scalar,
  .resize = nn_resize_scalar,
  .reduce = nn_reduce_scalar,
  .matmul = nn_matmul_scalar,
  .layer_norm = nn_layer_norm_scalar,
};

#if defined(__x86_64__)

static const nn_kernels avx2_kernels = {
  .isa = NN_ISA_AVX2,
  .conv = nn_conv_avx2,
  .sparse = nn_sparse_avx2,
  .depthwise = nn_depthwise_avx2,
  .grouped = nn_grouped_scalar,
  .max_pool = nn_max_pool_avx2,
  .average_pool = nn_average_pool_avx2,
  .arithmetic = nn_arithmetic_avx2,
  .softmax = nn_softmax_avx2,
  .table = nn_table_avx2,
  .fill = nn_fill_bytes,
  .move = nn_move_bytes,
  .take = nn_take_bytes,
  .lookup = nn_lookup_scalar,
  .resize = nn_resize_avx2,
  .reduce = nn_reduce_avx2,
  .matmul = nn_matmul_avx2,
  .layer_norm = nn_layer_norm_avx2,
};

// Byte permutations (VBMI) are a feature of their own.
#define AVX512VNNI_KERNELS(table_kernel, take_kernel)  \
  {                                                    \
    .isa = NN_ISA_AVX512VNNI,                          \
    .conv = nn_conv_avx512vnni,                        \
    .sparse = nn_sparse_avx512vnni,                    \
    .depthwise = nn_depthwise_avx512vnni,              \
    .grouped = nn_grouped_scalar,                      \
    .max_pool = nn_max_pool_avx512vnni,                \
    .average_pool = nn_average_pool_avx512vnni,        \
    .arithmetic = nn_arithmetic_avx512vnni,            \
    .softmax = nn_softmax_avx2,                        \
    .table = table_kernel,                             \
    .fill = nn_fill_bytes,                             \
    .move = nn_move_bytes,                             \
    .take = take_kernel,                               \
    .lookup = nn_lookup_scalar,                        \
    .resize = nn_resize_avx512vnni,                    \
    .reduce = nn_reduce_avx2,                          \
    .matmul = nn_matmul_avx512vnni,                    \
    .layer_norm = nn_layer_norm_avx2,                  \
  }

static const nn_kernels avx512vnni_kernels = AVX512VNNI_KERNELS(nn_table_avx512vnni, nn_take_bytes);
static const nn_kernels avx512vnni_vbmi_kernels = AVX512VNNI_KERNELS(nn_table_avx512vbmi, nn_take_avx512vbmi);

#endif

const char *nn_isa_name(nn_isa isa) {
  static const char *const names[NN_ISA_COUNT] = {"scalar", "avx2", "avx512vnni"};
  return names[isa];
}

int nn_isa_available(nn_isa isa) {
  switch (isa) {
  case NN_ISA_SCALAR:
    return 1;
  case NN_ISA_AVX2:
    return nn_cpu_has_avx2();
  case NN_ISA_AVX512VNNI:
    return nn_cpu_has_avx512vnni();
  default:
    return 0;
  }
}

const nn_kernels *nn_kernels_for(nn_isa isa) {
#if defined(__x86_64__)
  if (isa == NN_ISA_AVX2) {
    return &avx2_kernels;
  }
  if (isa == NN_ISA_AVX512VNNI) {
    return nn_cpu_has_avx512vbmi() ? &avx512vnni_vbmi_kernels : &avx512vnni_kernels;
  }
#endif
  (void)isa;
  return &scalar_kernels;
}

// The tiles of a set; null if it has none.
static const nn_tiles *tiles_of(nn_isa isa) {
#if defined(__x86_64__)
  if (isa == NN_ISA_AVX2) {
    return &nn_tiles_avx2;
  }
  if (isa == NN_ISA_AVX512VNNI) {
    return &nn_tiles_avx512vnni;
  }
#endif
  (void)isa;
  return 0;
}

const char *nn_conv_kernel_name(const nn_kernels *kernels, const nn_step *step) {
  static const char *const depthwise_names[NN_ISA_COUNT] = {"depthwise_scalar", "depthwise_avx2", "depthwise_avx512vnni"};
  const nn_tiles *tiles = tiles_of(kernels->isa);
  static const char *const sparse_names[NN_ISA_COUNT] = {"sparse_scalar", "sparse_32x1_avx2", "sparse_96x1_avx512vnni"};
  int32_t groups = step->u.conv.groups;
  if (step->kernel == kernels->sparse) {
    return sparse_names[kernels->isa];
  }
  if (groups == 1) {
    return tiles ? tiles->name[nn_tile_panels(tiles, nn_ceil_div(step->output.channels, NN_PANEL)) - 1] : "conv_scalar";
  }
  int is_depthwise = groups == step->input.channels && groups == step->output.channels;
  return is_depthwise ? depthwise_names[kernels->isa] : "grouped_scalar";
}

size_t nn_scratch_bytes(const nn_kernels *kernels, const nn_step *step) {
  if (kernels->isa == NN_ISA_SCALAR) {
    return 0;
  }
  if (step->kernel == kernels->depthwise) {
    return nn_depthwise_scratch_bytes(step);
  }
  if (step->kernel == kernels->sparse) {
    return nn_sparse_scratch_bytes(step);
  }
  if (step->kernel == kernels->conv) {
    return nn_gather_scratch_bytes(step);
  }
  if (step->kernel == kernels->arithmetic) {
    return nn_arithmetic_scratch_bytes(step);
  }
  if (step->kernel == kernels->softmax) {
    return nn_round_up((size_t)step->input.channels * sizeof(uint32_t), 64);
  }
  if (step->kernel == kernels->reduce) {
    return nn_round_up((size_t)step->output.channels * (sizeof(int64_t) + sizeof(int16_t)), 64);
  }
  if (step->kernel == kernels->matmul) {
    return nn_matmul_scratch_bytes(step);
  }
  return 0;
}
