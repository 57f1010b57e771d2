namespace Provenance.Archive.Records;

/// <summary>How the host's libraries and devices came into a container: what was asked for, and what was found to say of it.</summary>
public sealed record RunInjection
{
    public required InjectionOptions Options { get; init; }

    /// <summary>What is no file with a content; the files stand in <see cref="RunRecord.Injected"/>.</summary>
    public required IReadOnlyList<InjectedPlace> Places { get; init; }

    /// <summary>Names of the variables that were set for it.</summary>
    public required IReadOnlyList<string> Variables { get; init; }

    /// <summary>Versions that the image's libraries define which the host's asked anything of, as <c>libc.so.6:GLIBC_2.34</c>, in order.</summary>
    public required IReadOnlyList<string> ImageVersions { get; init; }

    /// <summary>What the rules for it found. Rules in schema/FORMAT.d/injection.md.</summary>
    public required IReadOnlyList<Finding> Findings { get; init; }

    /// <summary>Rules whose refusal <c>--force</c> set aside.</summary>
    public required IReadOnlyList<string> Forced { get; init; }
}
