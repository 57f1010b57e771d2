using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace Provenance.Archive.Transparency;

/// <summary>Shows a witness a checkpoint, and that it continues what the witness saw last, over HTTP. Only root hashes leave this machine.</summary>
/// <remarks>Source: C2SP tlog-witness.md, "add-checkpoint". What a witness answers is a stranger's word until its signature is verified.</remarks>
internal sealed class WitnessClient(TransparencyLog log, SignedCheckpoint checkpoint) : IDisposable
{
    private const string Call = "add-checkpoint";
    private const string SizeType = "text/x.tlog.size";
    private const int MaxAnswerBytes = 1 << 16;

    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false })
    {
        MaxResponseContentBufferSize = MaxAnswerBytes,
        Timeout = Timeout.InfiniteTimeSpan,
    };

    /// <param name="witness">What the call is put behind.</param>
    /// <param name="oldSize">Of the checkpoint that it is thought to have seen last; 0 for none.</param>
    /// <param name="timeout">Ends the waiting.</param>
    /// <returns>The signature lines that it answers with.</returns>
    /// <exception cref="WitnessException">It does not cosign; it is said why.</exception>
    /// <exception cref="HttpRequestException">It cannot be reached.</exception>
    public IReadOnlyList<NoteSignature> Ask(Uri witness, long oldSize, CancellationToken timeout)
    {
        var (status, type, answer) = Post(witness, oldSize, timeout);
        if (status == HttpStatusCode.Conflict && type == SizeType)
        {
            // "the witness MUST respond with a 409 Conflict … with the tree size of the latest checkpoint": then that is what it wants to see continued.
            long seen = SizeIn(answer, witness);
            if (seen == oldSize)
            {
                throw new WitnessException(witness, $"has seen {seen} entries, and does not take a proof from there");
            }

            (status, _, answer) = Post(witness, seen, timeout);
        }

        return status == HttpStatusCode.OK ? Lines(answer, witness) : throw new WitnessException(witness, Describe(status));
    }

    private static IReadOnlyList<NoteSignature> Lines(byte[] answer, Uri witness)
    {
        try
        {
            return SignedNote.ParseSignatureLines(answer);
        }
        catch (LogException e)
        {
            throw new WitnessException(witness, $"answers with no signature lines: {e.Message}");
        }
    }

    public void Dispose() => _http.Dispose();

    private (HttpStatusCode Status, string? Type, byte[] Answer) Post(Uri witness, long oldSize, CancellationToken timeout)
    {
        var address = new Uri(witness.ToString().TrimEnd('/') + "/" + Call);
        using var content = new ByteArrayContent(Request(oldSize));
        content.Headers.ContentType = new MediaTypeHeaderValue("text/plain", "utf-8");
        using var message = new HttpRequestMessage(HttpMethod.Post, address) { Content = content };
        using var response = _http.Send(message, HttpCompletionOption.ResponseContentRead, timeout);
        using var stream = response.Content.ReadAsStream(timeout);
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return (response.StatusCode, response.Content.Headers.ContentType?.MediaType, bytes.ToArray());
    }

    /// <summary>The old size, the consistency proof from it, an empty line, the checkpoint.</summary>
    private byte[] Request(long oldSize)
    {
        long size = checkpoint.Tree.Size;
        var proof = oldSize == 0 || oldSize == size ? [] : log.ConsistencyProof(oldSize, size);
        var text = new StringBuilder().Append(CultureInfo.InvariantCulture, $"old {oldSize}\n");
        foreach (byte[] hash in proof)
        {
            text.Append(Convert.ToBase64String(hash)).Append('\n');
        }

        return [.. Encoding.UTF8.GetBytes(text.Append('\n').ToString()), .. checkpoint.ToBytes()];
    }

    private long SizeIn(byte[] answer, Uri witness)
    {
        string text = Encoding.UTF8.GetString(answer);
        if (!text.EndsWith('\n') || !long.TryParse(text.AsSpan()[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out long size))
        {
            throw new WitnessException(witness, "answers with a conflict that names no size");
        }

        return size <= checkpoint.Tree.Size
            ? size
            : throw new WitnessException(witness, $"has seen this log with {size} entries, it has {checkpoint.Tree.Size}: it was rolled back, or two write it");
    }

    private static string Describe(HttpStatusCode status) => status switch
    {
        HttpStatusCode.NotFound => "does not know this log",
        HttpStatusCode.Forbidden => "knows this log by another key",
        HttpStatusCode.Conflict => "has seen another root of this log at the same size",
        HttpStatusCode.UnprocessableEntity => "does not find that the log continues what it has seen: the log is forked, or was rewritten",
        _ => $"answers with HTTP status {(int)status}",
    };
}
