namespace Provenance.Runtime.Sandbox;

/// <summary>One step of a mount plan.</summary>
/// <param name="Target">Absolute path in the container, free of links.</param>
internal sealed record MountAction(MountKind Kind, string Target)
{
    /// <summary>What is bound, or an overlay's lower folder: an absolute path of <see cref="Origin"/>, free of links.</summary>
    public string? Source { get; init; }

    public MountOrigin Origin { get; init; }

    /// <summary>A tmpfs's options, a link's text, or an overlay's upper folder on the host; null for none.</summary>
    public string? Text { get; init; }

    /// <summary>MS_* flags: of a tmpfs; of a seal on kernels before 5.12 those that are locked and must be repeated.</summary>
    public long Flags { get; init; }

    /// <summary>A seal of all mounts below the target as well.</summary>
    public bool Recursive { get; init; }

    public ReadOnlyMemory<byte> Content { get; init; }

    /// <summary>Its failure leaves nothing wrong.</summary>
    public bool Optional { get; init; }

    /// <summary>As the tables of the tests show it.</summary>
    public override string ToString()
    {
        string source = Origin switch
        {
            MountOrigin.SealedImage => $"image:{Source}",
            MountOrigin.Inside => $"inside:{Source}",
            _ => Source ?? "",
        };
        string name = Kind.ToString().ToLowerInvariant() + (Recursive ? "-tree" : "") + (Optional ? "?" : "");
        return string.Join(' ', new[] { name, Target, source, Text ?? "" }.Where(part => part.Length > 0));
    }
}
