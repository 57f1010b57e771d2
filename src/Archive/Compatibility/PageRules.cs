using System.Globalization;
using Provenance.Archive.Records;

namespace Provenance.Archive.Compatibility;

/// <summary>Can this kernel lay the programs' segments on its pages.</summary>
internal static class PageRules
{
    /// <summary>No kernel has smaller ones, so that no file is linked for them in vain.</summary>
    private const int SmallestBytes = 4096;

    /// <summary>
    /// A program's segments are aligned for the largest page its linker knew: a kernel with smaller pages can load it, one with
    /// larger pages cannot. On amd64 all pages have 4096 bytes.
    /// </summary>
    internal static Complaint? OtherSize(Question q)
    {
        int here = q.Here.Memory.PageBytes;
        if (FitsUpTo(q.Requirements) is not { } fits)
        {
            return WithoutAlignment(q, here);
        }

        // What was loaded on pages as large is no question, whatever it says of itself.
        bool ranSo = q.Recorded.Any(host => host.Memory.PageBytes >= here);
        return here <= SmallestBytes || ranSo ? null
            : fits.Bytes < here ? new()
            {
                Verdict = Verdict.Refuse,
                Message = $"the segments of '{fits.Path}' are aligned for pages of at most {fits.Bytes} bytes; this kernel's have {here}, "
                    + "and it cannot be loaded",
                Evidence = [fits.Path, $"{fits.Bytes}", $"{here}"],
                Remedy = $"replay it on a kernel with pages of {fits.Bytes} bytes or smaller, or link it with -z max-page-size={here}",
            }
            : q.KnowsAll || q.Recorded.Count == 0 ? null
            : new()
            {
                Verdict = Verdict.Warn,
                Message = $"pages have {here} bytes here, more than on the recorded host; "
                    + "files of the job that were not analysed may be aligned for smaller ones",
                Evidence = [$"{q.Recorded.Max(host => host.Memory.PageBytes)}", $"{here}"],
                Remedy = $"replay it on a kernel with pages of {q.Recorded.Max(host => host.Memory.PageBytes)} bytes",
            };
    }

    /// <summary>The file that takes the smallest pages alone; null where the record does not say.</summary>
    private static (string Path, long Bytes)? FitsUpTo(Requirements? requirements) =>
        requirements?.Start.FirstOrDefault(demand => demand.Kind == "page") is { } demand
            && long.TryParse(demand.Needs, NumberStyles.None, CultureInfo.InvariantCulture, out long bytes)
            ? (demand.Path, bytes)
            : null;

    private static Complaint? WithoutAlignment(Question q, int here)
    {
        int then = q.Recorded.Select(h => h.Memory.PageBytes).FirstOrDefault(bytes => bytes != here, here);
        return then == here
            ? null
            : new()
            {
                Verdict = here > then ? Verdict.Refuse : Verdict.Warn,
                Message = $"pages had {then} bytes on the recorded host and have {here} here; "
                    + (here > then ? "programs linked for smaller pages cannot be loaded" : "programs may rely on the larger ones"),
                Evidence = [$"{then}", $"{here}"],
                Remedy = $"replay it on a kernel with pages of {then} bytes",
            };
    }
}
