// Tiles of 32 pixels, 8 a vector, whose groups of 4 bytes are kept as words, the even ones and the odd ones.
#if defined(__x86_64__)

#include "avx2.h"
#include "avx2_kernels.h"

enum { VECTOR_PIXELS = 8, TILE_VECTORS = 4, SUM_BYTES = 32 };

NN_AVX2_INLINE __m256i load(const void *source) { return _mm256_loadu_si256((const __m256i *)source); }
NN_AVX2_INLINE void store(void *destination, __m256i value) { _mm256_storeu_si256((__m256i *)destination, value); }

// 8 x 8 elements of 4 bytes.
NN_AVX2_INLINE void transpose_8x8(__m256i row[8]) {
  __m256i pairs[8], quads[8];
#pragma clang loop unroll(full)
  for (int i = 0; i < 8; i += 2) {
    pairs[i] = _mm256_unpacklo_epi32(row[i], row[i + 1]);
    pairs[i + 1] = _mm256_unpackhi_epi32(row[i], row[i + 1]);
  }
  // quads[4 n + c]: column c of each lane, of rows 4 n...4 n + 3.
#pragma clang loop unroll(full)
  for (int i = 0; i < 8; i += 4) {
    quads[i] = _mm256_unpacklo_epi64(pairs[i], pairs[i + 2]);
    quads[i + 1] = _mm256_unpackhi_epi64(pairs[i], pairs[i + 2]);
    quads[i + 2] = _mm256_unpacklo_epi64(pairs[i + 1], pairs[i + 3]);
    quads[i + 3] = _mm256_unpackhi_epi64(pairs[i + 1], pairs[i + 3]);
  }
#pragma clang loop unroll(full)
  for (int c = 0; c < 4; c++) {
    row[c] = _mm256_permute2x128_si256(quads[c], quads[4 + c], 0x20);
    row[4 + c] = _mm256_permute2x128_si256(quads[c], quads[4 + c], 0x31);
  }
}

NN_AVX2 static void transpose(const uint8_t *const *addresses, ptrdiff_t at, int32_t groups, uint8_t *inputs,
                              size_t column_bytes) {
  __m256i row[8];
  __m256i mask = _mm256_cmpgt_epi32(_mm256_set1_epi32(groups), _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7));
#pragma clang loop unroll(full)
  for (int i = 0; i < 8; i++) {
    row[i] = _mm256_maskload_epi32((const int *)(const void *)(addresses[i] + at), mask);
  }
  transpose_8x8(row);
#pragma clang loop unroll(full)
  for (int i = 0; i < 8; i++) {
    if (i < groups) {
      nn_words words = nn_words_of_u8(row[i]);
      store(inputs + (size_t)i * column_bytes, words.even);
      store(inputs + (size_t)i * column_bytes + NN_VECTOR_BYTES / 2, words.odd);
    }
  }
}

// The sums of one output channel.
typedef struct nn_channel_sums {
  __m256i of[TILE_VECTORS];
} nn_channel_sums;

NN_AVX2_INLINE nn_channel_sums multiply_channel(const nn_sparse_tile *tile, int place, const int vectors) {
  int channel = tile->channels[place];
  nn_channel_sums sums;
#pragma clang loop unroll(full)
  for (int v = 0; v < vectors; v++) {
    sums.of[v] = tile->is_first ? _mm256_set1_epi32(tile->target.epilogue->bias[tile->target.channel + channel])
                                : load(tile->sums + (channel * vectors + v) * SUM_BYTES);
  }
  for (uint32_t n = tile->starts[place]; n < tile->starts[place + 1]; n++) {
    const uint8_t *inputs;
    nn_words block = nn_words_of_s8(_mm256_set1_epi32(nn_sparse_block_load(tile, n, (size_t)(vectors * NN_VECTOR_BYTES), &inputs)));
#pragma clang loop unroll(full)
    for (int v = 0; v < vectors; v++) {
      nn_words words = {load(inputs + v * NN_VECTOR_BYTES), load(inputs + v * NN_VECTOR_BYTES + NN_VECTOR_BYTES / 2)};
      sums.of[v] = nn_add_products(sums.of[v], words, block);
    }
  }
  return sums;
}

// One channel's bytes in the order in which two vectors of s32 pack, then two of s16: lane l has pixels 4 l ... 4 l + 3 of
// each vector.
NN_AVX2_INLINE __m256i requantize(const nn_target *target, int channel, const nn_channel_sums *sums, const int vectors) {
  const nn_epilogue *epilogue = target->epilogue;
  __m128i count = _mm_cvtsi32_si128(epilogue->shift[target->channel + channel]);
  __m256i multiplier = _mm256_set1_epi16((int16_t)epilogue->multiplier[target->channel + channel]);
  __m256i zero_point = _mm256_set1_epi16((int16_t)target->zero_point);
  __m256i half[2];
#pragma clang loop unroll(full)
  for (int n = 0; n < 2; n++) {
    const int first = 2 * n < vectors ? 2 * n : 0, second = 2 * n + 1 < vectors ? 2 * n + 1 : first;
    __m256i t = _mm256_packs_epi32(_mm256_sra_epi32(sums->of[first], count), _mm256_sra_epi32(sums->of[second], count));
    half[n] = _mm256_adds_epi16(_mm256_mulhrs_epi16(t, multiplier), zero_point);
  }
  return nn_clamp_u8(_mm256_packus_epi16(half[0], half[1]), epilogue->lo, epilogue->hi);
}

// Channels x pixels to pixels x channels, in each lane by itself. To interleave the two halves of a list moves the lowest bit
// of an element's number to its end; four times is a transposition of 16 x 16.
NN_AVX2_INLINE void transpose_bytes(__m256i row[NN_PANEL]) {
#pragma clang loop unroll(full)
  for (int turn = 0; turn < 4; turn++) {
    __m256i next[NN_PANEL];
#pragma clang loop unroll(full)
    for (int i = 0; i < NN_PANEL / 2; i++) {
      next[2 * i] = _mm256_unpacklo_epi8(row[i], row[i + NN_PANEL / 2]);
      next[2 * i + 1] = _mm256_unpackhi_epi8(row[i], row[i + NN_PANEL / 2]);
    }
#pragma clang loop unroll(full)
    for (int i = 0; i < NN_PANEL; i++) {
      row[i] = next[i];
    }
  }
}

NN_AVX2_INLINE void store_pixel(const nn_sparse_tile *tile, int pixel, __m128i channels) {
  if (pixel < tile->pixel_count) {
    nn_store_bytes(tile->target.output + (size_t)pixel * tile->target.output_stride, channels, tile->target.channel_count);
  }
}

// The rows of bytes that `requantize` left in the place of the sums.
NN_AVX2_INLINE void store_bytes(const nn_sparse_tile *tile, const int vectors) {
  __m256i row[NN_PANEL];
#pragma clang loop unroll(full)
  for (int i = 0; i < NN_PANEL; i++) {
    row[i] = load(tile->sums + i * vectors * SUM_BYTES);
  }
  transpose_bytes(row);
#pragma clang loop unroll(full)
  for (int i = 0; i < 4 * vectors; i++) {
    const int pixel = i / 4 * VECTOR_PIXELS + i % 4;
    store_pixel(tile, pixel, _mm256_castsi256_si128(row[i]));
    store_pixel(tile, pixel + 4, _mm256_extracti128_si256(row[i], 1));
  }
}

// Any type of output, with or without residual.
NN_AVX2_INLINE void store_sums(const nn_sparse_tile *tile, const int vectors) {
  nn_target target = tile->target;
  for (int v = 0; v < vectors; v++) {
    __m256i low[VECTOR_PIXELS], high[VECTOR_PIXELS];
#pragma clang loop unroll(full)
    for (int i = 0; i < VECTOR_PIXELS; i++) {
      low[i] = load(tile->sums + (i * vectors + v) * SUM_BYTES);
      high[i] = load(tile->sums + ((i + 8) * vectors + v) * SUM_BYTES);
    }
    transpose_8x8(low);
    transpose_8x8(high);
    for (int i = 0; i < VECTOR_PIXELS && v * VECTOR_PIXELS + i < tile->pixel_count; i++) {
      nn_store_sums_avx2(&target, 0, low[i], high[i]);
      nn_target_advance(&target, 1);
    }
  }
}

NN_AVX2_INLINE void multiply(const nn_sparse_tile *tile, const int vectors) {
  int is_plain = tile->is_last && nn_target_is_plain(&tile->target);
  for (int place = 0; place < NN_PANEL; place++) {
    int channel = tile->channels[place];
    nn_channel_sums sums = multiply_channel(tile, place, vectors);
    uint8_t *destination = tile->sums + channel * vectors * SUM_BYTES;
    if (is_plain) {
      store(destination, requantize(&tile->target, channel, &sums, vectors));
    } else {
#pragma clang loop unroll(full)
      for (int v = 0; v < vectors; v++) {
        store(destination + v * SUM_BYTES, sums.of[v]);
      }
    }
  }
  if (is_plain) {
    store_bytes(tile, vectors);
  } else if (tile->is_last) {
    store_sums(tile, vectors);
  }
}

#define MULTIPLY(vectors) \
  NN_AVX2 static void multiply_##vectors(const nn_sparse_tile *tile) { multiply(tile, vectors); }

MULTIPLY(1) MULTIPLY(2) MULTIPLY(3) MULTIPLY(4)

static const nn_sparse_set sparse_set = {
  .pixels = VECTOR_PIXELS,
  .vectors = TILE_VECTORS,
  .transpose = transpose,
  .multiply = {multiply_1, multiply_2, multiply_3, multiply_4},
};

void nn_sparse_avx2(const nn_step *step, uint8_t *arena, uint8_t *scratch, nn_range range) {
  nn_sparse(&sparse_set, step, arena, scratch, range);
}

#endif
