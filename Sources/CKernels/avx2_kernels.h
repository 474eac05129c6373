// The AVX2 kernels. Internal to CKernels.
#ifndef NN_AVX2_KERNELS_H
#define NN_AVX2_KERNELS_H

#include "gemm.h"
#include "sparse.h"

extern const nn_tiles nn_tiles_avx2, nn_wide_tiles_avx2;
void nn_conv_avx2(const nn_step *step, uint8_t *arena, uint8_t *scratch, nn_range range);
void nn_sparse_avx2(const nn_step *step, uint8_t *arena, uint8_t *scratch, nn_range range);
void nn_depthwise_avx2(const nn_step *step, uint8_t *arena, uint8_t *scratch, nn_range range);
void nn_max_pool_avx2(const nn_step *step, uint8_t *arena, uint8_t *scratch, nn_range range);
void nn_arithmetic_avx2(const nn_step *step, uint8_t *arena, uint8_t *scratch, nn_range range);
void nn_average_pool_avx2(const nn_step *step, uint8_t *arena, uint8_t *scratch, nn_range range);
void nn_resize_avx2(const nn_step *step, uint8_t *arena, uint8_t *scratch, nn_range range);
void nn_table_avx2(const nn_step *step, uint8_t *arena, uint8_t *scratch, nn_range range);

void nn_softmax_avx2(const nn_step *step, uint8_t *arena, uint8_t *scratch, nn_range range);
void nn_layer_norm_avx2(const nn_step *step, uint8_t *arena, uint8_t *scratch, nn_range range);
void nn_reduce_avx2(const nn_step *step, uint8_t *arena, uint8_t *scratch, nn_range range);
void nn_matmul_avx2(const nn_step *step, uint8_t *arena, uint8_t *scratch, nn_range range);

#endif
