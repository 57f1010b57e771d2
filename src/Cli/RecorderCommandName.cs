namespace Provenance.Cli;

/// <summary>The hidden command that <c>prov run --record</c> starts beside the job.</summary>
internal static class RecorderCommandName
{
    public const string Text = "internal-recorder";
}
