// What this CPU and operating system run. Internal to CKernels.
#ifndef NN_CPU_H
#define NN_CPU_H

int nn_cpu_has_avx2(void);
int nn_cpu_has_fma(void);
// F, BW, VL, DQ and VNNI.
int nn_cpu_has_avx512vnni(void);
// 1: bytes can be permuted by bytes (VBMI), besides the above.
int nn_cpu_has_avx512vbmi(void);

#endif
