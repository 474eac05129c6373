#include <png.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "CImage.h"

// What an ancillary chunk (text, colour profile) may take when inflated.
enum { MAX_CHUNK_BYTES = 1 << 20 };

typedef struct png_reader {
  png_structp codec;
  png_infop info;
  const uint8_t *bytes;
  size_t byte_count;
  char *message;
  png_bytep *rows;
} png_reader;

static void fail(png_structp codec, png_const_charp text) {
  png_reader *reader = png_get_error_ptr(codec);
  snprintf(reader->message, NN_IMAGE_MESSAGE_BYTES, "%s", text);
  longjmp(png_jmpbuf(codec), 1);
}

static void ignore(png_structp codec, png_const_charp text) {
  (void)codec;
  (void)text;
}

static void read_bytes(png_structp codec, png_bytep destination, size_t count) {
  png_reader *reader = png_get_io_ptr(codec);
  if (count > reader->byte_count) png_error(codec, "the file ends early");
  memcpy(destination, reader->bytes, count);
  reader->bytes += count;
  reader->byte_count -= count;
}

static void close_reader(png_reader *reader) {
  free(reader->rows);
  png_destroy_read_struct(&reader->codec, &reader->info, NULL);
}

static int create_reader(png_reader *reader) {
  reader->codec = png_create_read_struct(PNG_LIBPNG_VER_STRING, reader, fail, ignore);
  if (reader->codec) reader->info = png_create_info_struct(reader->codec);
  if (reader->info) return 1;
  snprintf(reader->message, NN_IMAGE_MESSAGE_BYTES, "libpng cannot start");
  png_destroy_read_struct(&reader->codec, NULL, NULL);
  return 0;
}

// Reads everything before the pixels and asks for gray or RGB, 8 bits.
static nn_image read_info(png_reader *reader) {
  png_structp codec = reader->codec;
  png_set_user_limits(codec, INT32_MAX, INT32_MAX);
  png_set_chunk_malloc_max(codec, MAX_CHUNK_BYTES);
  png_set_read_fn(codec, reader, read_bytes);
  png_read_info(codec, reader->info);
  int color = png_get_color_type(codec, reader->info);
  png_set_strip_16(codec);
  png_set_strip_alpha(codec);
  if (color == PNG_COLOR_TYPE_PALETTE) png_set_palette_to_rgb(codec);
  if (color == PNG_COLOR_TYPE_GRAY) png_set_expand_gray_1_2_4_to_8(codec);
  png_set_interlace_handling(codec);
  nn_image image = {
      .width = (int32_t)png_get_image_width(codec, reader->info),
      .height = (int32_t)png_get_image_height(codec, reader->info),
      .channels = color == PNG_COLOR_TYPE_GRAY || color == PNG_COLOR_TYPE_GRAY_ALPHA ? 1 : 3,
  };
  return image;
}

static int read_size(png_reader *reader, nn_image *image) {
  if (setjmp(png_jmpbuf(reader->codec))) return 0;
  *image = read_info(reader);
  return 1;
}

static int read_pixels(png_reader *reader, uint8_t *pixels, size_t pixel_byte_count) {
  if (setjmp(png_jmpbuf(reader->codec))) return 0;
  nn_image image = read_info(reader);
  size_t height = (size_t)image.height;
  size_t row_bytes = (size_t)image.width * (size_t)image.channels;
  png_read_update_info(reader->codec, reader->info);
  if (row_bytes * height != pixel_byte_count || png_get_rowbytes(reader->codec, reader->info) != row_bytes)
    png_error(reader->codec, "the size is not that of the header");
  reader->rows = malloc(height * sizeof *reader->rows);
  if (!reader->rows) png_error(reader->codec, "out of memory");
  for (size_t y = 0; y < height; y++) reader->rows[y] = pixels + y * row_bytes;
  png_read_image(reader->codec, reader->rows);
  png_read_end(reader->codec, NULL);
  return 1;
}

int nn_png_read_header(const uint8_t *bytes, size_t byte_count, nn_image *image, char *message) {
  png_reader reader = {.bytes = bytes, .byte_count = byte_count, .message = message};
  if (!create_reader(&reader)) return 0;
  int is_read = read_size(&reader, image);
  close_reader(&reader);
  return is_read;
}

int nn_png_decode(const uint8_t *bytes, size_t byte_count, uint8_t *pixels, size_t pixel_byte_count, char *message) {
  png_reader reader = {.bytes = bytes, .byte_count = byte_count, .message = message};
  if (!create_reader(&reader)) return 0;
  int is_read = read_pixels(&reader, pixels, pixel_byte_count);
  close_reader(&reader);
  return is_read;
}
