namespace Provenance.EndToEnd.Tests;

/// <summary>What a command came to.</summary>
public sealed record CommandResult(int Status, string Output, string Error)
{
    public override string ToString() => $"status {Status}\n--- stdout\n{Output}\n--- stderr\n{Error}";
}
