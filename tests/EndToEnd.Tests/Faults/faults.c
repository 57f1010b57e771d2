/* Loaded before the C library (LD_PRELOAD): the n-th call of one kind on a file below a folder fails.
 *
 *   FAULT_CALL   fsync (fdatasync too) or write (pwrite too)
 *   FAULT_AT     which one, from 1; each process counts for itself
 *   FAULT_LASTS  how many fail from there on; 1 when not set
 *   FAULT_ERRNO  5 is EIO, 28 is ENOSPC
 *   FAULT_BELOW  the folder, without links
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <limits.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

static atomic_long calls;

static int fails(int fd, const char *call)
{
    const char *wanted = getenv("FAULT_CALL"), *below = getenv("FAULT_BELOW"), *at = getenv("FAULT_AT"), *lasts = getenv("FAULT_LASTS");
    char link[64], path[PATH_MAX];
    if (!wanted || !below || !at || strcmp(wanted, call))
        return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length < 0)
        return 0;
    path[length] = 0;
    if (strncmp(path, below, strlen(below)))
        return 0;
    long count = atomic_fetch_add(&calls, 1) + 1, first = atol(at);
    if (count < first || count >= first + (lasts ? atol(lasts) : 1))
        return 0;
    errno = getenv("FAULT_ERRNO") ? atoi(getenv("FAULT_ERRNO")) : EIO;
    return 1;
}

int fsync(int fd)
{
    static int (*next)(int);
    if (!next) next = (int (*)(int))dlsym(RTLD_NEXT, "fsync");
    return fails(fd, "fsync") ? -1 : next(fd);
}

int fdatasync(int fd)
{
    static int (*next)(int);
    if (!next) next = (int (*)(int))dlsym(RTLD_NEXT, "fdatasync");
    return fails(fd, "fsync") ? -1 : next(fd);
}

ssize_t write(int fd, const void *bytes, size_t count)
{
    static ssize_t (*next)(int, const void *, size_t);
    if (!next) next = (ssize_t (*)(int, const void *, size_t))dlsym(RTLD_NEXT, "write");
    return fails(fd, "write") ? -1 : next(fd, bytes, count);
}

ssize_t pwrite(int fd, const void *bytes, size_t count, off_t offset)
{
    static ssize_t (*next)(int, const void *, size_t, off_t);
    if (!next) next = (ssize_t (*)(int, const void *, size_t, off_t))dlsym(RTLD_NEXT, "pwrite");
    return fails(fd, "write") ? -1 : next(fd, bytes, count, offset);
}

ssize_t pwrite64(int fd, const void *bytes, size_t count, off64_t offset)
{
    static ssize_t (*next)(int, const void *, size_t, off64_t);
    if (!next) next = (ssize_t (*)(int, const void *, size_t, off64_t))dlsym(RTLD_NEXT, "pwrite64");
    return fails(fd, "write") ? -1 : next(fd, bytes, count, offset);
}
