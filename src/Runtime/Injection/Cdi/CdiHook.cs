namespace Provenance.Runtime.Injection.Cdi;

/// <summary>A program of the host that a runtime is to run on the way to the container.</summary>
internal sealed record CdiHook
{
    /// <summary><c>createContainer</c> and such.</summary>
    public required string HookName { get; init; }

    public required string Path { get; init; }

    /// <summary>The program's own name included.</summary>
    public IReadOnlyList<string>? Args { get; init; }

    public IReadOnlyList<string>? Env { get; init; }

    /// <summary>In seconds.</summary>
    public long? Timeout { get; init; }
}
