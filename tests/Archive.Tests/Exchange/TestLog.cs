using System.Text;
using Provenance.Archive.Catalog;
using Provenance.Archive.Content;
using Provenance.Archive.Tests.Catalog;
using Xunit;

namespace Provenance.Archive.Tests.Exchange;

/// <summary>A log's key, made by openssl, and proofs under it (C2SP tlog-proof, signed-note).</summary>
internal sealed class TestLog
{
    private const string Name = "log.example";
    private const byte Ed25519 = 1;

    private readonly string _folder;
    private readonly byte[] _key;

    public TestLog(string folder)
    {
        _folder = folder;
        Openssl("genpkey", "-algorithm", "ed25519", "-out", "log.key");
        Openssl("pkey", "-in", "log.key", "-pubout", "-outform", "DER", "-out", "log.der");
        _key = [Ed25519, .. File.ReadAllBytes(Path.Combine(folder, "log.der"))[^32..]];
        string path = Path.Combine(folder, "log.vkey");
        File.WriteAllText(path, $"{Name}+{Convert.ToHexStringLower(KeyId)}+{Convert.ToBase64String(_key)}\n");
        VerifierKey = path;
    }

    /// <summary>The file of the verifier key.</summary>
    public string VerifierKey { get; }

    private byte[] KeyId => Digest.Of([.. Encoding.UTF8.GetBytes(Name + "\n"), .. _key]).ToBytes()[..4];

    /// <summary>That the archive's log holds the record.</summary>
    public byte[] Prove(SampleArchive archive, RecordRow row)
    {
        long size = archive.Log.Size;
        string note = $"{Name}\n{size}\n{Convert.ToBase64String(archive.Log.RootAt(size))}\n";
        File.WriteAllText(Path.Combine(_folder, "note"), note);
        Openssl("pkeyutl", "-sign", "-inkey", "log.key", "-rawin", "-in", "note", "-out", "note.sig");
        byte[] signature = [.. KeyId, .. File.ReadAllBytes(Path.Combine(_folder, "note.sig"))];
        var proof = new StringBuilder($"c2sp.org/tlog-proof@v1\nindex {row.LogIndex}\n");
        foreach (byte[] hash in archive.Log.InclusionProof(row.LogIndex!.Value, size))
        {
            proof.Append(Convert.ToBase64String(hash)).Append('\n');
        }

        return Encoding.UTF8.GetBytes($"{proof}\n{note}\n\u2014 {Name} {Convert.ToBase64String(signature)}\n");
    }

    private void Openssl(params string[] arguments)
    {
        var (status, output) = Tool.Run(_folder, "openssl", arguments);
        Assert.True(status == 0, output);
    }
}
