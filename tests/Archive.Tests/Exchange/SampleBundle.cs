using Microsoft.Extensions.Time.Testing;
using Provenance.Archive.Catalog;
using Provenance.Archive.Content;
using Provenance.Archive.Exchange;
using Provenance.Archive.Images;
using Provenance.Archive.Records;
using Provenance.Archive.Tests.Catalog;
using Provenance.Archive.Tests.Records;
using Provenance.Archive.Trust;

namespace Provenance.Archive.Tests.Exchange;

/// <summary>An archive with an image, a run of it and a replay, and bundles of it that can be taken apart.</summary>
internal sealed class SampleBundle : IDisposable
{
    public SampleBundle()
    {
        Image = Archive.AcceptImage();
        Run = Archive.Accept(1, OfTheImage);
        Replay = Archive.AcceptReplay(Run);
    }

    public SampleArchive Archive { get; } = new();

    public Digest Image { get; }

    public Digest Run { get; }

    public Digest Replay { get; }

    public void Dispose() => Archive.Dispose();

    /// <summary>A run is of an image whose record is there: that of the samples is not.</summary>
    public RunRecord OfTheImage(RunRecord run) => run with { Image = run.Image with { Record = Image } };

    /// <summary>By somebody whom nobody trusts yet.</summary>
    public Digest Endorse(Digest record, RecordKind kind, KeyAlgorithm algorithm = KeyAlgorithm.P256)
    {
        using var bob = SigningKey.Create("Bob", RecordSamples.Start, algorithm);
        var endorser = new Endorser(Archive.Blobs, SampleArchive.Sync, new FakeTimeProvider(RecordSamples.Start), new Recorder { Name = "prov", Version = "1" });
        return endorser.Endorse(kind, Archive.Blobs.Read(record, CanonicalJson.MaxBytes), bob).Endorsement;
    }

    /// <summary>By the archive's own key.</summary>
    public Digest Cite(Digest run, Doi doi, string? title, params CitedFigure[] figures)
    {
        var clock = new FakeTimeProvider(RecordSamples.Start);
        using var key = new KeyStore(Archive.Layout, SampleArchive.Sync, clock).Find()!;
        var citer = new Citer(Archive.Blobs, SampleArchive.Sync, clock, new Recorder { Name = "prov", Version = "1" });
        var citation = citer.Cite(Archive.Blobs.Read(run, CanonicalJson.MaxBytes), key, doi, title, figures).Citation;
        Archive.Intake().SequenceIncoming();
        return citation;
    }

    /// <summary>By the archive's own key, where no other is given.</summary>
    public Digest TakeDown(Digest record, RecordKind kind, SigningKey? by = null, string reason = "has names of patients")
    {
        var clock = new FakeTimeProvider(RecordSamples.Start);
        using var own = new KeyStore(Archive.Layout, SampleArchive.Sync, clock).Find()!;
        var writer = new TombstoneWriter(Archive.Blobs, SampleArchive.Sync, clock, new Recorder { Name = "prov", Version = "1" });
        var tombstone = writer.TakeDown(kind, Archive.Blobs.Read(record, CanonicalJson.MaxBytes), by ?? own, reason).Tombstone;
        Archive.Intake().SequenceIncoming();
        return tombstone;
    }

    public byte[] Export(
        ExportOptions? options = null, BundlePacking? packing = null, LogProofSource? proofs = null, params Digest[] roots)
    {
        using var finder = Archive.Finder();
        var planner = new BundlePlanner(Archive.Blobs, finder, new ImageNames(Archive.Layout, Archive.Blobs, SampleArchive.Sync), proofs);
        var rows = (roots.Length == 0 ? [Run] : roots).Select(root => finder.Get(root.Hex)).ToList();
        var tar = new MemoryStream();
        new BundleExporter(Archive.Blobs).Write(
            planner.Plan(rows, options ?? new ExportOptions { Replays = true }), packing ?? new BundlePacking(), tar, null, CancellationToken.None);
        return tar.ToArray();
    }

    public BundleFiles Files(ExportOptions? options = null, params Digest[] roots) => BundleFiles.Of(Export(options, null, null, roots));
}
