/* Asks the kernel, and is right; -DWRONG asks for less than it uses, -DNONE asks for nothing, -DID reads an ID register. */
#include "kernels.inc"
WORK(plain)
__attribute__((target("arch=armv8-a+sve"))) WORK(wide)
__attribute__((target("arch=armv8.1-a+lse"), noinline)) static long fast(long *at) { long old; __asm__ volatile("ldadd %2, %0, [%1]" : "=r"(old) : "r"(at), "r"(5L) : "memory"); return old; }
__attribute__((noinline)) static long slow(long *at) { long old = *at; *at += 5; return old; }
#ifdef ID
static int has(int shift) { unsigned long isar, pfr; __asm__("mrs %0, ID_AA64ISAR0_EL1" : "=r"(isar)); __asm__("mrs %0, ID_AA64PFR0_EL1" : "=r"(pfr)); return shift == HWCAP_SVE ? (pfr >> 32 & 15) != 0 : (isar >> 20 & 15) != 0; }
#elif defined(NONE)
static int has(int shift) { return 1; }
#elif defined(WRONG)
static int has(int shift) { return (getauxval(16) & HWCAP_CRC32) != 0; }
#elif defined(INIT)
static unsigned long capabilities;
__attribute__((constructor)) static void ask(void) { capabilities = getauxval(16); }
static int has(int shift) { return (capabilities & shift) != 0; }
#else
static int has(int shift) { return (getauxval(16) & shift) != 0; }
#endif
int main(void)
{
    FILL
    long total = 1;
    if (has(HWCAP_ATOMICS)) fast(&total); else slow(&total);
    printf("%ld %lld\n", total, (long long)(has(HWCAP_SVE) ? wide(a, b, N) : plain(a, b, N)));
}
