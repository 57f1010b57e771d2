/* Four objects: one asks the processor, one has the fast code, one decides by the first whether the second is used, and the program does as it is told. */
#ifdef ASKS
#include <cpuid.h>
int asks(void)
{
    unsigned a, b, c, d;
    return __get_cpuid_count(7, 0, &a, &b, &c, &d) && (b >> 5 & 1);
}
#elif defined FAST
int is_built(void) { return 1; }
double fast(const double *x, const double *y, int n)
{
    double s[4] = {0, 0, 0, 0};
    for (int i = 0; i + 4 <= n; i += 4) for (int j = 0; j < 4; j++) s[j] += x[i + j] * y[i + j];
    return s[0] + s[1] + s[2] + s[3];
}
#elif defined DECIDES
int asks(void), is_built(void);
int decides(void) { static int known = -1; return known < 0 ? (known = is_built() && asks()) : known; }
#else
#include <stdio.h>
int decides(void);
double fast(const double *x, const double *y, int n);
int main(void)
{
    static double a[1024], b[1024];
    double s = 0;
    for (int i = 0; i < 1024; i++) { a[i] = i; b[i] = 2; }
#ifdef WRONG
    s = decides() < 0 ? 0 : fast(a, b, 1024);
#else
    if (decides()) s = fast(a, b, 1024);
    else for (int i = 0; i < 1024; i++) s += a[i] * b[i];
#endif
    printf("%.10g\n", s);
    return 0;
}
#endif
