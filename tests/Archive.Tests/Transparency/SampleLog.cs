using System.Text;
using Provenance.Archive.Content;
using Provenance.Archive.Records;
using Provenance.Archive.Transparency;

namespace Provenance.Archive.Tests.Transparency;

/// <summary>A log in a folder of its own, whose entries are numbers, and a witness that it knows.</summary>
internal sealed class SampleLog : IDisposable
{
    public static readonly DateTimeOffset Noon = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);

    private readonly TemporaryFolder _folder = new();

    public SampleLog(int entries = 0)
    {
        Layout = new StoreLayout(_folder.Path);
        Log = new TransparencyLog(Layout, Sync);
        if (entries > 0)
        {
            Append(entries);
        }
    }

    public StoreLayout Layout { get; }

    public TransparencyLog Log { get; }

    public VerifierKey Key => LogKeyStore.FindVerifier(Layout)!;

    public NoteKey Witness { get; } = NoteKey.Create("witness.example/w1", NoteKeyRole.Witness);

    public SignedCheckpoint Now => Log.FindCheckpoint()!;

    public static void Sync(string folder)
    {
    }

    public SignedCheckpoint Append(int count, string word = "entry") => Log.Append([.. Numbers(Log.Size, count, word)]);

    public static IEnumerable<byte[]> Numbers(long from, int count, string word = "entry") =>
        Enumerable.Range(0, count).Select(i => Leaf($"{word} {from + i}").ToBytes());

    /// <summary>An entry that names blobs which are nowhere: the log does not ask.</summary>
    private static LogLeaf Leaf(string what) => new()
    {
        Kind = RecordKind.Run,
        Record = LeafBlob.Of(Encoding.ASCII.GetBytes(what)),
        Signature = LeafBlob.Of(Encoding.ASCII.GetBytes($"signature of {what}")),
    };

    /// <summary>Makes the witness one that the archive knows.</summary>
    public void TrustWitness()
    {
        Directory.CreateDirectory(Layout.Trust);
        File.WriteAllText(Path.Combine(Layout.Trust, "w1.vkey"), $"# the lab next door\n{Witness.Verifier}\n");
    }

    public SignedCheckpoint Cosign(SignedCheckpoint checkpoint) => checkpoint.With(Witness.Cosign(checkpoint.Note.Text, Noon));

    /// <summary>The log's key, as whoever can write the archive's folder has it.</summary>
    public NoteKey PrivateKey() => NoteKey.Parse(File.ReadAllText(Path.Combine(Layout.LogKeys, "key.pem")));

    public string PathOf(string name) => Path.Combine(Layout.Log, name);

    public void Flip(string name, int at, byte bit = 1)
    {
        byte[] bytes = File.ReadAllBytes(PathOf(name));
        bytes[at] ^= bit;
        File.WriteAllBytes(PathOf(name), bytes);
    }

    /// <summary>The whole archive as it is now, to be put back later.</summary>
    public SampleLog Copy()
    {
        var copy = new SampleLog();
        foreach (string file in Directory.EnumerateFiles(Layout.Root, "*", SearchOption.AllDirectories))
        {
            string target = Path.Combine(copy.Layout.Root, Path.GetRelativePath(Layout.Root, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }

        return copy;
    }

    /// <summary>Puts the log's folder of another archive in the place of this one's.</summary>
    public void TakeLogOf(SampleLog other)
    {
        Directory.Delete(Layout.Log, recursive: true);
        Directory.Move(other.Layout.Log, Layout.Log);
    }

    public void Dispose() => _folder.Dispose();
}
