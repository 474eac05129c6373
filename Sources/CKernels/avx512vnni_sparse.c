// Tiles of up to 96 pixels, 16 a vector. One vpdpbusd multiplies 4 bytes of each of 16 pixels with 4 weights, broadcast.
#if defined(__x86_64__)

#include "avx512vnni.h"
#include "avx512vnni_kernels.h"

// 16 x 16 elements of 4 bytes.
NN_AVX512VNNI_INLINE void transpose_16x16(__m512i row[16]) {
  __m512i pairs[16], quads[16], halves[16];
#pragma clang loop unroll(full)
  for (int i = 0; i < 16; i += 2) {
    pairs[i] = _mm512_unpacklo_epi32(row[i], row[i + 1]);
    pairs[i + 1] = _mm512_unpackhi_epi32(row[i], row[i + 1]);
  }
  // quads[4 n + c]: column c of each lane, of rows 4 n...4 n + 3.
#pragma clang loop unroll(full)
  for (int i = 0; i < 16; i += 4) {
    quads[i] = _mm512_unpacklo_epi64(pairs[i], pairs[i + 2]);
    quads[i + 1] = _mm512_unpackhi_epi64(pairs[i], pairs[i + 2]);
    quads[i + 2] = _mm512_unpacklo_epi64(pairs[i + 1], pairs[i + 3]);
    quads[i + 3] = _mm512_unpackhi_epi64(pairs[i + 1], pairs[i + 3]);
  }
  // Of rows 0...7 and 8...15: even lanes, odd lanes.
#pragma clang loop unroll(full)
  for (int c = 0; c < 4; c++) {
    halves[c] = _mm512_shuffle_i32x4(quads[c], quads[4 + c], 0x88);
    halves[4 + c] = _mm512_shuffle_i32x4(quads[c], quads[4 + c], 0xDD);
    halves[8 + c] = _mm512_shuffle_i32x4(quads[8 + c], quads[12 + c], 0x88);
    halves[12 + c] = _mm512_shuffle_i32x4(quads[8 + c], quads[12 + c], 0xDD);
  }
#pragma clang loop unroll(full)
  for (int c = 0; c < 4; c++) {
    row[c] = _mm512_shuffle_i32x4(halves[c], halves[8 + c], 0x88);
    row[8 + c] = _mm512_shuffle_i32x4(halves[c], halves[8 + c], 0xDD);
    row[4 + c] = _mm512_shuffle_i32x4(halves[4 + c], halves[12 + c], 0x88);
    row[12 + c] = _mm512_shuffle_i32x4(halves[4 + c], halves[12 + c], 0xDD);
  }
}

// 4 x 4 elements of 4 bytes in each lane.
NN_AVX512VNNI_INLINE void transpose_lanes(__m512i row[4]) {
  __m512i even_low = _mm512_unpacklo_epi32(row[0], row[1]), even_high = _mm512_unpackhi_epi32(row[0], row[1]);
  __m512i odd_low = _mm512_unpacklo_epi32(row[2], row[3]), odd_high = _mm512_unpackhi_epi32(row[2], row[3]);
  row[0] = _mm512_unpacklo_epi64(even_low, odd_low);
  row[1] = _mm512_unpackhi_epi64(even_low, odd_low);
  row[2] = _mm512_unpacklo_epi64(even_high, odd_high);
  row[3] = _mm512_unpackhi_epi64(even_high, odd_high);
}

// Up to 4 groups: lane l of a row has those of one of pixels 4 l ... 4 l + 3.
NN_AVX512VNNI_INLINE void transpose_few(const uint8_t *const *addresses, ptrdiff_t at, int32_t groups, uint8_t *inputs,
                                        size_t column_bytes) {
  __m512i row[4];
  __mmask8 mask = (__mmask8)nn_mask32(groups);
#pragma clang loop unroll(full)
  for (int i = 0; i < 4; i++) {
    row[i] = _mm512_castsi128_si512(_mm_maskz_loadu_epi32(mask, addresses[i] + at));
    row[i] = _mm512_inserti32x4(row[i], _mm_maskz_loadu_epi32(mask, addresses[4 + i] + at), 1);
    row[i] = _mm512_inserti32x4(row[i], _mm_maskz_loadu_epi32(mask, addresses[8 + i] + at), 2);
    row[i] = _mm512_inserti32x4(row[i], _mm_maskz_loadu_epi32(mask, addresses[12 + i] + at), 3);
  }
  transpose_lanes(row);
#pragma clang loop unroll(full)
  for (int i = 0; i < 4; i++) {
    if (i < groups) {
      _mm512_storeu_si512(inputs + (size_t)i * column_bytes, row[i]);
    }
  }
}

NN_AVX512VNNI static void transpose(const uint8_t *const *addresses, ptrdiff_t at, int32_t groups, uint8_t *inputs,
                                    size_t column_bytes) {
  if (groups <= 4) {
    transpose_few(addresses, at, groups, inputs, column_bytes);
    return;
  }
  __m512i row[16];
  __mmask16 mask = (__mmask16)nn_mask32(groups);
#pragma clang loop unroll(full)
  for (int i = 0; i < 16; i++) {
    row[i] = _mm512_maskz_loadu_epi32(mask, addresses[i] + at);
  }
  transpose_16x16(row);
#pragma clang loop unroll(full)
  for (int i = 0; i < 16; i++) {
    if (i < groups) {
      _mm512_storeu_si512(inputs + (size_t)i * column_bytes, row[i]);
    }
  }
}

// The sums of one output channel.
typedef struct nn_channel_sums {
  __m512i of[NN_SPARSE_VECTORS];
} nn_channel_sums;

NN_AVX512VNNI_INLINE void add_block(const nn_sparse_tile *tile, uint32_t n, nn_channel_sums *sums, const int vectors) {
  const uint8_t *inputs;
  __m512i block = _mm512_set1_epi32(nn_sparse_block_load(tile, n, (size_t)(vectors * NN_VECTOR_BYTES), &inputs));
#pragma clang loop unroll(full)
  for (int v = 0; v < vectors; v++) {
    sums->of[v] = _mm512_dpbusd_epi32(sums->of[v], _mm512_loadu_si512(inputs + v * NN_VECTOR_BYTES), block);
  }
}

NN_AVX512VNNI_INLINE nn_channel_sums multiply_channel(const nn_sparse_tile *tile, int place, const int vectors) {
  int channel = tile->channels[place];
  nn_channel_sums sums, others;
#pragma clang loop unroll(full)
  for (int v = 0; v < vectors; v++) {
    sums.of[v] = tile->is_first ? _mm512_set1_epi32(tile->target.epilogue->bias[tile->target.channel + channel])
                                : _mm512_loadu_si512(tile->sums + (channel * vectors + v) * NN_VECTOR_BYTES);
    others.of[v] = _mm512_setzero_si512();
  }
  uint32_t n = tile->starts[place], end = tile->starts[place + 1];
  // A sum of few vectors takes turns with others: each product waits for the one before it.
  for (; vectors <= 2 && n + 2 <= end; n += 2) {
    add_block(tile, n, &sums, vectors);
    add_block(tile, n + 1, &others, vectors);
  }
  for (; n < end; n++) {
    add_block(tile, n, &sums, vectors);
  }
#pragma clang loop unroll(full)
  for (int v = 0; vectors <= 2 && v < vectors; v++) {
    sums.of[v] = _mm512_add_epi32(sums.of[v], others.of[v]);
  }
  return sums;
}

// What all channels of a tile have in common.
typedef struct nn_range_of_bytes {
  __m512i zero_point, lo, hi;
} nn_range_of_bytes;

// One channel's bytes, of 4 vectors or those that are left of them, in the order in which two vectors of s32 pack, then two of
// s16: lane l has pixels 4 l ... 4 l + 3 of each vector.
NN_AVX512VNNI_INLINE __m512i requantize(const nn_target *target, nn_range_of_bytes bytes, int channel, const __m512i *sums,
                                        const int vectors) {
  const nn_epilogue *epilogue = target->epilogue;
  __m128i count = _mm_cvtsi32_si128(epilogue->shift[target->channel + channel]);
  __m512i multiplier = _mm512_set1_epi16((int16_t)epilogue->multiplier[target->channel + channel]);
  __m512i half[2];
#pragma clang loop unroll(full)
  for (int n = 0; n < 2; n++) {
    const int first = 2 * n < vectors ? 2 * n : 0, second = 2 * n + 1 < vectors ? 2 * n + 1 : first;
    __m512i t = _mm512_packs_epi32(_mm512_sra_epi32(sums[first], count), _mm512_sra_epi32(sums[second], count));
    half[n] = _mm512_adds_epi16(_mm512_mulhrs_epi16(t, multiplier), bytes.zero_point);
  }
  return _mm512_min_epu8(_mm512_max_epu8(_mm512_packus_epi16(half[0], half[1]), bytes.lo), bytes.hi);
}

// Channels x pixels to pixels x channels, in each lane by itself. To interleave the two halves of a list moves the lowest bit
// of an element's number to its end; four times is a transposition of 16 x 16.
NN_AVX512VNNI_INLINE void transpose_bytes(__m512i row[NN_PANEL]) {
#pragma clang loop unroll(full)
  for (int turn = 0; turn < 4; turn++) {
    __m512i next[NN_PANEL];
#pragma clang loop unroll(full)
    for (int i = 0; i < NN_PANEL / 2; i++) {
      next[2 * i] = _mm512_unpacklo_epi8(row[i], row[i + NN_PANEL / 2]);
      next[2 * i + 1] = _mm512_unpackhi_epi8(row[i], row[i + NN_PANEL / 2]);
    }
#pragma clang loop unroll(full)
    for (int i = 0; i < NN_PANEL; i++) {
      row[i] = next[i];
    }
  }
}

NN_AVX512VNNI_INLINE __m128i lane_of(__m512i row, const int lane) {
  return lane == 0   ? _mm512_castsi512_si128(row)
         : lane == 1 ? _mm512_extracti32x4_epi32(row, 1)
         : lane == 2 ? _mm512_extracti32x4_epi32(row, 2)
                     : _mm512_extracti32x4_epi32(row, 3);
}

// The bytes that `requantize` left in the place of the sums of 4 vectors from the first on, or those that are left of them.
NN_AVX512VNNI_INLINE void store_bytes(const nn_sparse_tile *tile, const int first, const int vectors, const int is_full) {
  __m512i row[NN_PANEL];
#pragma clang loop unroll(full)
  for (int i = 0; i < NN_PANEL; i++) {
    row[i] = _mm512_loadu_si512(tile->sums + (i * vectors + first) * NN_VECTOR_BYTES);
  }
  transpose_bytes(row);
  size_t stride = tile->target.output_stride;
  __mmask16 mask = (__mmask16)nn_mask32(tile->target.channel_count);
  uint8_t *output = tile->target.output + (size_t)first * 16 * stride;
  // Four pixels at a time, so that few addresses are computed.
#pragma clang loop unroll(full)
  for (int quad = 0; quad < 4 * nn_min(vectors - first, 4); quad++, output += 4 * stride) {
#pragma clang loop unroll(full)
    for (int i = 0; i < 4; i++) {
      __m128i channels = lane_of(row[quad / 4 * 4 + i], quad % 4);
      if (is_full) {
        _mm_storeu_si128((__m128i *)(void *)(output + (size_t)i * stride), channels);
      } else if (first * 16 + quad * 4 + i < tile->pixel_count) {
        _mm_mask_storeu_epi8(output + (size_t)i * stride, mask, channels);
      }
    }
  }
}

// Any type of output, with or without residual.
NN_AVX512VNNI_INLINE void store_sums(const nn_sparse_tile *tile, const int vectors) {
  nn_target target = tile->target;
  for (int v = 0; v < vectors; v++) {
    __m512i row[16];
#pragma clang loop unroll(full)
    for (int i = 0; i < NN_PANEL; i++) {
      row[i] = _mm512_loadu_si512(tile->sums + (i * vectors + v) * NN_VECTOR_BYTES);
    }
    transpose_16x16(row);
    nn_store_sums_avx512vnni(&target, row, nn_min(tile->pixel_count - v * 16, 16), 1);
    nn_target_advance(&target, 16);
  }
}

NN_AVX512VNNI_INLINE void multiply(const nn_sparse_tile *tile, const int vectors) {
  int is_plain = tile->is_last && nn_target_is_plain(&tile->target);
  const nn_range_of_bytes bytes = {
    _mm512_set1_epi16((int16_t)tile->target.zero_point),
    _mm512_set1_epi8((int8_t)tile->target.epilogue->lo),
    _mm512_set1_epi8((int8_t)tile->target.epilogue->hi),
  };
  for (int place = 0; place < NN_PANEL; place++) {
    int channel = tile->channels[place];
    nn_channel_sums sums = multiply_channel(tile, place, vectors);
    uint8_t *destination = tile->sums + channel * vectors * NN_VECTOR_BYTES;
#pragma clang loop unroll(full)
    for (int v = 0; v < vectors; v++) {
      if (!is_plain) {
        _mm512_storeu_si512(destination + v * NN_VECTOR_BYTES, sums.of[v]);
      } else if (v % 4 == 0) {
        _mm512_storeu_si512(destination + v * NN_VECTOR_BYTES, requantize(&tile->target, bytes, channel, sums.of + v, nn_min(vectors - v, 4)));
      }
    }
  }
  if (is_plain) {
    int is_full = tile->pixel_count == vectors * 16 && tile->target.channel_count >= NN_PANEL;
#pragma clang loop unroll(full)
    for (int first = 0; first < vectors; first += 4) {
      if (is_full) {
        store_bytes(tile, first, vectors, 1);
      } else {
        store_bytes(tile, first, vectors, 0);
      }
    }
  } else if (tile->is_last) {
    store_sums(tile, vectors);
  }
}

#define MULTIPLY(vectors) \
  NN_AVX512VNNI static void multiply_##vectors(const nn_sparse_tile *tile) { multiply(tile, vectors); }

MULTIPLY(1) MULTIPLY(2) MULTIPLY(3) MULTIPLY(4) MULTIPLY(5) MULTIPLY(6)

static const nn_sparse_set sparse_set = {
  .pixels = 16,
  .vectors = 6,
  .transpose = transpose,
  .multiply = {multiply_1, multiply_2, multiply_3, multiply_4, multiply_5, multiply_6},
};

void nn_sparse_avx512vnni(const nn_step *step, uint8_t *arena, uint8_t *scratch, nn_range range) {
  nn_sparse(&sparse_set, step, arena, scratch, range);
}

#endif
