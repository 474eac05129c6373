// Runs the 1x1 layers of EfficientNet-Lite0 with each requantisation and prints the times.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cpu.h"
#include "gemm.h"

extern const nn_tiles tiles_none, tiles_words, tiles_product, tiles_float;

typedef struct variant {
  const char *name;
  const nn_tiles *tiles;
} variant;

static const variant variants[] = {
  {"none", &tiles_none},
  {"16-bit multiplier (2.3)", &tiles_words},
  {"31-bit, 64-bit product", &tiles_product},
  {"through float", &tiles_float},
};
enum { VARIANT_COUNT = sizeof variants / sizeof *variants };

typedef struct layer {
  int32_t pixels, depth, columns, count;
} layer;

static const layer layers[] = {
  {112 * 112, 32, 16, 1}, {112 * 112, 16, 96, 1}, {56 * 56, 96, 24, 1},  {56 * 56, 24, 144, 2},  {56 * 56, 144, 24, 1},
  {28 * 28, 144, 40, 1},  {28 * 28, 40, 240, 2},  {28 * 28, 240, 40, 1}, {14 * 14, 240, 80, 1},  {14 * 14, 80, 480, 3},
  {14 * 14, 480, 80, 2},  {14 * 14, 480, 112, 1}, {14 * 14, 112, 672, 3}, {14 * 14, 672, 112, 2}, {7 * 7, 672, 192, 1},
  {7 * 7, 192, 1152, 4},  {7 * 7, 1152, 192, 3},  {7 * 7, 1152, 320, 1}, {7 * 7, 320, 1280, 1},
};
enum { LAYER_COUNT = sizeof layers / sizeof *layers };

static double milliseconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec * 1e3 + (double)now.tv_nsec * 1e-6;
}

static void *filled(size_t byte_count, int byte) {
  void *memory = aligned_alloc(64, nn_round_up(byte_count, 64));
  if (!memory) {
    exit(70);
  }
  memset(memory, byte, byte_count);
  return memory;
}

// One layer as a step over an arena of its own.
static nn_step make_step(layer shape, uint8_t **arena, uint8_t **scratch) {
  size_t input_bytes = nn_round_up((size_t)shape.pixels * (size_t)shape.depth, 64);
  size_t channels = nn_round_up((size_t)shape.columns, NN_PANEL);
  nn_step step = {
    .input = {0, 1, shape.pixels, shape.depth, shape.depth, 128, 1},
    .output = {input_bytes, 1, shape.pixels, shape.columns, shape.columns, 3, 1},
    .u.conv = {.kernel_height = 1, .kernel_width = 1, .stride_height = 1, .stride_width = 1, .groups = 1},
  };
  step.u.conv.weights = filled(nn_packed_panels_bytes(shape.columns, 1, 1, shape.depth), 5);
  step.u.conv.epilogue = (nn_epilogue){
    .bias = filled(channels * 4, 1), .multiplier = filled(channels * 4, 1), .shift = filled(channels * 4, 0), .hi = 255};
  *scratch = filled(nn_gather_scratch_bytes(&step), 0);
  *arena = filled(input_bytes + (size_t)shape.pixels * (size_t)shape.columns, 77);
  return step;
}

// The least of many runs of a layer, for each variant; they take turns, so that all see the same machine.
static void measure(layer shape, double least[VARIANT_COUNT]) {
  enum { RUNS = 300 };
  uint8_t *arena, *scratch;
  nn_step step = make_step(shape, &arena, &scratch);
  nn_range range = {0, 1, 0, nn_ceil_div(shape.columns, NN_PANEL)};
  for (int run = 0; run < RUNS; run++) {
    for (int n = 0; n < VARIANT_COUNT; n++) {
      double start = milliseconds();
      nn_gemm(variants[n].tiles, &step, arena, scratch, range);
      double time = milliseconds() - start;
      least[n] = run == 0 || time < least[n] ? time : least[n];
    }
  }
}

int main(void) {
  if (!nn_cpu_has_avx512vnni()) {
    fprintf(stderr, "measure-requantize: this CPU lacks AVX-512 VNNI\n");
    return 69;
  }
  double total[VARIANT_COUNT] = {0};
  for (int n = 0; n < LAYER_COUNT; n++) {
    double least[VARIANT_COUNT];
    measure(layers[n], least);
    for (int v = 0; v < VARIANT_COUNT; v++) {
      total[v] += least[v] * layers[n].count;
    }
  }
  printf("\n| requantisation | ms | beyond none |\n|---|---|---|\n");
  for (int v = 0; v < VARIANT_COUNT; v++) {
    printf("| %s | %.3f | %.1f %% |\n", variants[v].name, total[v], (total[v] / total[0] - 1) * 100);
  }
  return 0;
}
