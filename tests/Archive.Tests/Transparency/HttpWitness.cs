using System.Globalization;
using System.Net;
using System.Text;
using Provenance.Archive.Content;
using Provenance.Archive.Tests.Trust;
using Provenance.Archive.Transparency;

namespace Provenance.Archive.Tests.Transparency;

/// <summary>A witness as C2SP tlog-witness.md describes it, over HTTP on 127.0.0.1, for one log: it remembers, and cosigns what continues that.</summary>
internal sealed class HttpWitness
{
    private readonly NoteKey _key;
    private readonly TimeProvider _time;
    private readonly StoreLayout _log;

    public HttpWitness(string name, TimeProvider time, StoreLayout log)
    {
        _key = NoteKey.Create(name, NoteKeyRole.Witness);
        _time = time;
        _log = log;
        Server = new LoopbackServer(Answer);
    }

    public LoopbackServer Server { get; }

    public Uri Address => Server.Address;

    public VerifierKey Key => _key.Verifier;

    /// <summary>What it saw last.</summary>
    public TreeHead Seen { get; set; } = new(0, MerkleTree.EmptyRoot());

    /// <summary>From which sizes it was shown a proof that held.</summary>
    public List<long> Proved { get; } = [];

    /// <summary>How far its clock is from ours.</summary>
    public TimeSpan Ahead { get; set; }

    /// <summary>Changes its answer.</summary>
    public Func<string, string> Spoil { get; set; } = static lines => lines;

    private void Answer(byte[] body, HttpListenerResponse response)
    {
        int end = body.AsSpan().IndexOf("\n\n"u8);
        string[] head = Encoding.UTF8.GetString(body, 0, end).Split('\n');
        long old = long.Parse(head[0]["old ".Length..], NumberStyles.None, CultureInfo.InvariantCulture);
        var proof = head[1..].Select(Convert.FromBase64String).ToList();
        var checkpoint = SignedCheckpoint.Parse(body.AsSpan(end + 2));
        if (checkpoint.Verify(KnownKeys.Of([LogKeyStore.FindVerifier(_log)!])).Log is null)
        {
            response.StatusCode = 403;
        }
        else if (old != Seen.Size)
        {
            response.StatusCode = 409;
            response.ContentType = "text/x.tlog.size";
            response.OutputStream.Write(Encoding.UTF8.GetBytes($"{Seen.Size}\n"));
        }
        else if (old == checkpoint.Tree.Size && checkpoint.Tree != Seen)
        {
            response.StatusCode = 409;
        }
        else if (old > 0 && old < checkpoint.Tree.Size && !MerkleTree.VerifyConsistency(Seen, checkpoint.Tree, proof))
        {
            response.StatusCode = 422;
        }
        else
        {
            Seen = checkpoint.Tree;
            Proved.Add(old);
            string line = SignedNote.LineOf(_key.Cosign(checkpoint.Note.Text, _time.GetUtcNow() + Ahead));
            response.OutputStream.Write(Encoding.UTF8.GetBytes(Spoil(line)));
        }
    }
}
