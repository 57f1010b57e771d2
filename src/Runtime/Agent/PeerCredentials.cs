using System.Net.Sockets;
using Provenance.Runtime.Native;

namespace Provenance.Runtime.Agent;

/// <summary>Who is at the other end of a Unix socket, as the kernel says: SO_PEERCRED of unix(7).</summary>
internal readonly record struct PeerCredentials(int Pid, uint Uid)
{
    /// <summary>struct ucred: pid, uid, gid.</summary>
    private const int StructBytes = 12;

    /// <exception cref="SocketException">The kernel does not say.</exception>
    public static PeerCredentials Of(Socket socket)
    {
        byte[] ucred = new byte[StructBytes];
        socket.GetRawSocketOption(Libc.SOL_SOCKET, Libc.SO_PEERCRED, ucred);
        return new PeerCredentials(
            BitConverter.ToInt32(ucred, 0), BitConverter.ToUInt32(ucred, sizeof(int)));
    }

    /// <summary>Why a process may not have anything signed for the user whom this process runs as; null when it may.</summary>
    /// <remarks>A job in a container is that user too, outside of its namespace: it must not sign for who runs it, though it may find the socket.</remarks>
    public string? Problem()
    {
        if (Uid != Identity.EffectiveUid)
        {
            return $"user {Uid} may not use it";
        }

        string path = $"/proc/{Pid}/ns/user";
        return NamespaceAt(path) is not { } its ? $"process {Pid} is out of sight"
            : its != NamespaceAt("/proc/self/ns/user") ? $"process {Pid} is in a container"
            : null;
    }

    /// <summary>A name such as <c>user:[4026531837]</c> (namespaces(7)); null where it cannot be read.</summary>
    private static string? NamespaceAt(string path)
    {
        try
        {
            return new FileInfo(path).LinkTarget;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
