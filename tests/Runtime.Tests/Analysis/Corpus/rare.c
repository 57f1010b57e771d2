/* One function for AVX2 that only runs with an argument, and no check of the processor. */
#include <stdio.h>
__attribute__((target("avx2,fma"), noinline)) static double rare(const double *x, int n) { double s = 0; for (int i = 0; i < n; i++) s += x[i] * x[i]; return s; }
int main(int argc, char **argv)
{
    static double a[1024];
    double s = 0;
    for (int i = 0; i < 1024; i++) a[i] = i;
    if (argc > 1) s = rare(a, 1024);
    else for (int i = 0; i < 1024; i++) s += a[i];
    printf("%.10g\n", s);
    return 0;
}
