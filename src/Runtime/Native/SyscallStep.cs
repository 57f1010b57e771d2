namespace Provenance.Runtime.Native;

/// <summary>One system call of a <see cref="SyscallProgram"/>, and where it goes on from there.</summary>
/// <param name="call">What to call.</param>
/// <param name="subject">What it is about, for the message when it fails: a path or a name; null where it has none.</param>
/// <param name="arguments">At most six.</param>
internal sealed class SyscallStep(Syscall call, string? subject, params StepArgument[] arguments)
{
    public const int MaxArguments = 6;

    public Syscall Call { get; } = call;

    public string? Subject { get; } = subject;

    public IReadOnlyList<StepArgument> Arguments { get; } = arguments;

    /// <summary>The result that leads to <see cref="OnMatch"/>; null for none, unless an earlier step fills it in.</summary>
    public long? Match { get; init; }

    public SyscallStep? OnMatch { get; set; }

    /// <summary>Null for the next one.</summary>
    public SyscallStep? OnSuccess { get; set; }

    /// <summary>Null reports the failure and ends the process, unless <see cref="IgnoreError"/>.</summary>
    public SyscallStep? OnError { get; set; }

    /// <summary>An error leads to the next step as a success does.</summary>
    public bool IgnoreError { get; init; }

    /// <summary>The step that takes this one's result, such as a descriptor, as its argument of that index.</summary>
    public (SyscallStep Step, int Argument)? ResultTo { get; init; }

    /// <summary>Eight bytes that take this one's result.</summary>
    public byte[]? StoreAt { get; init; }

    /// <summary>A message that takes this one's result as the descriptor it passes on.</summary>
    public DescriptorMessage? StoreIn { get; init; }

    /// <summary>The step that compares its own results with this one's.</summary>
    public SyscallStep? ResultToMatch { get; init; }

    public override string ToString() => Subject is null ? Call.Name : $"{Call.Name} '{Subject}'";
}
