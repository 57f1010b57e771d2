/* target_clones: the linker's IFUNC chooses. */
#include <stdio.h>
#define N 4096
static double a[N], b[N];
__attribute__((target_clones("default", "arch=x86-64-v3", "arch=x86-64-v4"), noinline)) void axpy(double *x, const double *y, double k, int n) { for (int i = 0; i < n; i++) x[i] += k * y[i]; }
int main(void) { for (int i = 0; i < N; i++) { a[i] = i; b[i] = i * .5; } axpy(a, b, 2.0, N); printf("%.10g\n", a[N - 1]); return 0; }
