/* IFUNC, whose resolver is handed AT_HWCAP; -DWRONG takes what is not there. */
#include "kernels.inc"
WORK(plain)
__attribute__((target("arch=armv8-a+sve"))) WORK(wide)
typedef int64_t kernel(const int32_t *, const int32_t *, int);
#ifdef WRONG
static kernel *resolve(uint64_t hwcap) { return hwcap & HWCAP_CRC32 ? wide : plain; }
#else
static kernel *resolve(uint64_t hwcap) { return hwcap & HWCAP_SVE ? wide : plain; }
#endif
__attribute__((ifunc("resolve"))) kernel work;
int main(void) { FILL printf("%lld\n", (long long)work(a, b, N)); }
