/* Tries an instruction with a handler for SIGILL in place, as OpenSSL did. */
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
static sigjmp_buf back;
static int has;
static void ill(int signal) { siglongjmp(back, signal); }
__attribute__((noinline)) static long fast(long *at) { long old; __asm__ volatile(".arch armv8.1-a+lse\n ldadd %2, %0, [%1]" : "=r"(old) : "r"(at), "r"(5L) : "memory"); return old; }
__attribute__((noinline)) static void probe(void)
{
    long word = 0;
    struct sigaction action = { .sa_handler = ill }, before;
    sigaction(SIGILL, &action, &before);
    if (sigsetjmp(back, 1) == 0) { fast(&word); has = 1; }
    sigaction(SIGILL, &before, 0);
}
int main(void) { long total = 1; probe(); if (has) fast(&total); else total += 5; printf("%ld\n", total); }
