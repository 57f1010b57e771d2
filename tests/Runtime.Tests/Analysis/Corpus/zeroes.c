/* Counts leading zeroes: compiled with -mlzcnt it gives other numbers where there is no lzcnt, and no error. */
#include <stdint.h>
#include <stdio.h>
__attribute__((noinline)) int zeroes(uint64_t x) { return __builtin_clzll(x); }
int main(int argc, char **argv) { printf("%d\n", zeroes(((uint64_t)argc) << 20)); return 0; }
