// The signal handler of SignalForwarder, arm64: writes the siginfo (128 bytes) to a pipe, and nothing else.
// The descriptor of the pipe is the 32-bit word at the end. Position-independent; errno is not touched, since the
// system call is made directly. StubCode.cs holds its bytes; a test reassembles them.
//
//   void handler(int signal, siginfo_t *info, void *context), then the restorer that SA_RESTORER wants
.text
handler:
    ldr w0, descriptor
    mov x2, #128                // x1 is the siginfo already
    mov x8, #64                 // write
    svc #0
    ret
    nop
restorer:                       // at 24
    mov x8, #139                // rt_sigreturn
    svc #0
descriptor:                     // at 32
    .word -1
