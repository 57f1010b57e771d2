# The interpreter of a SyscallProgram (see SyscallProgram.cs for the layout of a step), x86-64.
# It is position-independent, uses no stack after its entry, and touches nothing but the steps, so that it can run
# in a child made by clone(2), in which no managed code may run. StubCode.cs holds its bytes; a test reassembles them.
#
#   long run(struct step *first)       System V calling convention; returns when it meets a step with nr < 0
.intel_syntax noprefix
.text
run:
    push rbx
    mov rbx, rdi
next:
    mov rax, [rbx]              # nr
    test rax, rax
    js done
    mov rdi, [rbx+8]
    mov rsi, [rbx+16]
    mov rdx, [rbx+24]
    mov r10, [rbx+32]
    mov r8, [rbx+40]
    mov r9, [rbx+48]
    syscall
    mov rcx, [rbx+56]           # store the result?
    test rcx, rcx
    jz compare
    mov [rcx], rax
compare:
    cmp rax, [rbx+64]           # the result that has a way of its own
    je matched
    cmp rax, -4095              # -4095 … -1 are errors
    jae failed
    mov rbx, [rbx+80]
    jmp next
matched:
    mov rbx, [rbx+72]
    jmp next
failed:
    mov rcx, [rbx+88]           # an error that has a way of its own?
    test rcx, rcx
    jz report
    mov rbx, rcx
    jmp next
report:                         # write(report, {index, errno}, 8); exit_group(125)
    neg eax
    mov [rbx+100], eax
    mov rdi, [rbx+104]
    lea rsi, [rbx+96]
    mov edx, 8
    mov eax, 1
    syscall
    mov edi, 125
    mov eax, 231
    syscall
done:
    pop rbx
    ret
    .balign 8
thread_pointer:                 # long thread_pointer(void): where this thread's storage begins
    mov rax, fs:0
    ret
