/* A numeric program that the compiler vectorises: prints what it computes. */
#include <stdint.h>
#include <stdio.h>
#define N 4096
static double a[N], b[N];
static uint32_t u[N];
__attribute__((noinline)) double dot(const double *x, const double *y, int n) { double s = 0; for (int i = 0; i < n; i++) s += x[i] * y[i]; return s; }
__attribute__((noinline)) void axpy(double *x, const double *y, double k, int n) { for (int i = 0; i < n; i++) x[i] += k * y[i]; }
__attribute__((noinline)) uint32_t hash(const uint32_t *p, int n) { uint32_t h = 0; for (int i = 0; i < n; i++) h += p[i] * 2654435761u ^ (p[i] >> 7); return h; }
__attribute__((noinline)) int bits(const uint32_t *p, int n) { int c = 0; for (int i = 0; i < n; i++) { c += __builtin_popcount(p[i]); c += p[i] ? __builtin_clz(p[i]) : 32; } return c; }
int main(int argc, char **argv)
{
    for (int i = 0; i < N; i++) { a[i] = i * 0.5; b[i] = 1.0 / (i + 1); u[i] = i * i + argc; }
    axpy(a, b, 3.0, N);
    printf("%.8g %u %d\n", dot(a, b, N), hash(u, N), bits(u, N));
    return 0;
}
