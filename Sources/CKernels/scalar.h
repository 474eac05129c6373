// The scalar kernels: the definition of all others. Internal to CKernels.
#ifndef NN_SCALAR_H
#define NN_SCALAR_H

#include "CKernels.h"

void nn_conv_scalar(const nn_step *step, uint8_t *arena, uint8_t *scratch, nn_range range);
void nn_sparse_scalar(const nn_step *step, uint8_t *arena, uint8_t *scratch, nn_range range);
void nn_depthwise_scalar(const nn_step *step, uint8_t *arena, uint8_t *scratch, nn_range range);
void nn_grouped_scalar(const nn_step *step, uint8_t *arena, uint8_t *scratch, nn_range range);
void nn_max_pool_scalar(const nn_step *step, uint8_t *arena, uint8_t *scratch, nn_range range);
void nn_average_pool_scalar(const nn_step *step, uint8_t *arena, uint8_t *scratch, nn_range range);
void nn_arithmetic_scalar(const nn_step *step, uint8_t *arena, uint8_t *scratch, nn_range range);
void nn_softmax_scalar(const nn_step *step, uint8_t *arena, uint8_t *scratch, nn_range range);
void nn_table_scalar(const nn_step *step, uint8_t *arena, uint8_t *scratch, nn_range range);
void nn_fill_scalar(const nn_step *step, uint8_t *arena, uint8_t *scratch, nn_range range);
void nn_move_scalar(const nn_step *step, uint8_t *arena, uint8_t *scratch, nn_range range);
void nn_take_scalar(const nn_step *step, uint8_t *arena, uint8_t *scratch, nn_range range);
void nn_lookup_scalar(const nn_step *step, uint8_t *arena, uint8_t *scratch, nn_range range);
void nn_resize_scalar(const nn_step *step, uint8_t *arena, uint8_t *scratch, nn_range range);
void nn_reduce_scalar(const nn_step *step, uint8_t *arena, uint8_t *scratch, nn_range range);
void nn_matmul_scalar(const nn_step *step, uint8_t *arena, uint8_t *scratch, nn_range range);
void nn_layer_norm_scalar(const nn_step *step, uint8_t *arena, uint8_t *scratch, nn_range range);

#endif
