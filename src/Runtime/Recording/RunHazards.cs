using Provenance.Archive.Records;
using Provenance.Archive.Upkeep;

namespace Provenance.Runtime.Recording;

/// <summary>What in the way a job was run may keep it from being reproduced. What its files tell is <see cref="ObservationNotes"/>'s.</summary>
internal static class RunHazards
{
    /// <param name="plan">How it was run.</param>
    /// <param name="ended">With the streams.</param>
    /// <param name="networkSeen">Whether contacts over the network were observed: then they, not their possibility, are the hazard.</param>
    public static IEnumerable<Hazard> Of(RecorderPlan plan, RecorderOutcome ended, bool networkSeen)
    {
        var invocation = plan.Invocation;
        if (invocation.Network == "host" && !networkSeen)
        {
            yield return Hazard("network", "the job could use the host's network; what it fetched is not recorded");
        }

        string[] secrets = [.. plan.Environment.Where(variable => variable.Value is null).Select(variable => variable.Name)];
        if (secrets.Length > 0)
        {
            yield return Hazard("secret-environment", $"values of {string.Join(", ", secrets)} are recorded as digests only");
        }

        if (invocation.Stdin is { Kind: "pipe" or "terminal" or "other", Digest: null })
        {
            string lost = ended.InputLost is { } why ? $": {why}" : "";
            yield return Hazard("stdin", $"standard input was a {invocation.Stdin.Kind}; what the job read from it is not recorded{lost}");
        }

        if (invocation.Stdin is { Kind: "file", Digest: null })
        {
            yield return Hazard("stdin", "standard input is a file that changed while it was read, is too large, or could not be read");
        }

        if (IsLeftOut(invocation.Stdin, plan.Options, out long limit))
        {
            string notKept = invocation.Stdin.Size > limit ? "it is more than a run keeps" : "the archive's disk is full";
            yield return Hazard("content-not-kept", $"standard input was not kept: {notKept}");
        }

        if (invocation.WritableRoot)
        {
            yield return Hazard("writable-root", "what the job wrote over the image's own files is not recorded");
        }

        if (plan.Options.Keep == KeepMode.None)
        {
            yield return Hazard("content-not-kept", "no content was kept: differences can be told, but not shown");
        }

        if (ended.Outcome.Stdout is { Truncated: true } || ended.Outcome.Stderr is { Truncated: true })
        {
            yield return Hazard("stream-not-kept", $"of each stream the first {plan.Options.Limits.MaxStreamBytes} bytes are kept");
        }

        if (ended.ReaderLeft)
        {
            yield return Hazard("reader-left", "the reader of standard output left before the job had ended");
        }

        if (ended.MemoryKills > 0)
        {
            string processes = ended.MemoryKills == 1 ? "a process" : $"{ended.MemoryKills} processes";
            string most = ended.MemoryLimitBytes is { } bytes ? $", whose limit is {ByteSize.Text(bytes)}" : "";
            var hazard = Hazard("out-of-memory", $"the kernel ended {processes} for want of memory in the job's control group{most}");
            yield return hazard with { Remedy = "give it more memory, or let it take less" };
        }

        if (ended.OutputLost is { } reason)
        {
            yield return Hazard("output-lost", $"what the job wrote did not all get to where it was to go: {reason}");
        }
    }

    /// <summary>Whether standard input was to be kept, and was not.</summary>
    private static bool IsLeftOut(StandardInput stdin, RecordingOptions options, out long limit)
    {
        limit = stdin.Kind == "pipe" ? options.MaxInputKeptBytes : options.Limits.MaxKeptBytes;
        bool isWanted = stdin.Kind switch
        {
            "file" => options.Keep == KeepMode.All,
            "pipe" => options.Keep != KeepMode.None && stdin.Size > 0,
            _ => false,
        };
        return isWanted && stdin is { Digest: not null, Kept: null };
    }

    private static Hazard Hazard(string id, string message) => new() { Id = id, Message = message };
}
