/* Writes AVX2 instructions into memory and runs them; with -DGUARD only where there is AVX2. */
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
int main(void)
{
    unsigned char code[] = {0xc5, 0xfd, 0x76, 0xc0, 0xc5, 0xf8, 0x77, 0xb8, 7, 0, 0, 0, 0xc3}; /* vpcmpeqd ymm0,ymm0,ymm0; vzeroupper; mov eax,7; ret */
    unsigned char *memory = mmap(0, 4096, 7, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
#ifdef GUARD
    if (!__builtin_cpu_supports("avx2")) { puts("7"); return 0; }
#endif
    memcpy(memory, code, sizeof code);
    printf("%d\n", ((int (*)(void))memory)());
    return 0;
}
