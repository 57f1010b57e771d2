// Right about what it calls, but its own static initialiser is vectorised (faiss 1.14.2).
#include <cstdint>
struct Table { uint64_t v[64]; Table(uint64_t s) { for (int i = 0; i < 64; i++) v[i] = s + i * 3; } };
extern "C" { volatile uint64_t seed = 5; }
Table table(seed);
extern "C" void kernel_avx2(double *x, const double *y, double k, int n) { for (int i = 0; i < n; i++) x[i] += k * y[i] + (double)(table.v[i & 63] & 0); }
