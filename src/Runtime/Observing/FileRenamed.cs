namespace Provenance.Runtime.Observing;

/// <summary>A name given to what had another: rename(2), or a second name beside the first: link(2).</summary>
/// <remarks>It comes after the <see cref="FileTouched"/> of both names.</remarks>
internal sealed record FileRenamed : ObservedEvent
{
    /// <summary>As <see cref="FileTouched.Path"/>.</summary>
    public required string From { get; init; }

    public required string To { get; init; }

    /// <summary>The old name stays: link(2).</summary>
    public bool KeepsOld { get; init; }
}
