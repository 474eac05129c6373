// Which instruction sets there are, which of them this machine runs, and their kernels.
#include "scalar.h"

static const nn_kernels kernels_by_isa[NN_ISA_COUNT] = {
  [NN_ISA_SCALAR] = {
    .isa = NN_ISA_SCALAR,
    .conv = nn_conv_scalar,
    .depthwise = nn_depthwise_scalar,
    .grouped = nn_grouped_scalar,
    .max_pool = nn_max_pool_scalar,
    .average_pool = nn_average_pool_scalar,
    .add = nn_add_scalar,
    .softmax = nn_softmax_scalar,
    .table = nn_table_scalar,
    .copy = nn_copy_scalar,
  },
};

const char *nn_isa_name(nn_isa isa) {
  static const char *const names[NN_ISA_COUNT] = {"scalar", "avx2", "avx512vnni"};
  return names[isa];
}

int nn_isa_available(nn_isa isa) { return isa == NN_ISA_SCALAR; }

const nn_kernels *nn_kernels_for(nn_isa isa) { return &kernels_by_isa[isa]; }

const char *nn_conv_kernel_name(const nn_kernels *kernels, const nn_step *step) {
  (void)kernels;
  if (step->u.conv.groups == 1) {
    return "conv_scalar";
  }
  int depthwise = step->u.conv.groups == step->input.channels && step->input.channels == step->output.channels;
  return depthwise ? "depthwise_scalar" : "grouped_scalar";
}

size_t nn_scratch_bytes(const nn_kernels *kernels, const nn_step *step) {
  (void)kernels;
  (void)step;
  return 0;
}
