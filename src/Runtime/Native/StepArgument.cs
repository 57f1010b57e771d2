namespace Provenance.Runtime.Native;

/// <summary>An argument of a system call: a number, or the address of something that is put into memory beforehand.</summary>
/// <param name="Value">The number; an offset into the content where there is one.</param>
/// <param name="Content">A string, a byte[] (shared by all that name the same array), a string list, a filter or a message.</param>
internal readonly record struct StepArgument(long Value, object? Content = null)
{
    public static implicit operator StepArgument(long value) => new(value);

    public static implicit operator StepArgument(uint value) => new(value);

    /// <summary>Zero-terminated UTF-8.</summary>
    public static implicit operator StepArgument(string text) => new(0, text);

    public static implicit operator StepArgument(byte[] bytes) => new(0, bytes);

    /// <summary>The address of an array of addresses of strings, ended by null, as execve(2) wants it.</summary>
    public static StepArgument Vector(IReadOnlyList<string> strings) => new(0, strings);

    /// <summary>The address of a struct sock_fprog, as seccomp(2) wants it.</summary>
    public static StepArgument Filter(SeccompFilter filter) => new(0, filter);

    /// <summary>The address of a struct msghdr, as sendmsg(2) wants it.</summary>
    public static StepArgument Message(DescriptorMessage message) => new(0, message);
}
