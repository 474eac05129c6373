#include <setjmp.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
// The library's header needs FILE and size_t declared before it.
#include <jerror.h>
#include <jpeglib.h>

#include "CImage.h"

// A progressive file may repeat scans of the whole picture; real ones have about ten.
enum { MAX_SCANS = 500 };

typedef struct jpeg_reader {
  struct jpeg_decompress_struct codec;
  struct jpeg_error_mgr errors;
  struct jpeg_progress_mgr progress;
  jmp_buf escape;
  char *message;
} jpeg_reader;

static void fail(j_common_ptr codec) {
  jpeg_reader *reader = codec->client_data;
  char text[JMSG_LENGTH_MAX];
  codec->err->format_message(codec, text);
  snprintf(reader->message, NN_IMAGE_MESSAGE_BYTES, "%s", text);
  longjmp(reader->escape, 1);
}

// Missing data is a failure, where the library would paint it gray.
static void fail_on_missing_data(j_common_ptr codec, int level) {
  int code = codec->err->msg_code;
  if (level < 0 && (code == JWRN_JPEG_EOF || code == JWRN_HIT_MARKER)) fail(codec);
}

static void fail_on_too_many_scans(j_common_ptr codec) {
  jpeg_reader *reader = codec->client_data;
  if (reader->codec.input_scan_number <= MAX_SCANS) return;
  snprintf(reader->message, NN_IMAGE_MESSAGE_BYTES, "more than %d scans", MAX_SCANS);
  longjmp(reader->escape, 1);
}

static void open_reader(jpeg_reader *reader, const uint8_t *bytes, size_t byte_count) {
  reader->codec.err = jpeg_std_error(&reader->errors);
  reader->errors.error_exit = fail;
  reader->errors.emit_message = fail_on_missing_data;
  reader->progress.progress_monitor = fail_on_too_many_scans;
  reader->codec.client_data = reader;
  jpeg_create_decompress(&reader->codec);
  reader->codec.progress = &reader->progress;
  jpeg_mem_src(&reader->codec, bytes, byte_count);
  jpeg_read_header(&reader->codec, TRUE);
  reader->codec.out_color_space = reader->codec.num_components == 1 ? JCS_GRAYSCALE : JCS_RGB;
}

static int read_size(jpeg_reader *reader, const uint8_t *bytes, size_t byte_count, nn_image *image) {
  if (setjmp(reader->escape)) return 0;
  open_reader(reader, bytes, byte_count);
  image->width = (int32_t)reader->codec.image_width;
  image->height = (int32_t)reader->codec.image_height;
  image->channels = reader->codec.num_components == 1 ? 1 : 3;
  return 1;
}

static int read_pixels(jpeg_reader *reader, const uint8_t *bytes, size_t byte_count, uint8_t *pixels, size_t pixel_byte_count) {
  if (setjmp(reader->escape)) return 0;
  open_reader(reader, bytes, byte_count);
  j_decompress_ptr codec = &reader->codec;
  jpeg_start_decompress(codec);
  size_t row_bytes = (size_t)codec->output_width * (size_t)codec->output_components;
  if (row_bytes * codec->output_height != pixel_byte_count) {
    snprintf(reader->message, NN_IMAGE_MESSAGE_BYTES, "the size is not that of the header");
    return 0;
  }
  while (codec->output_scanline < codec->output_height) {
    JSAMPROW row = pixels + row_bytes * codec->output_scanline;
    jpeg_read_scanlines(codec, &row, 1);
  }
  jpeg_finish_decompress(codec);
  return 1;
}

int nn_jpeg_read_header(const uint8_t *bytes, size_t byte_count, nn_image *image, char *message) {
  jpeg_reader reader = {.message = message};
  int is_read = read_size(&reader, bytes, byte_count, image);
  jpeg_destroy_decompress(&reader.codec);
  return is_read;
}

int nn_jpeg_decode(const uint8_t *bytes, size_t byte_count, uint8_t *pixels, size_t pixel_byte_count, char *message) {
  jpeg_reader reader = {.message = message};
  int is_read = read_pixels(&reader, bytes, byte_count, pixels, pixel_byte_count);
  jpeg_destroy_decompress(&reader.codec);
  return is_read;
}
