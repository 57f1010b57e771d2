/* Root mean square of a recording, built for processors of today: -march=x86-64-v3, that is AVX2 and FMA. */
#include <math.h>
#include <stdio.h>

static double x[1 << 16];

int main(void)
{
    int n = 0;
    while (n < 1 << 16 && scanf("%lf", &x[n]) == 1) n++;
    double sum = 0;
    for (int i = 0; i < n; i++) sum += x[i] * x[i];
    FILE *out = fopen("rms.txt", "w");
    fprintf(out, "%.6f mV\n", sqrt(sum / n));
    return fclose(out);
}
