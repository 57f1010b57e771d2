namespace Provenance.Runtime.Recording.Calls;

/// <summary>What even the observation of every call does not tell, in plain sentences.</summary>
internal static class CallNotes
{
    /// <summary>Further sentences of one kind are counted, not written out.</summary>
    private const int MaxSentences = 20;

    private static readonly string[] Always =
    [
        "what the job looked at without opening it: names, sizes and times of files",
        "readings of the clock and of the processor's own random numbers, which are no calls",
        "random numbers asked for by getrandom(2), as the C library does in nearly every program that starts",
        "what the job sent to or received from the peers it contacted, and peers of messages sent by sendmsg(2) without connecting",
    ];

    /// <param name="log">What was seen.</param>
    /// <param name="temporaryBeyond">Temporary files that are not listed.</param>
    /// <param name="beyondLimits">Inputs and outputs whose content is not known for their size.</param>
    public static IEnumerable<string> Of(CallLog log, int temporaryBeyond, int beyondLimits) =>
    [
        .. Always,
        .. log.Losses.Order(StringComparer.Ordinal).Take(MaxSentences),
        .. Counted(Math.Max(0, log.Losses.Count - MaxSentences), "further things that the observer could not see"),
        .. Counted(log.PathsBeyond, "calls on further paths: only the listing of the mounted folders tells of them"),
        .. Counted(log.SoughtBeyond, "further look-ups that failed"),
        .. Counted(log.Programs.Beyond, "further programs that were started"),
        .. Counted(log.Network.Beyond, "further contacts over the network"),
        .. Counted(log.Moved.Beyond, "further folders that were given another name, and what was read in them"),
        .. Counted(temporaryBeyond, "further temporary files"),
        .. Counted(beyondLimits, "contents of files that were too large to be read"),
    ];

    private static IEnumerable<string> Counted(int count, string what) => count > 0 ? [$"{count} {what}"] : [];
}
