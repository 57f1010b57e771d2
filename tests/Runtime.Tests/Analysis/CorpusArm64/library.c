/* A library compiled for one machine; its caller asks nothing. */
#include "kernels.inc"
WORK(work)
int64_t library(const int32_t *a, const int32_t *b, int n) { return work(a, b, n); }
