namespace Provenance.Archive.Transparency;

/// <summary>Which witnesses are asked to cosign the log's checkpoint: table <c>[log]</c> of config.toml.</summary>
public sealed record WitnessSettings
{
    /// <summary>What <c>/add-checkpoint</c> is put behind, http or https. Empty: nobody is asked. Whose answers count, trust/*.vkey says.</summary>
    public IReadOnlyList<Uri> Witnesses { get; init; } = [];

    /// <summary>With fewer cosignatures that is said, and a renewal is not complete; 0 to 16.</summary>
    public int Required { get; init; }

    /// <summary>How long all of them together may take to answer, 1 to 300 s.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);
}
