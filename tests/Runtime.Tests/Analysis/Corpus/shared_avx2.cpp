#include "shared.h"
extern "C" double kernel_avx2(const double *x, int n) { Sum<double> a{0}; a.add(x, n); return a.s * 1.0; }
extern "C" double virtual_avx2(const double *x, int n) { Virtual<double> *a = new Virtual<double>; a->add(x, n); double s = a->s; delete a; return s; }
