using Provenance.Archive.Catalog;
using Provenance.Archive.Content;
using Provenance.Runtime.Injection;

namespace Provenance.Cli;

/// <summary>What an earlier record of the same program in the same image tells beforehand of the next run.</summary>
internal static class EarlierRun
{
    /// <summary>Most records that are looked into: the newest come first.</summary>
    private const int MostRuns = 10;

    /// <summary>Libraries that it opened while it ran; empty when there is no such record.</summary>
    /// <param name="manifest">Of the image.</param>
    /// <param name="program">As the command line has it.</param>
    /// <param name="workbench">With the archive.</param>
    public static IReadOnlyList<string> OpenedLibrariesOf(Digest manifest, string program, Workbench workbench)
    {
        foreach (var row in workbench.Finder.Runs(new RunQuery { Image = manifest, Limit = MostRuns }))
        {
            var run = ComparedRun.Find(row.Record.Hex, workbench);
            if (run.Record.Invocation.Argv[0] == program)
            {
                return OpenedLibraries.Of(run.Side(withPackages: false).Used);
            }
        }

        return [];
    }
}
