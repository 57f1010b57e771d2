namespace Provenance.Runtime.Comparison;

/// <summary>What a comparison may use, and how far it goes.</summary>
internal sealed record ComparisonContext
{
    /// <summary>Containers within containers; deeper ones are compared byte for byte.</summary>
    public const int MaxDepth = 4;

    /// <summary>Null for none: numbers must be the same.</summary>
    public NumberTolerance? Tolerance { get; init; }

    /// <summary>Folder for what has to be unpacked; nothing is left there.</summary>
    public required string Folder { get; init; }

    /// <summary>Containers around this content.</summary>
    public int Depth { get; init; }

    public required ExpansionBudget Budget { get; init; }

    /// <summary>Where programs such as h5diff are looked for; as $PATH.</summary>
    public string ToolPath { get; init; } = Environment.GetEnvironmentVariable("PATH") ?? "";

    /// <summary>For what is in the content.</summary>
    public ComparisonContext Inner => this with { Depth = Depth + 1 };
}
