using Provenance.Archive.Exchange;
using Provenance.Archive.Records;

namespace Provenance.Cli.Pages;

/// <summary>What came of taking a bundle in.</summary>
internal static class ImportPage
{
    public static void Print(ImportedBundle bundle, CommandCall call)
    {
        foreach (var record in bundle.Records)
        {
            call.Terminal.Line(LineOf(record));
        }

        int fresh = bundle.Records.Count(record => record.IsNew);
        call.Terminal.Line($"{Readable.Count(bundle.Records.Count, "record", "records")}, {fresh} of them new; "
            + $"{Readable.Count(bundle.BlobCount, "blob", "blobs")}, {bundle.NewBlobs} of them new ({Readable.Bytes(bundle.NewBytes)})");
        foreach (var record in bundle.Records.Where(record => record.KeptSigner is not null))
        {
            var (kept, other) = (record.KeptSigner!, record.Signature.Signer!);
            call.Terminal.Warning($"record '{record.Record.Abbreviated}': names no signer, and the archive has it as signed by {kept.Name}, certificate "
                + $"{kept.Fingerprint.Hex}; the signature by {other.Name} is not kept beside it: {other.Name} can endorse the record");
        }

        foreach (string name in bundle.Names)
        {
            call.Terminal.Line($"image {name}");
        }

        foreach (string name in bundle.NamesRefused)
        {
            call.Terminal.Warning($"image '{name}': the archive has another image of that name, which keeps it; the new one has none");
        }

        if (bundle.Absent.Count > 0)
        {
            call.Terminal.Warning($"the bundle came without {Readable.Count(bundle.Absent.Count, "blob", "blobs")} that its records name "
                + $"({Readable.Bytes(bundle.Absent.Sum(blob => blob.Size))})");
        }

        foreach (var refused in bundle.ProofsRefused)
        {
            call.Terminal.Warning($"record '{refused.Record.Abbreviated}': a proof of a log came along and was not kept: {refused.Reason}");
        }

        foreach (var refused in bundle.SealsRefused)
        {
            call.Terminal.Warning($"seal '{refused.Seal.Abbreviated}': came along and was not kept: {refused.Reason}");
        }

        if (bundle.Records.FirstOrDefault(record => !record.Signature.IsTrusted) is { } unknown)
        {
            call.Terminal.Hint(Hints.ForUnknownSigner(unknown.Record));
        }
    }

    private static string LineOf(ImportedRecord record)
    {
        var signer = record.Signature.Signer!;
        string trust = record.Signature.IsTrusted ? "trusted here" : "not trusted here";
        return $"{StatementTypes.NameOf(record.Kind)} {record.Record.Abbreviated}: {(record.IsNew ? "new" : "here before")}, "
            + $"signed by {signer.Name}, certificate {signer.Fingerprint.Hex}, {trust}: {record.Signature.Trust!.Reason}";
    }
}
