using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Provenance.Archive.Catalog;
using Provenance.Archive.Content;
using Provenance.Archive.Transparency;
using Provenance.Archive.Trust;

namespace Provenance.Web.Reading;

/// <summary>What is known of records, by what is trusted in this archive. Kept for a while: a page that is asked for often is not verified each time.</summary>
internal sealed class Verifications(StoreLayout layout, FolderSync sync, TimeProvider time)
{
    /// <summary>Bytes that are read for a page: a run that kept more is verified without them, and the page says so.</summary>
    private const long MostBytes = 64 << 20;

    private const int MostKept = 10_000;
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    private readonly Lock _reading = new();
    private volatile Trusted? _trusted;
    private readonly ConcurrentDictionary<(Digest Record, bool WithBytes), (ArchiveStamp Stamp, JudgedRecord Judged)> _known = new();

    /// <param name="reader">Of the request.</param>
    /// <param name="row">The record.</param>
    /// <param name="bytes">How much it keeps, so that what is too much is not read; null to read none of it.</param>
    public JudgedRecord Of(Reader reader, RecordRow row, long? bytes)
    {
        bool withBytes = bytes <= MostBytes;
        var stamp = ArchiveStamp.Read(layout);
        if (_known.TryGetValue((row.Record, withBytes), out var known) && known.Stamp == stamp && time.GetUtcNow() - known.Judged.CheckedAt < Lifetime)
        {
            return known.Judged;
        }

        var (_, _, certificates, seals) = TrustedNow(stamp);
        var verifier = new RecordVerifier(reader.Blobs, certificates, time, reader.Finder.Evidence(seals))
        {
            OnOneThread = true,
            Origin = reader.Finder.CheckOrigins,
        };
        var facts = verifier.Verify(
            row.Record,
            row.Signature,
            withBytes ? VerificationScope.Record : VerificationScope.Statement,
            reader.Finder.CheckLog,
            (record, signature) => reader.Finder.FindSeal(record, signature, seals),
            reader.Finder.FindEndorsements);
        var judged = new JudgedRecord(facts, time.GetUtcNow());
        if (_known.Count >= MostKept)
        {
            _known.Clear();
        }

        _known[(row.Record, withBytes)] = (stamp, judged);
        return judged;
    }

    /// <summary>Whether a replay counts as one that repeated its run: anybody may sign that it did, and here one who is trusted has.</summary>
    public bool IsReplication(Reader reader, ReplayRow replay) => replay.IsReplication
        && reader.Finder.Find(replay.Record.Hex) is { } row
        && Of(reader, row, null).Facts.Signature is { Outcome: SignatureOutcome.Valid, Trust.IsTrusted: true };

    /// <summary>
    /// Hundreds may be trusted, each in a file of its own, and a seal lists a year of the log: they are read once, until the archive changes.
    /// </summary>
    private Trusted TrustedNow(ArchiveStamp stamp)
    {
        var trusted = _trusted;
        if (IsOf(stamp, trusted))
        {
            return trusted;
        }

        // Once, also when fifty ask in one moment: all of them would be at it for a minute.
        lock (_reading)
        {
            trusted = _trusted;
            if (!IsOf(stamp, trusted))
            {
                var certificates = TrustedCertificates.Load(layout);
                trusted = new Trusted(stamp, time.GetUtcNow(), certificates, new SealCheck(layout, sync, certificates.Time));
                _trusted = trusted;
            }

            return trusted;
        }
    }

    private bool IsOf(ArchiveStamp stamp, [NotNullWhen(true)] Trusted? trusted) =>
        trusted is not null && trusted.Stamp == stamp && time.GetUtcNow() - trusted.ReadAt < Lifetime;

    private sealed record Trusted(ArchiveStamp Stamp, DateTimeOffset ReadAt, TrustedCertificates Certificates, SealCheck Seals);
}
