using System.Text;
using Provenance.Archive.Catalog;
using Provenance.Archive.Content;
using Provenance.Archive.Tests.Records;

namespace Provenance.Archive.Tests.Lineage;

/// <summary>Runs of which only the name matters.</summary>
internal static class LineageSamples
{
    public static RunRow Row(string name) => new()
    {
        Record = Digest.Of(Encoding.UTF8.GetBytes(name)),
        LogIndex = null,
        StartedAt = RecordSamples.Start,
        EndedAt = RecordSamples.Start,
        Duration = TimeSpan.Zero,
        ExitCode = 0,
        Signal = null,
        Command = name,
        WorkingFolder = "/work",
        ImageReference = "box",
        ImageManifest = Digest.Of("manifest"u8),
        ImageTree = Digest.Of("tree"u8),
        UserName = "a",
        Hostname = "node1",
        Cpu = "zen2",
        GeneratedCount = 0,
        Observation = "mounts",
        ReplayOf = null,
        SignerName = null,
        SignerCertificate = null,
    };
}
