/* Writes an instruction and runs it: ldadd, whatever the machine. */
#include <stdint.h>
#include <stdio.h>
#include <sys/mman.h>
int main(void)
{
    uint32_t *code = mmap(0, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    code[0] = 0xf8210000; code[1] = 0xd65f03c0;
    __builtin___clear_cache((char *)code, (char *)(code + 2));
    long total = 1;
    ((long (*)(long *, long))code)(&total, 5);
    printf("%ld\n", total);
}
