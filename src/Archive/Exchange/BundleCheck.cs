using Provenance.Archive.Content;
using Provenance.Archive.Records;
using Provenance.Archive.Transparency;
using Provenance.Archive.Trust;

namespace Provenance.Archive.Exchange;

/// <summary>Judges a bundle that was read: everything in it must be named by a signed record, and everything named must be in it.</summary>
/// <remarks>
/// 1 each record: statement and signature are as the manifest says, the statement is one of ours, the signature holds · 2 the records that a
/// record needs are there · 3 every blob that is named is there, as it is named, or rightly absent · 4 nothing else is there · 5 each seal is over one.
/// Who signed is found out and not judged: it is for the archive that takes it in to trust him or not.
/// </remarks>
/// <param name="bundle">What was read.</param>
/// <param name="holderOf">The store that has a blob of it.</param>
/// <param name="trusted">Who is trusted here.</param>
/// <param name="at">For which time certificates are judged.</param>
internal sealed class BundleCheck(
    ArrivedBundle bundle, Func<Digest, BlobStore> holderOf, TrustedCertificates trusted, DateTimeOffset at)
{
    private readonly NamedBlobs _named = new(blob => bundle.Blobs.ContainsKey(blob.Digest)
        ? holderOf(blob.Digest).Open(blob)
        : throw new BundleException($"list '{blob.Digest}': is not in the bundle"));

    private readonly HashSet<Digest> _records = [];
    private readonly HashSet<Digest> _origins = [];

    /// <exception cref="ArchiveException">Something is missing, too much, or not as it must be.</exception>
    public IReadOnlyList<CheckedRecord> Run()
    {
        foreach (var record in bundle.Manifest.Records)
        {
            if (!_records.Add(record.Record.Digest))
            {
                throw new BundleException($"{BundleNames.Manifest}: lists record '{record.Record.Digest.Abbreviated}' twice");
            }
        }

        if (bundle.Manifest.Records.Count(record => record.Kind == RecordKind.Revocation) is > KeptRevocationLists.MaxLookedAt and var lists)
        {
            throw new BundleException($"has {lists} revocation lists, at most {KeptRevocationLists.MaxLookedAt} are taken in");
        }

        var records = bundle.Manifest.Records.Select(Check).ToList();
        CheckRoots();
        CheckNamed();
        CheckAbsent();
        CheckUnnamed();
        Seals = CheckSeals();
        return records;
    }

    /// <summary>Those of the bundle, when all is as it must be; in the order of the manifest.</summary>
    public IReadOnlyList<CarriedSeal> Seals { get; private set; } = [];

    /// <summary>Each is one, and stands for a record of the bundle, whoever's time it has.</summary>
    private List<CarriedSeal> CheckSeals()
    {
        if (bundle.Manifest.Seals is { Count: 0 or > CarriedSeal.MaxSeals } many)
        {
            throw new BundleException($"{BundleNames.Manifest}: names {many.Count} seals, expected 1 to {CarriedSeal.MaxSeals}, or none");
        }

        var seals = (bundle.Manifest.Seals ?? []).Select(CheckSeal).ToList();
        var names = seals.Select(seal => seal.Name).ToHashSet();
        if (bundle.SealSums.Keys.Concat(bundle.SealTokens.Keys).FirstOrDefault(name => !names.Contains(name)) is { } stray)
        {
            throw new BundleException($"'{BundleNames.SealSums(stray)}': '{BundleNames.Manifest}' names no such seal");
        }

        if (names.Count < seals.Count)
        {
            throw new BundleException($"{BundleNames.Manifest}: names a seal twice");
        }

        var covering = CarriedSeal.Covering(
            seals, bundle.Manifest.Records.Select(listed => new LogLeaf { Kind = listed.Kind, Record = listed.Record, Signature = listed.Signature }));
        return seals.FirstOrDefault(seal => !covering.Contains(seal.Name)) is { } useless
            ? throw new BundleException($"'{BundleNames.SealSums(useless.Name)}': is over no record of the bundle")
            : seals;
    }

    private CarriedSeal CheckSeal(BundledSeal listed)
    {
        var name = listed.Token.Digest;
        if (!bundle.SealSums.TryGetValue(name, out byte[]? sums) || LeafBlob.Of(sums) != listed.Sums
            || !bundle.SealTokens.TryGetValue(name, out byte[]? token) || LeafBlob.Of(token) != listed.Token)
        {
            throw new BundleException($"'{BundleNames.SealSums(name)}': is not the seal that '{BundleNames.Manifest}' names");
        }

        try
        {
            return CarriedSeal.Parse(sums, token);
        }
        catch (LogException e)
        {
            throw new BundleException($"'{BundleNames.SealSums(name)}': {e.Message}", e);
        }
    }

    private CheckedRecord Check(BundledRecord listed)
    {
        // :: Step 1
        string subject = $"{StatementTypes.NameOf(listed.Kind)} record '{listed.Record.Digest.Abbreviated}'";
        byte[] statement = Read(listed.Record, MediaTypes.Statement, CanonicalJson.MaxBytes, $"{subject}: its statement");
        byte[] signature = Read(listed.Signature, MediaTypes.CmsSignature, CmsVerifier.MaxSignatureBytes, $"{subject}: its signature");
        object predicate = Parse(listed.Kind, statement, subject);
        var verification = CmsVerifier.Verify(statement, signature, trusted, at);
        if (verification.Outcome != SignatureOutcome.Valid)
        {
            throw new BundleException($"{subject}: its signature {verification.Problem}");
        }

        // :: Step 2
        foreach (var (needed, what) in NeededBy(predicate))
        {
            if (!_records.Contains(needed))
            {
                throw new BundleException($"{subject}: {what} '{needed.Abbreviated}' is not in the bundle");
            }
        }

        CheckProof(listed, subject);
        CheckOrigins(listed, subject);
        _named.Add(listed, predicate);
        return new CheckedRecord(listed, verification, predicate as ImageRecord);
    }

    private byte[] Read(LeafBlob blob, string mediaType, int maxBytes, string what)
    {
        if (!bundle.Blobs.TryGetValue(blob.Digest, out var found))
        {
            throw new BundleException($"{what} '{blob.Digest}' is not in the bundle");
        }

        Compare(found, blob.ToDescriptor(mediaType), what);
        return holderOf(blob.Digest).Read(blob.Digest, maxBytes);
    }

    private static object Parse(RecordKind kind, byte[] statement, string subject)
    {
        var actual = RecordJson.KindOf(statement);
        return actual == kind
            ? RecordJson.ParsePredicate(kind, statement)
            : throw new BundleException($"{subject}: is of kind {StatementTypes.NameOf(actual)}");
    }

    private static IEnumerable<(Digest Record, string What)> NeededBy(object predicate) => predicate switch
    {
        RunRecord run => [(run.Image.Record, "its image record")],
        ReplayRecord replay => [(replay.Run, "the run it repeats")],
        EndorsementRecord endorsement => [(endorsement.Record.Digest, "the record it endorses")],
        CitationRecord citation => [(citation.Run.Digest, "the run it cites")],
        TombstoneRecord tombstone => [(tombstone.Record.Digest, "the record it takes down")],
        _ => [],
    };

    private void CheckProof(BundledRecord listed, string subject)
    {
        bool has = bundle.Proofs.TryGetValue(listed.Record.Digest, out byte[]? proof);
        if (has != listed.Proof is not null || (has && LeafBlob.Of(proof) != listed.Proof))
        {
            throw new BundleException($"{subject}: its proof of a log is not the one that '{BundleNames.Manifest}' names");
        }
    }

    /// <summary>Proofs by further logs are in a bundle only when they held, whoever keeps those logs.</summary>
    private void CheckOrigins(BundledRecord listed, string subject)
    {
        if (listed.Origins is { Count: 0 or > OriginProofs.MaxPerRecord })
        {
            throw new BundleException($"{subject}: names {listed.Origins.Count} proofs by further logs, expected 1 to {OriginProofs.MaxPerRecord}, or none");
        }

        byte[] entry = new LogLeaf { Kind = listed.Kind, Record = listed.Record, Signature = listed.Signature }.ToBytes();
        foreach (var origin in listed.Origins ?? [])
        {
            string name = BundleNames.Origin(origin.Digest);
            if (!bundle.Origins.TryGetValue(origin.Digest, out byte[]? proof) || LeafBlob.Of(proof) != origin)
            {
                throw new BundleException($"{subject}: its proof '{name}' is not the one that '{BundleNames.Manifest}' names");
            }

            try
            {
                TlogProof.Parse(proof).Verify(entry, KnownKeys.None);
            }
            catch (LogException e)
            {
                throw new BundleException($"{subject}: '{name}': {e.Message}", e);
            }

            _origins.Add(origin.Digest);
        }
    }

    private void CheckRoots()
    {
        if (bundle.Manifest.Roots.Count == 0 || bundle.Manifest.Roots.FirstOrDefault(root => !_records.Contains(root)) is not null)
        {
            throw new BundleException($"{BundleNames.Manifest}: its roots are not among its records");
        }

        if (bundle.Proofs.Keys.FirstOrDefault(record => !_records.Contains(record)) is { } stray)
        {
            throw new BundleException($"'{BundleNames.Proof(stray)}': is the proof of no record of the bundle");
        }

        if (bundle.Origins.Keys.FirstOrDefault(proof => !_origins.Contains(proof)) is { } unnamed)
        {
            throw new BundleException($"'{BundleNames.Origin(unnamed)}': is the proof of no record of the bundle");
        }
    }

    /// <summary>:: Step 3.</summary>
    private void CheckNamed()
    {
        var absent = bundle.Manifest.Absent.ToLookup(blob => blob.Digest, blob => blob.Size);
        foreach (var named in _named.All.Values)
        {
            string what = $"blob '{named.Blob.Digest}', named by record '{named.By.Abbreviated}'";
            if (bundle.Blobs.TryGetValue(named.Blob.Digest, out var found))
            {
                Compare(found, named.Blob, what);
            }
            else if (!absent.Contains(named.Blob.Digest))
            {
                throw new BundleException($"{what}: is not in the bundle");
            }
            else if (!named.MayBeAbsent)
            {
                throw new BundleException($"{what}: is said to be absent, and the record cannot be understood without it");
            }
            else if (absent[named.Blob.Digest].Any(size => size != named.Blob.Size))
            {
                throw new BundleException($"{what}: is said to be absent, with another size");
            }
        }
    }

    private void CheckAbsent()
    {
        foreach (var absent in bundle.Manifest.Absent)
        {
            if (bundle.Blobs.ContainsKey(absent.Digest))
            {
                throw new BundleException($"blob '{absent.Digest}': is said to be absent, and is there");
            }

            if (!_named.All.ContainsKey(absent.Digest))
            {
                throw new BundleException($"blob '{absent.Digest}': is said to be absent, and no record names it");
            }
        }
    }

    /// <summary>:: Step 4.</summary>
    private void CheckUnnamed()
    {
        if (bundle.Blobs.Keys.FirstOrDefault(blob => !_named.All.ContainsKey(blob)) is { } stray)
        {
            throw new BundleException($"blob '{stray}': no record of the bundle names it");
        }
    }

    private static void Compare(Descriptor found, Descriptor named, string what)
    {
        if (found.Size != named.Size)
        {
            throw new BundleException($"{what}: has {found.Size} bytes, expected {named.Size}");
        }

        if (named.Sha512 is { } sha512 && sha512 != found.Sha512)
        {
            throw new BundleException($"{what}: has another SHA-512 than it is named with");
        }
    }
}
