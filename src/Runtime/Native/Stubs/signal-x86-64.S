# The signal handler of SignalForwarder, x86-64: writes the siginfo (128 bytes) to a pipe, and nothing else.
# The descriptor of the pipe is the 32-bit word at the end. Position-independent; errno is not touched, since the
# system call is made directly. StubCode.cs holds its bytes; a test reassembles them.
#
#   void handler(int signal, siginfo_t *info, void *context), then the restorer that SA_RESTORER wants
.intel_syntax noprefix
.text
handler:
    mov edi, [rip+descriptor]
    mov edx, 128                # rsi is the siginfo already
    mov eax, 1                  # write
    syscall
    ret
    .balign 8
restorer:                       # at 24
    mov eax, 15                 # rt_sigreturn
    syscall
    .balign 8
descriptor:                     # at 32
    .long -1
