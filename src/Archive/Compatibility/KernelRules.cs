using Provenance.Archive.Records;

namespace Provenance.Archive.Compatibility;

/// <summary>Does this kernel have what the job asked the recorded one for.</summary>
internal static class KernelRules
{
    /// <summary>
    /// An older kernel is no matter by itself: the C library and most programs do without what it lacks. It is one where the job was seen to use a call that
    /// came later. A call that the recorded kernel lacked as well the job did without.
    /// </summary>
    internal static Complaint? Older(Question q)
    {
        var newest = q.Run.Hosts.Select(h => h.Kernel.Release).MaxBy(KernelVersion.Parse);
        var here = KernelVersion.Parse(q.Here.Kernel.Release);
        if (newest is null || KernelVersion.Parse(newest) <= here)
        {
            return null;
        }

        if (q.Run.KernelCalls is not { } used)
        {
            return new()
            {
                Verdict = Verdict.Ok,
                Message = $"the run was recorded on Linux {newest}; this is {q.Here.Kernel.Release}, "
                    + "and which of the newer system calls the job used is not known",
                Evidence = [newest, q.Here.Kernel.Release],
                Remedy = null,
            };
        }

        KernelCall[] missing =
        [
            .. used.Where(call => KernelVersion.Parse(call.Since) is var since && since > here && since <= KernelVersion.Parse(newest)),
        ];
        return missing.Length == 0
            ? null
            : new()
            {
                Verdict = Verdict.Warn,
                Message = $"the job used {Question.Join(missing.Select(call => $"{call.Name} (Linux {call.Since})"))}; "
                    + $"the run was recorded on Linux {newest}, and this is {q.Here.Kernel.Release}",
                Evidence = [.. missing.Select(call => call.Name), newest, q.Here.Kernel.Release],
                Remedy = "if the job stops with ENOSYS, replay it on a host with Linux "
                    + $"{missing.Select(call => call.Since).MaxBy(KernelVersion.Parse)} or newer",
            };
    }
}
