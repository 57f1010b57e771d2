using Provenance.Archive.Content;
using Provenance.Archive.Records;
using Provenance.Archive.Transparency;
using Provenance.Archive.Trust;

namespace Provenance.Archive.Catalog;

/// <summary>Says in a signed record that a paper rests on a run, and which of the run's outputs its figures are.</summary>
/// <param name="blobs">The archive.</param>
/// <param name="sync">Makes names durable.</param>
/// <param name="clock">For signing time and time stamps.</param>
/// <param name="recorder">This program.</param>
public sealed class Citer(BlobStore blobs, FolderSync sync, TimeProvider clock, Recorder recorder)
{
    private const string Stdout = "stdout";
    private const string Stderr = "stderr";

    /// <summary>Which output of a run a file is, by its content.</summary>
    /// <param name="run">The run.</param>
    /// <param name="content">Of the file.</param>
    /// <returns>Path and digests of the output; null when the run made no such file.</returns>
    public (string Path, DigestSet Digest)? FindOutput(RunRecord run, Digest content)
    {
        foreach (var (path, digest) in OutputsOf(run))
        {
            if (digest.Sha256 == content.Hex)
            {
                return (path, digest);
            }
        }

        return null;
    }

    /// <summary>Outputs of a run that a file was perhaps meant to be: those of its name first.</summary>
    /// <param name="run">The run.</param>
    /// <param name="name">The file's name, without folders.</param>
    /// <param name="most">So many are named.</param>
    /// <returns>Some of them, with the digest of each, and how many there are of all.</returns>
    public (IReadOnlyList<(string Path, string Sha256)> Some, int Count) OutputsLike(RunRecord run, string name, int most)
    {
        var same = new List<(string Path, string Sha256)>();
        var others = new List<(string Path, string Sha256)>();
        int count = 0;
        foreach (var (path, digest) in OutputsOf(run))
        {
            count++;
            var list = path[(path.LastIndexOf('/') + 1)..] == name ? same : others;
            if (list.Count < most)
            {
                list.Add((path, digest.Sha256));
            }
        }

        return ([.. same.Concat(others).Take(most)], count);
    }

    private IEnumerable<(string Path, DigestSet Digest)> OutputsOf(RunRecord run)
    {
        if (run.Generated.Blob is { } list)
        {
            using var lines = blobs.Open(list);
            foreach (var file in RecordLines.ReadGenerated(lines))
            {
                if (file.Digest is { } digest)
                {
                    yield return (file.Path, digest);
                }
            }
        }

        foreach (var stream in Streams(run.Outcome))
        {
            yield return stream;
        }
    }

    /// <param name="run">The run's statement, its exact bytes. That the record is good is for the caller to see.</param>
    /// <param name="key">Whose name the citation will bear.</param>
    /// <param name="doi">The paper.</param>
    /// <param name="title">Of the paper; null when it is not given.</param>
    /// <param name="figures">Outputs of the run, by <see cref="FindOutput"/>.</param>
    /// <returns>The citation's name, and what is to be said of its signature.</returns>
    /// <exception cref="ArchiveException">The archive does not take it.</exception>
    public (Digest Citation, IReadOnlyList<string> Warnings) Cite(
        ReadOnlySpan<byte> run, SigningKey key, Doi doi, string? title, IReadOnlyList<CitedFigure> figures)
    {
        var unsigned = CitationStatement.Of(new CitationRecord
        {
            Recorder = recorder,
            Run = LeafBlob.Of(run),
            Certificate = key.Signer.Fingerprint,
            Doi = doi,
            Title = title,
            Figures = figures,
        });
        byte[] bytes = RecordJson.Serialize(unsigned with { Signer = key.Signer.PublicKey });
        var signature = new StatementSigner(blobs.Layout, clock).Sign(bytes, key);
        return (new RecordIntake(blobs, sync).Acknowledge(RecordKind.Citation, bytes, signature.P7s), signature.Warnings);
    }

    private static IEnumerable<(string Path, DigestSet Digest)> Streams(Outcome outcome)
    {
        if (outcome.Stdout is { Size: > 0 } stdout)
        {
            yield return (Stdout, stdout.Digest);
        }

        if (outcome.Stderr is { Size: > 0 } stderr)
        {
            yield return (Stderr, stderr.Digest);
        }
    }
}
