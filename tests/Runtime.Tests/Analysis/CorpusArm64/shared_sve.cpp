#include "shared.inc"
long for_sve(const int *a, const int *b) { return sum<1027>(a, b); }
