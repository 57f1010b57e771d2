#include <cstdio>
#include "shared.h"
extern "C" double kernel_avx2(const double *x, int n);
extern "C" double virtual_avx2(const double *x, int n);
#ifdef VIRTUAL
__attribute__((noinline)) static double plain(Virtual<double> *a, const double *x) { a->add(x, 1024); return a->s; }
#endif
int main()
{
    static double a[1024];
    for (int i = 0; i < 1024; i++) a[i] = i;
    double r;
#ifdef VIRTUAL
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) r = virtual_avx2(a, 1024);
    else { Virtual<double> q; r = plain(&q, a); }
#else
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) r = kernel_avx2(a, 1024);
    else { Sum<double> q{0}; q.add(a, 1024); r = q.s; }
#endif
    std::printf("%.10g\n", r);
}
