/* One function with one instruction, run unchecked: -DTEXT='"crc32b w0, w0, w1"' -DARCH='"armv8-a+crc"'. Its result is not printed. */
#include <stdio.h>
__asm__(".arch " ARCH);
__attribute__((noinline)) static long use(long *at)
{
    register long x1 __asm__("x1") = (long)at;
    __asm__ volatile(TEXT : "+r"(x1) : : "x0", "x2", "x3", "v0", "v1", "v2", "memory", "cc");
    return x1 != 0;
}
int main(void) { static long at[16]; printf("%ld\n", use(at)); }
