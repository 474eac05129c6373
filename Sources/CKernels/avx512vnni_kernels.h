// The AVX-512 VNNI kernels. Internal to CKernels.
#ifndef NN_AVX512VNNI_KERNELS_H
#define NN_AVX512VNNI_KERNELS_H

#include "gemm.h"
#include "sparse.h"

extern const nn_tiles nn_tiles_avx512vnni, nn_wide_tiles_avx512vnni;
void nn_conv_avx512vnni(const nn_step *step, uint8_t *arena, uint8_t *scratch, nn_range range);
void nn_sparse_avx512vnni(const nn_step *step, uint8_t *arena, uint8_t *scratch, nn_range range);
void nn_depthwise_avx512vnni(const nn_step *step, uint8_t *arena, uint8_t *scratch, nn_range range);
void nn_max_pool_avx512vnni(const nn_step *step, uint8_t *arena, uint8_t *scratch, nn_range range);
void nn_arithmetic_avx512vnni(const nn_step *step, uint8_t *arena, uint8_t *scratch, nn_range range);
void nn_average_pool_avx512vnni(const nn_step *step, uint8_t *arena, uint8_t *scratch, nn_range range);
void nn_resize_avx512vnni(const nn_step *step, uint8_t *arena, uint8_t *scratch, nn_range range);
void nn_table_avx512vnni(const nn_step *step, uint8_t *arena, uint8_t *scratch, nn_range range);
// Needs VBMI besides.
void nn_take_avx512vbmi(const nn_step *step, uint8_t *arena, uint8_t *scratch, nn_range range);
void nn_table_avx512vbmi(const nn_step *step, uint8_t *arena, uint8_t *scratch, nn_range range);
void nn_matmul_avx512vnni(const nn_step *step, uint8_t *arena, uint8_t *scratch, nn_range range);

#endif
