#include <cstdio>
static double a[4096], b[4096];
extern "C" void kernel_avx2(double *x, const double *y, double k, int n);
__attribute__((noinline)) static void plain(double *x, const double *y, double k, int n) { for (int i = 0; i < n; i++) x[i] += k * y[i]; }
int main()
{
    for (int i = 0; i < 4096; i++) { a[i] = i; b[i] = i * .5; }
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) kernel_avx2(a, b, 2, 4096);
    else plain(a, b, 2, 4096);
    std::printf("%.10g\n", a[4095]);
}
