// Micro-kernels of nnq. Integer ones compute spec/operators.md bit for bit; scalar_*.c is their definition, and every other
// instruction set gives the same bytes. No allocation, no I/O, no errors: the Swift caller has validated every field.
#ifndef NN_KERNELS_H
#define NN_KERNELS_H

#include <stddef.h>
#include <stdint.h>

// ---- A plan: a flat array of steps, walked by one call -------------------------------------------------------------

// An activation in the arena: NHWC, u8 or s16. Rank 2 is height = width = 1.
// pixel_stride is the distance from a pixel to the next in bytes: channels * element size, rounded up to a multiple of 4
// unless channels is 1...3 of u8. Bytes between a pixel's channels and its stride may be read, and written with anything.
// Kernels touch no byte outside batch * height * width * pixel_stride.
typedef struct nn_view {
  size_t offset;  // bytes from the arena's start; a multiple of 64
  int32_t height, width, channels;
  int32_t pixel_stride;
  int32_t zero_point;
  int32_t element_bytes;  // 1: u8, 2: s16, 4: s32
} nn_view;

// Requantisation, operators.md 2.3. Arrays have one entry for each output channel, padded to a multiple of NN_PANEL.
typedef struct nn_epilogue {
  const int32_t *bias;  // B = bias - z_x * sum(w) + h
  const int32_t *multiplier;
  const int32_t *shift;
  int32_t c;  // (4) or (6)
  int32_t lo, hi;
  int32_t residual_multiplier;  // 0: no residual
} nn_epilogue;

enum { NN_PANEL = 16 };

// Weights of conv2D (groups = 1) and dense: panels of NN_PANEL output channels; see nn_pack_panels.
// Weights of depthwise: see nn_pack_depthwise.
typedef struct nn_conv {
  const int8_t *weights;
  nn_epilogue epilogue;
  int32_t kernel_height, kernel_width;
  int32_t stride_height, stride_width;
  int32_t dilation_height, dilation_width;
  int32_t pad_top, pad_left;
  int32_t groups;
} nn_conv;

typedef struct nn_pool {
  int32_t kernel_height, kernel_width;
  int32_t stride_height, stride_width;
  int32_t pad_top, pad_left;
  int32_t count_include_pad;
  int32_t multiplier, shift;  // operators.md 3.3
} nn_pool;

typedef enum nn_operation { NN_ADD, NN_MULTIPLY, NN_MAXIMUM, NN_MINIMUM, NN_REQUANTIZE } nn_operation;

// Elementwise arithmetic of the input, a, and, but for requantize, b: operators.md 3.1, 3.13 to 3.15. Where the height,
// width or channels of an operand are 1, it repeats along the output's.
typedef struct nn_arithmetic {
  nn_operation operation;
  const uint8_t *constant;  // b, one image for all of the batch, lying as `other` says; null: b is `other`
  int32_t multiplier_a, multiplier_b, shift, c;  // add; requantize without b
  int32_t shift_a, shift_b, multiplier;  // multiply: i, j, m
  int32_t lo, hi;
} nn_arithmetic;

typedef struct nn_softmax {
  const uint32_t *exponential;  // operators.md 3.4: A then B
} nn_softmax;

// operators.md 3.5. u8 input: 256 entries of the output's type; s16 input: 513 of s16.
typedef struct nn_table {
  const void *entries;
  int32_t channel_stride;  // entries from a channel's table to the next; 0: one table for all
  int32_t shift;           // of the interpolation, s16 input
} nn_table;

// What a pad adds, before the rest is moved into place.
typedef struct nn_fill {
  int32_t value;
} nn_fill;

enum { NN_MOVE_AXES = 8 };

// pad, slice, concat, transpose and the copies of a reshape: elements move from one strided box to another, no two to the
// same place. Axes outermost first, the batch among them; those that are missing have count 1. The row of a range is an
// index over all axes but the last, in their order.
typedef struct nn_move {
  int32_t count[NN_MOVE_AXES];
  ptrdiff_t source_stride[NN_MOVE_AXES], destination_stride[NN_MOVE_AXES];  // bytes
  ptrdiff_t source_begin, destination_begin;  // bytes from the offset of the views to the first elements
} nn_move;

// Block i of each group comes from block indices[i]; operators.md 3.11. The row of a range is group * count + i.
typedef struct nn_take {
  const uint32_t *indices;
  int32_t extent, count;  // blocks of a group of the input, and of the output
  size_t block_bytes;
  size_t source_stride, destination_stride;  // bytes from a group to the next
} nn_take;

// Rows of a table, one for each element of the input, which become the pixels of the output in order; operators.md 3.19.
typedef struct nn_lookup {
  const uint8_t *table;
  int32_t row_count;
} nn_lookup;

// Places of the output's rows and columns in the input, in 1/256 of an element; operators.md 3.12.
typedef struct nn_resize {
  const uint32_t *rows, *columns;
} nn_resize;

// reduce, operators.md 3.16. The pixels of the output, in order, are a box of pixels of the input that are so many apart along
// each axis, last axis fastest; each brings together a box of pixels from there on, and perhaps all their channels.
enum { NN_REDUCE_SUM = 0, NN_REDUCE_MAX, NN_REDUCE_MIN, NN_REDUCE_AXES = 4 };
typedef struct nn_reduce {
  int32_t kept_extent[NN_REDUCE_AXES], kept_step[NN_REDUCE_AXES];
  int32_t reduced_extent[NN_REDUCE_AXES], reduced_step[NN_REDUCE_AXES];
  int32_t kind;
  int32_t multiplier, shift;  // of a sum
} nn_reduce;

// A product of two activations, operators.md 3.17: rows x columns for each matrix of the output. The pixels of an operand are
// the rows of its matrices, in order.
enum { NN_MATMUL_AXES = 6 };
typedef struct nn_matmul {
  int32_t rows, columns, depth;
  int32_t transpose_b;  // 1: a matrix of b is columns x depth
  // The matrices of the output as a box, last axis fastest; in a and b they are so many matrices apart along each axis.
  int32_t extent[NN_MATMUL_AXES], step_a[NN_MATMUL_AXES], step_b[NN_MATMUL_AXES];
  int32_t multiplier, shift, lo, hi;
} nn_matmul;

// layerNorm, operators.md 3.18, over the channels of each pixel.
typedef struct nn_layer_norm {
  const int16_t *gain;
  const int32_t *offset;
  int32_t subtracts_mean;
  int32_t epsilon, epsilon_shift;  // E = epsilon * 2^epsilon_shift
  int32_t shift;  // s2
} nn_layer_norm;

// Part of the work of a step. rows: output rows (image * height + row), unless the operator says otherwise; columns: panels
// of NN_PANEL output channels.
typedef struct nn_range {
  int32_t row_begin, row_end;
  int32_t column_begin, column_end;
} nn_range;

typedef struct nn_step nn_step;
typedef void (*nn_kernel)(const nn_step *step, uint8_t *arena, uint8_t *scratch, nn_range range);

struct nn_step {
  nn_kernel kernel;
  nn_view input, output;
  nn_view other;  // residual of a convolution, second operand of arithmetic and matMul
  size_t scratch_bytes;  // what the kernel needs of its own thread's scratch; 64-byte aligned
  int32_t splits_columns;  // 1: the kernel honours column ranges; 0: it must be given all columns
  union {
    nn_conv conv;
    nn_pool pool;
    nn_arithmetic arithmetic;
    nn_softmax softmax;
    nn_table table;
    nn_fill fill;
    nn_move move;
    nn_take take;
    nn_lookup lookup;
    nn_resize resize;
    nn_reduce reduce;
    nn_matmul matmul;
    nn_layer_norm layer_norm;
  } u;
};

// ---- Kernels by instruction set ------------------------------------------------------------------------------------

// Instruction sets in ascending order of preference. Stable names: nn_isa_name.
typedef enum nn_isa { NN_ISA_SCALAR = 0, NN_ISA_AVX2, NN_ISA_AVX512VNNI, NN_ISA_COUNT } nn_isa;

const char *nn_isa_name(nn_isa isa);
// 1 if this CPU and operating system run it.
int nn_isa_available(nn_isa isa);

typedef struct nn_kernels {
  nn_isa isa;
  nn_kernel conv;  // conv2D with groups = 1, any kernel, and dense; weights from nn_pack_panels
  nn_kernel sparse;  // the same; weights from nn_pack_sparse
  nn_kernel depthwise;  // groups = channels = output channels; weights from nn_pack_depthwise
  nn_kernel grouped;  // any other groups; weights as in the file (KRSC)
  nn_kernel max_pool, average_pool, arithmetic, softmax, table;
  nn_kernel fill, move, take, lookup, resize;
  nn_kernel reduce, matmul, layer_norm;
} nn_kernels;

// The kernels of an instruction set that is available.
const nn_kernels *nn_kernels_for(nn_isa isa);

// Which of the set's inner kernels a convolution step will use, for profiles: "gemm_12x32_avx512vnni", ...
const char *nn_conv_kernel_name(const nn_kernels *kernels, const nn_step *step);
// scratch_bytes of a step whose other fields are filled in.
size_t nn_scratch_bytes(const nn_kernels *kernels, const nn_step *step);

// ---- Packing -------------------------------------------------------------------------------------------------------

// KRSC weights to panels: for panel, then tap (r, s), then group of 4 channels: NN_PANEL columns of 4 bytes. Channels are
// padded with zero weights to a multiple of 4 for each tap - for C below 4, S * C taken as the channels of R taps.
// The same bytes serve every instruction set. Weights may come in any pieces: weights first...first + count - 1 of the
// file's order are put into packed bytes that were zero at first.
size_t nn_packed_panels_bytes(int32_t k, int32_t r, int32_t s, int32_t c);
void nn_pack_panels(int8_t *packed, const int8_t *weights, size_t first, size_t count, int32_t r, int32_t s, int32_t c);
// Panels of so many bytes to blocks without zeros, which take no more time than there are such: how many blocks of 4 weights
// that lie side by side in a panel are not all 0, what they take, and their packing, at an address that is a multiple of 8.
size_t nn_count_blocks(const int8_t *panels, size_t bytes);
// They go slice by slice of the depth, in groups of 4 bytes: so many for an output of so many pixels.
int32_t nn_sparse_slice_groups(int32_t r, int32_t s, int32_t c, size_t pixels);
size_t nn_packed_sparse_bytes(int32_t k, int32_t r, int32_t s, int32_t c, int32_t slice_groups, size_t block_count);
void nn_pack_sparse(uint8_t *packed, const int8_t *panels, int32_t k, int32_t r, int32_t s, int32_t c, int32_t slice_groups);
size_t nn_packed_depthwise_bytes(int32_t k, int32_t r, int32_t s);
void nn_pack_depthwise(int8_t *packed, const int8_t *weights, size_t first, size_t count, int32_t k, int32_t r, int32_t s);

// ---- Boundary, operators.md 4 --------------------------------------------------------------------------------------

// count items; source strides in elements. Quantises an H x W x C image of either layout into a view.
typedef struct nn_boundary {
  float inverse_scale, scale;
  int32_t zero_point, min, max;
} nn_boundary;

void nn_quantize_f32(const float *source, ptrdiff_t stride_h, ptrdiff_t stride_w, ptrdiff_t stride_c, uint8_t *arena,
                     const nn_view *view, int32_t image, const nn_boundary *boundary);
void nn_dequantize_f32(const uint8_t *arena, const nn_view *view, int32_t image, float *destination, ptrdiff_t stride_h,
                       ptrdiff_t stride_w, ptrdiff_t stride_c, const nn_boundary *boundary);

// ---- Walking a plan with threads -----------------------------------------------------------------------------------

// Workers meet after each threaded step. Zero-initialised; shared by the threads of one run.
// Starts at a multiple of 64. Padded by hand: Swift does not import over-aligned fields.
typedef struct nn_barrier {
  int32_t arrived;
  int32_t rest_of_line[15];
  int32_t generation;
  int32_t rest_of_next_line[15];
} nn_barrier;

typedef struct nn_plan {
  const nn_step *steps;
  // For each step, thread_count ranges; a thread with an empty range has nothing to do in that step.
  const nn_range *ranges;
  int32_t step_count;
  int32_t thread_count;
} nn_plan;

// One turn of a loop that waits for another thread: tells the core that it spins.
static inline void nn_spin_pause(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

// Runs the share of one thread. With thread_count 1 the barrier is not touched.
void nn_plan_walk(const nn_plan *plan, int32_t thread, nn_barrier *barrier, uint8_t *arena, uint8_t *scratch);
// The same, writing the nanoseconds of each step (for thread 0).
void nn_plan_walk_profiled(const nn_plan *plan, uint8_t *arena, uint8_t *scratch, uint64_t *nanoseconds);

// The nanoseconds of about mac_count multiply-accumulates on registers alone, by the instructions of an available set's
// convolutions: what no step exceeds.
uint64_t nn_time_peak(nn_isa isa, uint64_t mac_count);

// ---- Float kernels of the converter: one fixed order of summation ----------------------------------------------------

// Each output is one chain acc = fmaf(weight, input, acc) that starts from the bias (0 if null) and takes the terms in the
// memory order of the weights; padding is a term with input 0. So every instruction set and blocking gives the same bits.

// A convolution of one image x[channels, height, width] with weights[out_channels, channels / groups, kernel_height,
// kernel_width]; out_height and out_width are those the other fields give.
typedef struct nn_f32_conv {
  size_t groups;
  size_t channels, height, width;
  size_t out_channels, out_height, out_width;
  size_t kernel_height, kernel_width;
  size_t stride_height, stride_width;
  size_t dilation_height, dilation_width;
  size_t pad_top, pad_left;
} nn_f32_conv;

typedef struct nn_f32_kernels {
  nn_isa isa;
  // c[m, p] = start[m] + sum over k of a[m, k] * b[k, p]; a: rows x depth, b: depth x columns, c: rows x columns, all
  // row-major and contiguous.
  void (*gemm)(const float *a, const float *b, const float *start, float *c, size_t rows, size_t columns, size_t depth);
  void (*conv)(const nn_f32_conv *conv, const float *x, const float *weights, const float *bias, float *y);
  // The same for groups = channels, much faster; scratch has nn_f32_depthwise_scratch_count elements.
  void (*depthwise)(const nn_f32_conv *conv, const float *x, const float *weights, const float *bias, float *y,
                    float *scratch);
} nn_f32_kernels;

// The best instruction set this CPU has for float kernels.
nn_isa nn_f32_best_isa(void);
// The kernels of an instruction set, null if this CPU lacks it.
const nn_f32_kernels *nn_f32_kernels_for(nn_isa isa);
size_t nn_f32_depthwise_scratch_count(const nn_f32_conv *conv);

#endif
