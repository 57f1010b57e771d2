#include <stdio.h>
double library(const double *x, const double *y, int n);
int main(void) { static double a[1024], b[1024]; for (int i = 0; i < 1024; i++) { a[i] = i; b[i] = 2; } printf("%.10g\n", library(a, b, 1024)); return 0; }
