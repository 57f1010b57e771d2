namespace Provenance.Archive.Trust;

/// <summary>Who is asked for the time when a record is signed: table <c>[time]</c> of config.toml.</summary>
public sealed record TimestampSettings
{
    /// <summary>Addresses of time stamping authorities, http or https, in the order in which they are tried. Empty: nobody is asked.</summary>
    public IReadOnlyList<Uri> Authorities { get; init; } = [];

    /// <summary>The policy a token must have been made under, as an object identifier; null for whichever the authority uses.</summary>
    public string? Policy { get; init; }

    /// <summary>How long all of them together may take to answer, 1 to 300 s.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);
}
