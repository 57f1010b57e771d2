/* A constructor that needs what nobody checked, before main. */
#include "kernels.inc"
__attribute__((target("arch=armv8-a+sve"))) WORK(wide)
static int32_t one[N], two[N];
static int64_t before;
__attribute__((constructor)) static void early(void) { for (int i = 0; i < N; i++) { one[i] = i; two[i] = 2; } before = wide(one, two, N); }
int main(void) { printf("%lld\n", (long long)before); }
