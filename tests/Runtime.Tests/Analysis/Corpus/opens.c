/* Opens a library beside it; with -DGUARD the one that fits. */
#include <dlfcn.h>
#include <stdio.h>
#include <string.h>
int main(int argc, char **argv)
{
    static double a[1024], b[1024];
    char path[4096];
    for (int i = 0; i < 1024; i++) { a[i] = i; b[i] = 2; }
    strcpy(path, argv[0]);
    strcpy(strrchr(path, '/') + 1,
#ifdef GUARD
           __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") ? "libv3.so" : "libv1.so"
#else
           "libv3.so"
#endif
    );
    void *handle = dlopen(path, RTLD_NOW);
    if (!handle) { puts(dlerror()); return 3; }
    printf("%.10g\n", ((double (*)(const double *, const double *, int))dlsym(handle, "library"))(a, b, 1024));
    return 0;
}
