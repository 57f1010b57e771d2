namespace Provenance.Archive.Records;

/// <summary>What the kernel runs programs of other machines by: an entry of binfmt_misc that counts in containers too.</summary>
public sealed record ProgramHandler
{
    /// <summary>Of the entry, such as <c>qemu-aarch64</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Absolute path on the host.</summary>
    public required string Interpreter { get; init; }

    /// <summary>Those whose programs it gets, as OCI names them, in order.</summary>
    public required IReadOnlyList<string> Architectures { get; init; }
}
