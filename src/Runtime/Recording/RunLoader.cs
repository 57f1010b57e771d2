using Provenance.Archive.Catalog;
using Provenance.Archive.Content;
using Provenance.Archive.Records;
using Provenance.Archive.Trust;
using Provenance.Runtime.Native;

namespace Provenance.Runtime.Recording;

/// <summary>Finds a run by what a person types, and believes nothing of it before it is verified.</summary>
internal sealed class RunLoader(StoreLayout layout, BlobStore blobs, TimeProvider clock)
{
    private RecordVerifier VerifierWith(RecordFinder finder) => new(blobs, TrustedCertificates.Load(layout), clock, finder.Evidence());

    /// <param name="name">An id or an unambiguous prefix, or the path of a statement.</param>
    /// <exception cref="Archive.ArchiveException">There is no such run, or it is no run.</exception>
    /// <exception cref="NotVerifiedException">It does not hold, or its signer is not trusted here.</exception>
    /// <exception cref="RecordingException">It holds, and cannot be what a run gave; or its lists are not here.</exception>
    public RecordedRun Load(string name)
    {
        byte[] statement = File.Exists(name) ? LoadFile(name) : LoadFromArchive(name);
        var record = RecordJson.ParseRun(statement).Predicate;
        record = record with { Mounts = RecordedPaths.Uncovered(record.Mounts) };
        var id = Digest.Of(statement);
        var run = new RecordedRun
        {
            Id = id,
            Record = record,
            Used = ReadList(id, "used", record.Used, RecordLines.ReadUsed),
            Generated = ReadList(id, "generated", record.Generated, RecordLines.ReadGenerated),
        };
        RecordedPaths.Check(run);
        return run;
    }

    private byte[] LoadFromArchive(string name)
    {
        using var finder = RecordFinder.Open(blobs, Files.SyncFolder);
        return Verify(finder.Get(name), finder);
    }

    /// <summary>A statement that is not in the archive needs its signature beside it.</summary>
    private byte[] LoadFile(string path)
    {
        byte[] statement = File.ReadAllBytes(path);
        using var finder = RecordFinder.Open(blobs, Files.SyncFolder);
        if (finder.Find(Digest.Of(statement).Hex) is { } row)
        {
            return Verify(row, finder);
        }

        string signaturePath = SignatureFile.Find(path) ?? throw new RecordingException(
            $"run '{path}': is not in the archive, and there is no signature '{string.Join("' or '", SignatureFile.PlacesOf(path).Distinct())}'");
        var verification = VerifierWith(finder).VerifyFiles(statement, File.ReadAllBytes(signaturePath));
        // What it names is looked for later, in the archive and at its place.
        return Failed(verification, ignore: "bytes") is null
            ? statement
            : throw new NotVerifiedException($"run '{path}'", verification, Failed(verification, ignore: "bytes")!);
    }

    private byte[] Verify(RecordRow row, RecordFinder finder)
    {
        var verification = VerifierWith(finder).Verify(row.Record, row.Signature);
        if (!verification.Holds)
        {
            throw new NotVerifiedException($"run '{row.Record.Abbreviated}'", verification, Failed(verification)!, row.Record);
        }

        return blobs.Read(row.Record, CanonicalJson.MaxBytes);
    }

    private static VerificationCheck? Failed(RecordVerification verification, string? ignore = null) => verification.Checks
        .FirstOrDefault(check => check.Outcome is CheckOutcome.Failed or CheckOutcome.NotUnderstood or CheckOutcome.Incomplete && check.Name != ignore);

    /// <summary>A statement that came as a file may have come alone.</summary>
    private IReadOnlyList<T> ReadList<T>(Digest run, string what, FileList list, Func<Stream, IEnumerable<T>> read)
    {
        if (list.Blob is null)
        {
            return [];
        }

        try
        {
            using var lines = blobs.Open(list.Blob);
            return [.. read(lines)];
        }
        catch (BlobMissingException e)
        {
            throw new RecordingException($"run '{run.Abbreviated}': its list of {what} files, {list.Blob.Digest.Abbreviated}, is not in the archive", e);
        }
    }
}
