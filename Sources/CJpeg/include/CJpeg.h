#ifndef NN_JPEG_H
#define NN_JPEG_H
int nn_jpeg_version(void);
#endif
