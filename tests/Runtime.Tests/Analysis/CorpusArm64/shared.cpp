#include "shared.inc"
extern "C" int printf(const char *, ...);
extern "C" unsigned long getauxval(unsigned long);
long for_sve(const int *, const int *);
static int a[1027], b[1027];
int main() { for (int i = 0; i < 1027; i++) { a[i] = i; b[i] = 3; } printf("%ld\n", (getauxval(16) & 1 << 22) != 0 ? for_sve(a, b) : sum<1027>(a, b)); }
