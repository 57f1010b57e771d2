/* A table of kernels, chosen once. */
#include "kernels.inc"
WORK(plain)
__attribute__((target("arch=armv8-a+sve"))) WORK(wide)
static int64_t (*chosen)(const int32_t *, const int32_t *, int) = plain;
__attribute__((constructor)) static void choose(void) { if (getauxval(16) & HWCAP_SVE) chosen = wide; }
int main(void) { FILL printf("%lld\n", (long long)chosen(a, b, N)); }
