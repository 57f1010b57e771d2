namespace Provenance.Kernel.Tests.Observing;

/// <summary>A C program that makes the calls that no ordinary program shows, each after a look for <c>/mark/NAME</c>.</summary>
internal static class CallsProgram
{
    public const string Source = """
        #define _GNU_SOURCE
        #include <arpa/inet.h>
        #include <errno.h>
        #include <fcntl.h>
        #include <linux/openat2.h>
        #include <linux/seccomp.h>
        #include <linux/filter.h>
        #include <pthread.h>
        #include <setjmp.h>
        #include <signal.h>
        #include <stddef.h>
        #include <stdio.h>
        #include <stdlib.h>
        #include <string.h>
        #include <sys/mman.h>
        #include <sys/prctl.h>
        #include <sys/socket.h>
        #include <sys/stat.h>
        #include <sys/syscall.h>
        #include <sys/un.h>
        #include <sys/wait.h>
        #include <sys/xattr.h>
        #include <unistd.h>
        static sigjmp_buf before; static const char *narrow = "";
        static void refused(int s) { siglongjmp(before, s); }
        static char path[8192];
        static void mark(const char *name) { snprintf(path, sizeof path, "/mark/%s", name); open(path, O_RDONLY); }
        static int make(const char *name, const char *text) {
          int fd = open(name, O_CREAT | O_RDWR, 0644); write(fd, text, strlen(text)); return fd; }
        static const char *proc(const char *middle, int fd) { snprintf(path, sizeof path, "/proc/%s/fd/%d", middle, fd); return path; }
        static void *thread(void *x) {
          int fd = open("/data/dir/thread", O_CREAT | O_WRONLY, 0600);
          open(proc("thread-self", fd), O_RDONLY);
          return x; }
        int main(int argc, char **argv) {
          if (argc > 1) return 0;
          mark("setup");
          mkdir("/data/dir", 0755); make("/data/dir/file", "text"); make("/data/a", "a"); make("/data/b", "b");
          symlink("dir", "/data/link"); symlink("/data/loop2", "/data/loop1"); symlink("loop1", "/data/loop2");
          symlink("/data/link/made", "/data/dangling");
          int d = open("/data/dir", O_DIRECTORY), f;
          mark("open-flags");
          open("/data/new", O_CREAT | O_EXCL | O_WRONLY, 0600); open("/data/a", O_TRUNC | O_RDWR); open("/data/b", O_WRONLY | O_APPEND);
          creat("/data/c", 0600); open("/data/dir", O_RDONLY); open("/data/a", O_PATH);
          mark("folder-descriptor"); openat(d, "file", O_RDONLY); openat(d, "../a", O_RDONLY); openat(d, "gone/x", O_RDONLY); openat(99, "x", O_RDONLY);
          mark("openat2");
          struct open_how how = { .flags = O_RDONLY, .resolve = RESOLVE_IN_ROOT };
          syscall(SYS_openat2, d, "/file", &how, sizeof how);
          how.resolve = RESOLVE_NO_SYMLINKS; syscall(SYS_openat2, AT_FDCWD, "/data/link", &how, sizeof how);
          mark("links"); open("/data/link/file", O_RDONLY); open("/data/loop1", O_RDONLY); open("/data/dangling", O_CREAT | O_WRONLY, 0600);
          open("/data/link", O_RDONLY | O_NOFOLLOW); open("/data/link/../b", O_RDONLY); open("/data/gone/../b", O_RDONLY); open("/data//./b", O_RDONLY);
          mark("proc"); f = open("/data/dir/file", O_RDONLY);
          mark("proc-self"); open(proc("self", f), O_RDONLY); open("/proc/self/root/data/b", O_RDONLY); open("/dev/fd/0", O_RDONLY);
          int pipes[2]; pipe(pipes); open(proc("self", pipes[0]), O_RDONLY); open("/proc/self/fd/77", O_RDONLY);
          mark("working-folder"); chdir("/data/dir"); open("file", O_RDONLY); open("../b", O_RDONLY); open("/proc/self/cwd/file", O_RDONLY);
          chdir("/"); fchdir(d); open("file", O_RDONLY); chdir("/data"); open("link/file", O_RDONLY); open("./b", O_RDONLY);
          mark("deleted"); f = make("/data/gone", "x"); unlink("/data/gone"); open(proc("self", f), O_RDONLY);
          mkdir("/data/left", 0755); chdir("/data/left"); rmdir("/data/left"); open("x", O_RDONLY); chdir("/data");
          mark("names"); rename("/data/a", "/data/b"); link("/data/b", "/data/hard"); rename("/data/nowhere", "/data/b");
          syscall(SYS_renameat2, d, "file", AT_FDCWD, "/data/b", 2); syscall(SYS_renameat2, AT_FDCWD, "b", AT_FDCWD, "hard", 1);
          symlink("nowhere", "/data/sym"); linkat(AT_FDCWD, "sym", AT_FDCWD, "sym2", 0); unlinkat(AT_FDCWD, "sym2", 0);
          mkdirat(d, "sub", 0755); unlinkat(d, "sub", AT_REMOVEDIR); mknod("/data/fifo", S_IFIFO | 0600, 0);
          truncate("/data/b", 2); truncate("/data/b", 0);
          mark("attributes"); chmod("/data/b", 0600); lchown("/data/sym", -1, -1); utimensat(d, "file", 0, 0); futimens(f, 0);
          setxattr("/data/b", "user.x", "y", 1, 0); lremovexattr("/data/b", "user.x"); fchmod(f, 0600);
          mark("long");
          memset(path, 0, sizeof path); strcpy(path, "/data/"); while (strlen(path) < 4090) strcat(path, "./"); strcat(path, "b"); open(path, O_RDONLY);
          memset(path, 'x', 5000); path[0] = '/'; path[5000] = 0; open(path, O_RDONLY);
          char *page = mmap(0, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0); mprotect(page + 4096, 4096, PROT_NONE);
          strcpy(page + 4096 - 8, "/data/b"); open(page + 4096 - 8, O_RDONLY);
          page[4095] = 'x'; open(page + 4096 - 8, O_RDONLY); open((char *)8, O_RDONLY); open("", O_RDONLY);
          mark("bytes"); open("/data/\xff\xfe", O_CREAT | O_WRONLY, 0600); unlink("/data/\xff\xfe");
          mark("thread"); pthread_t t; pthread_create(&t, 0, thread, 0); pthread_join(t, 0);
        #ifdef __x86_64__
          mark("narrow"); static char low[] = "/data/b"; long r;
          signal(SIGSEGV, refused);
          if (!sigsetjmp(before, 1))
            __asm__ volatile("int $0x80" : "=a"(r) : "a"(5L), "b"((long)low), "c"(0L), "d"(0L) : "memory", "r8", "r9", "r10", "r11");
          else narrow = " no int80";
          signal(SIGSEGV, SIG_DFL);
        #endif
          mark("sockets");
          struct sockaddr_un un = { AF_UNIX, "/data/socket" }; int s = socket(AF_UNIX, SOCK_STREAM, 0);
          bind(s, (void *)&un, sizeof un); listen(s, 1); int c = socket(AF_UNIX, SOCK_STREAM, 0); connect(c, (void *)&un, sizeof un);
          memcpy(un.sun_path, "\0hidden", 7); connect(c, (void *)&un, offsetof(struct sockaddr_un, sun_path) + 7);
          struct sockaddr_in in = { AF_INET, htons(9), { htonl(0x7F000001) } }; s = socket(AF_INET, SOCK_STREAM, 0); connect(s, (void *)&in, sizeof in);
          struct sockaddr_in6 in6 = { AF_INET6, htons(7), 0, IN6ADDR_LOOPBACK_INIT }; s = socket(AF_INET6, SOCK_DGRAM, 0); sendto(s, "x", 1, 0, (void *)&in6, sizeof in6);
          in.sin_port = htons(53); s = socket(AF_INET, SOCK_DGRAM, 0); connect(s, (void *)&in, sizeof in);
          char ask[] = "\x12\x34\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00\x07""example\x03org\x00\x00\x01\x00\x01";
          struct iovec v = { ask, sizeof ask - 1 }; struct mmsghdr m[2] = { { { 0, 0, &v, 1 } }, { { 0, 0, &v, 1 } } }; sendmmsg(s, m, 2, 0);
          in.sin_port = 0; s = socket(AF_INET, SOCK_DGRAM, 0); bind(s, (void *)&in, sizeof in);
          mark("notes"); memfd_create("memory", 0); memfd_create("again", 0); errno = 0; syscall(SYS_io_uring_setup, 1, 0); int ring = errno;
          open("/data", O_TMPFILE | O_RDWR, 0600);
          struct sock_filter allow = { 6, 0, 0, 0x7fff0000 }; struct sock_fprog prog = { 1, &allow };
          errno = 0; syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER, &prog); int listener = errno;
          printf("ring %d listener %d%s\n", ring, listener, narrow); fflush(stdout);
          mark("programs"); char *again[] = { "calls", "again", 0 }, *env[] = { 0 };
          f = make("/data/script", "#!/data/inner -x\n"); fchmod(f, 0755); close(f); f = make("/data/inner", "#!/bin/calls\n"); fchmod(f, 0755); close(f);
          f = open("/bin/calls", O_RDONLY);
          if (!fork()) { syscall(SYS_execveat, f, "", again, env, AT_EMPTY_PATH); _exit(1); } wait(0);
          if (!vfork()) { execve("/data/script", again, env); _exit(1); } wait(0);
          if (!fork()) { execve("/data/nowhere", again, env); execve("/data/b", again, env); _exit(1); } wait(0);
          mark("daemon");
          if (!fork()) { setsid(); if (!fork()) { usleep(50000); open("/data/b", O_RDONLY); _exit(0); } _exit(0); } wait(0); usleep(100000);
          mark("end");
          return 0;
        }
        """;
}
