// The tiles of Sources/CKernels/avx512vnni_gemm.c under another name and, with -DREQUANTIZE=..., another requantisation.
#include "variant.h"

#define nn_tiles_avx512vnni TILES
#define nn_conv_avx512vnni CONV
#ifdef REQUANTIZE
#define nn_pair constants
#define nn_load_pair load_constants
#define nn_requantize_pair REQUANTIZE
#endif
#include "avx512vnni_gemm.c"
