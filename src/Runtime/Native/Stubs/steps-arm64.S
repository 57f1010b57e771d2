// The interpreter of a SyscallProgram (see SyscallProgram.cs for the layout of a step), arm64.
// It is position-independent, uses no stack after its entry, and touches nothing but the steps, so that it can run
// in a child made by clone(2), in which no managed code may run. StubCode.cs holds its bytes; a test reassembles them.
//
//   long run(struct step *first)       AAPCS64 calling convention; returns when it meets a step with nr < 0
.text
run:
    str x19, [sp, #-16]!
    mov x19, x0
next:
    ldr x8, [x19]               // nr
    tbnz x8, #63, done
    ldp x0, x1, [x19, #8]
    ldp x2, x3, [x19, #24]
    ldp x4, x5, [x19, #40]
    svc #0
    ldr x9, [x19, #56]          // store the result?
    cbz x9, compare
    str x0, [x9]
compare:
    ldp x10, x11, [x19, #64]    // the result that has a way of its own, and the way
    cmp x0, x10
    b.eq matched
    cmn x0, #4095               // -4095 … -1 are errors
    b.hs failed
    ldr x19, [x19, #80]
    b next
matched:
    mov x19, x11
    b next
failed:
    ldr x9, [x19, #88]          // an error that has a way of its own?
    cbz x9, report
    mov x19, x9
    b next
report:                         // write(report, {index, errno}, 8); exit_group(125)
    neg w0, w0
    str w0, [x19, #100]
    ldr x0, [x19, #104]
    add x1, x19, #96
    mov x2, #8
    mov x8, #64
    svc #0
    mov x0, #125
    mov x8, #94
    svc #0
done:
    ldr x19, [sp], #16
    ret
    .balign 8
thread_pointer:                 // long thread_pointer(void): where this thread's storage begins
    mrs x0, tpidr_el0
    ret
