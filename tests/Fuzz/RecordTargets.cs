using System.Text;
using Provenance.Archive;
using Provenance.Archive.Content;
using Provenance.Archive.Images;
using Provenance.Archive.Records;
using Provenance.Archive.Tests.Records;
using Provenance.Archive.Upkeep;

namespace Provenance.Fuzz;

/// <summary>Records, what they list, and what machines say of themselves.</summary>
internal static class RecordTargets
{
    public static IReadOnlyList<FuzzTarget> All { get; } =
    [
        Record(RecordKind.Image, static () => RecordJson.Serialize(RecordSamples.Image())),
        Record(RecordKind.Run, static () => RecordJson.Serialize(RecordSamples.Run())),
        Record(RecordKind.Replay, static () => RecordJson.Serialize(RecordSamples.Replay())),
        Record(RecordKind.Endorsement, static () => RecordJson.Serialize(RecordSamples.Endorsement())),
        Record(RecordKind.Rotation, static () => RecordJson.Serialize(RecordSamples.Rotation())),
        Record(RecordKind.Revocation, static () => RecordJson.Serialize(RecordSamples.Revocation())),
        Record(RecordKind.Citation, static () => RecordJson.Serialize(RecordSamples.Citation())),
        Record(RecordKind.Tombstone, static () => RecordJson.Serialize(RecordSamples.Tombstone())),
        new("lists", SomeLists, FuzzTarget.OneOf(
            Lines(RecordLines.ReadTree, RecordLines.Serialize),
            Lines(RecordLines.ReadUsed, RecordLines.Serialize),
            Lines(RecordLines.ReadGenerated, RecordLines.Serialize),
            Lines(RecordLines.ReadDropped, RecordLines.Serialize),
            Lines(RecordLines.ReadSought, RecordLines.Serialize),
            Lines(RecordLines.ReadExecuted, RecordLines.Serialize),
            Lines(RecordLines.ReadPackages, RecordLines.Serialize)), typeof(ArchiveException)),
        new("host-profile", static () => [HostProfileJson.Serialize(RecordSamples.Host())], ReadProfile, typeof(ArchiveException)),
        new("requirements", static () => [RequirementsJson.Serialize(RecordSamples.RunPredicate().Requirements!)], ReadRequirements, typeof(ArchiveException)),
        new("canonical-json", static () => ["{\"a\":[1,2.5,-1e30,true,null,\"\\u00e4\\n\"],\"b\":{}}"u8.ToArray()], Canonicalize, typeof(JsonFormatException)),
    ];

    private static FuzzTarget Record(RecordKind kind, Func<byte[]> sample) => new(
        $"record-{StatementTypes.NameOf(kind)}",
        () => [sample()],
        input =>
        {
            // What is understood as one kind tells that it is of it, so that no two readers differ.
            RecordJson.ParsePredicate(kind, input);
            BrokenPromiseException.ThrowUnless(RecordJson.KindOf(input) == kind, "what is read as one kind says to be of another");
        },
        typeof(ArchiveException));

    /// <summary>What is understood is, byte for byte, what we would have written.</summary>
    private static Action<byte[]> Lines<T>(Func<Stream, IEnumerable<T>> read, Func<T, byte[]> write) => input =>
    {
        byte[] again = [.. read(new MemoryStream(input)).SelectMany(write)];
        BrokenPromiseException.ThrowUnless(again.AsSpan().SequenceEqual(input), "a list is written otherwise than it was read");
    };

    private static IEnumerable<byte[]> SomeLists()
    {
        yield return FuzzTarget.Of(0, [
            .. RecordLines.Serialize(new TreeEntry { Path = "etc", Type = TreeEntryType.Folder, Mode = "0755" }),
            .. RecordLines.Serialize(new TreeEntry
            {
                Path = "etc/motd",
                Type = TreeEntryType.File,
                Mode = "0644",
                Size = 1,
                Sha256 = Digest.Of("a"u8).Hex,
            }),
        ]);
        yield return FuzzTarget.Of(1, RecordLines.Serialize(new UsedFile
        {
            Path = "/work/data.csv",
            Kind = FileKind.File,
            Mode = "0644",
            Size = 4,
            Digest = RecordSamples.DigestsOf("data"),
            Kept = false,
            Use = FileUse.Read,
            Class = FileClass.Input,
        }));
        yield return FuzzTarget.Of(2, RecordLines.Serialize(new GeneratedFile
        {
            Path = "/work/fit.csv",
            Kind = FileKind.File,
            Change = FileChange.Created,
            Mode = "0644",
            Size = 4,
            Digest = RecordSamples.DigestsOf("fit"),
            Kept = true,
        }));
        yield return FuzzTarget.Of(3, RecordLines.Serialize(new DroppedBlob { Digest = Digest.Of("a"u8), Size = 1, DroppedAt = RecordSamples.Start }));
        yield return FuzzTarget.Of(4, RecordLines.Serialize(new SoughtPath { Path = "/work/fit.cfg", Count = 2 }));
        yield return FuzzTarget.Of(5, RecordLines.Serialize(new ExecutedProgram
        {
            Process = 1,
            Parent = 0,
            Path = "/usr/bin/python3.11",
            Argv = ["python3", "fit.py"],
            WorkingDirectory = "/work",
        }));
        yield return FuzzTarget.Of(6, RecordLines.Serialize(new OwningPackage { Name = "python3", Version = "3.11.2-1", Architecture = "amd64", Manager = "dpkg" }));
    }

    private static void ReadProfile(byte[] input)
    {
        byte[] once = HostProfileJson.Serialize(HostProfileJson.Parse(input));
        BrokenPromiseException.ThrowUnless(
            HostProfileJson.Serialize(HostProfileJson.Parse(once)).AsSpan().SequenceEqual(once), "a profile is written otherwise the second time");
    }

    private static void ReadRequirements(byte[] input) => BrokenPromiseException.ThrowUnless(
        RequirementsJson.Serialize(RequirementsJson.Parse(input)).AsSpan().SequenceEqual(input), "requirements are written otherwise than they were read");

    /// <summary>Canonical once is canonical twice; and what is allowed in records has there the form that it has anywhere.</summary>
    private static void Canonicalize(byte[] input)
    {
        byte[] canonical = CanonicalJson.Canonicalize(input, CanonicalProfile.Rfc8785);
        BrokenPromiseException.ThrowUnless(
            CanonicalJson.IsCanonical(canonical, CanonicalProfile.Rfc8785), $"not canonical: {Encoding.UTF8.GetString(canonical)}");
        try
        {
            byte[] record = CanonicalJson.Canonicalize(input);
            BrokenPromiseException.ThrowUnless(record.AsSpan().SequenceEqual(canonical), "two profiles have two forms of one document");
        }
        catch (JsonFormatException)
        {
            // Records take less.
        }
    }
}
