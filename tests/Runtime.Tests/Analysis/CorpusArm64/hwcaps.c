/* What the kernel tells of this processor: AT_HWCAP and AT_HWCAP2. */
#include <stdio.h>
unsigned long getauxval(unsigned long);
int main(void) { printf("%lx %lx\n", getauxval(16), getauxval(26)); }
