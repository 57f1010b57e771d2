using Provenance.Archive.Access;
using Provenance.Archive.Content;
using Provenance.Archive.Upkeep;

namespace Provenance.Web.Registry.Pushing;

/// <summary>What one owner's requests may still write, all of them together: his quota less what is his, and less what others were promised.</summary>
/// <remarks>Of all servers of the archive: what each has promised the others see, see <see cref="PromisedRoom"/>.</remarks>
internal sealed class UploadBudget(ServeOptions options, string owner) : IDisposable
{
    private const int BufferBytes = 1 << 17;

    /// <summary>Of a body: whoever claims to send more is promised the rest as it comes, so that sums of claims stay numbers.</summary>
    private const long MostAtOnce = 1L << 40;

    /// <summary>Held while bytes change from promised to written, so that whoever counts sees them once.</summary>
    private readonly Lock _gate = new();
    private readonly Digest _name = UploadRoom.NameOf(owner);
    private readonly PromisedRoom _promised = new(options.Layout, UploadRoom.NameOf(owner));

    /// <summary>For one request, which gives back what it did not use by disposing of it.</summary>
    public UploadPromise Begin() => new(this);

    /// <summary>Writes a request's body to the end of a file, as far as there is room for all of it; else the file stays as it was.</summary>
    /// <returns>False when there is no room in his quota.</returns>
    /// <exception cref="QuotaException">The archive has none.</exception>
    public async Task<bool> AppendAsync(HttpRequest request, FileStream file)
    {
        long begin = file.Length;
        using var promise = Begin();
        try
        {
            if (promise.TryAdd(Math.Min(request.ContentLength ?? 0, MostAtOnce)) && await WriteAsync(request, file, promise))
            {
                return true;
            }

            file.SetLength(begin);
            return false;
        }
        catch (QuotaException)
        {
            // Where a connection is lost, what came of the body stays: the client goes on from there.
            file.SetLength(begin);
            throw;
        }
    }

    /// <param name="bytes">To be promised.</param>
    /// <param name="replaced">Of them, what lies in his room and will leave it.</param>
    /// <returns>False when his quota has no room for them: nothing is promised then.</returns>
    /// <exception cref="QuotaException">The archive has no room for them.</exception>
    internal bool TryAdd(long bytes, long replaced)
    {
        lock (_gate)
        {
            using var turn = PromisedRoom.Turn(options.Layout);
            if (Left() is { } left && bytes > left + replaced)
            {
                return false;
            }

            long promised = PromisedRoom.BytesOf(options.Layout, owner: null);
            ArchiveQuota.Check(options.Layout, options.Time, promised + bytes, UploadRoom.BytesOfAll(options.Layout));
            return _promised.TryAdd(bytes);
        }
    }

    internal void Remove(long bytes)
    {
        lock (_gate)
        {
            _promised.Remove(bytes);
        }
    }

    /// <summary>Writes what was promised.</summary>
    internal void Write(FileStream file, ReadOnlySpan<byte> bytes)
    {
        lock (_gate)
        {
            file.Write(bytes);
            _promised.Remove(bytes.Length);
        }
    }

    /// <summary>Renames within his room: whoever counts meanwhile would see the file twice, or not at all.</summary>
    internal void Move(Action rename)
    {
        lock (_gate)
        {
            rename();
        }
    }

    private static async Task<bool> WriteAsync(HttpRequest request, FileStream file, UploadPromise promise)
    {
        byte[] buffer = new byte[BufferBytes];
        int read;
        while ((read = await request.Body.ReadAsync(buffer, request.HttpContext.RequestAborted)) > 0)
        {
            if (!promise.TryCover(read))
            {
                return false;
            }

            promise.Write(file, buffer.AsSpan(0, read));
        }

        return true;
    }

    public void Dispose() => _promised.Dispose();

    /// <returns>Null where he may have any amount.</returns>
    private long? Left()
    {
        var pushed = new PushedManifests(options.Layout, options.Time);
        if (pushed.QuotaOf(owner) is not { } most)
        {
            return null;
        }

        // In the order in which bytes go: those that go on meanwhile are counted twice, and never not at all.
        long promised = PromisedRoom.BytesOf(options.Layout, _name);
        long arrived = new UploadRoom(options.Layout, owner, options.Sync).Bytes;
        return most - promised - arrived - pushed.BytesOf(owner);
    }
}
