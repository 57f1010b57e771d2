using Microsoft.Win32.SafeHandles;
using Provenance.Archive.Content;
using Provenance.Runtime.Native;

namespace Provenance.Runtime.Rootfs;

/// <summary>The turn to unpack one tree: processes that all find it missing wait for the first of them.</summary>
/// <remarks>
/// flock(2) on <c>.TREE.turn</c>. The file stays: a lock whose name is removed while others wait for it guards nothing.
/// Where there are no locks everybody unpacks, and the first to finish wins.
/// </remarks>
internal sealed class TreeTurn : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private readonly SafeFileHandle _held;

    private TreeTurn(SafeFileHandle held) => _held = held;

    /// <exception cref="OperationCanceledException">It was cancelled while it waited.</exception>
    public static TreeTurn Take(string cache, Digest tree, CancellationToken cancellation)
    {
        using var folder = Files.OpenFolder(cache);
        var file = Files.Open(folder, $".{tree.Hex}.turn", Files.O_RDWR | Files.O_CREAT, UnpackSlot.PrivateFile);
        while (Files.TryLock(file, Files.LOCK_EX) == Errno.EAGAIN)
        {
            if (cancellation.WaitHandle.WaitOne(Pause))
            {
                file.Dispose();
                cancellation.ThrowIfCancellationRequested();
            }
        }

        return new TreeTurn(file);
    }

    public void Dispose() => _held.Dispose();
}
