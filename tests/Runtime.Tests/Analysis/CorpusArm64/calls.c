#include "kernels.inc"
int64_t library(const int32_t *, const int32_t *, int);
int main(void) { FILL printf("%lld\n", (long long)library(a, b, N)); }
