/* One multiplication of two matrices of the given size, by the BLAS that it is linked with. */
#include <stdlib.h>
void dgemm_(char *, char *, int *, int *, int *, double *, double *, int *, double *, int *, double *, double *, int *);
int main(int count, char **argument) {
  int n = count > 1 ? atoi(argument[1]) : 1000;
  double *a = malloc(sizeof(double) * n * n), *b = malloc(sizeof(double) * n * n), *c = calloc((size_t)n * n, sizeof(double)), one = 1;
  for (int i = 0; i < n * n; i++) { a[i] = 1.0 / (i + 1); b[i] = 1.0 / (i + 2); }
  dgemm_("N", "N", &n, &n, &n, &one, a, &n, b, &n, &one, c, &n);
  return c[0] == 0;
}
