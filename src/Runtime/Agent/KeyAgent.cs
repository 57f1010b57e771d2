using System.Net.Sockets;
using System.Text;
using Provenance.Archive;
using Provenance.Archive.Content;
using Provenance.Archive.Trust;

namespace Provenance.Runtime.Agent;

/// <summary>Holds unlocked keys in memory, and signs with them for processes of the same user, over a Unix socket that only they can reach.</summary>
/// <remarks>
/// As ssh-agent: the socket has mode 0600, in a folder of mode 0700 and its own; keys are never written and never given away. Specified in
/// schema/FORMAT.d/trust.md.
/// </remarks>
public sealed class KeyAgent : IDisposable
{
    /// <summary>Peers that are answered at the same time; more wait in the kernel's queue.</summary>
    private const int MaxPeers = 64;

    private const int Backlog = 512;

    /// <summary>A peer that says nothing for so long is let go.</summary>
    private const int PatienceMilliseconds = 10_000;

    /// <summary>sizeof(sun_path) of unix(7) less the zero at the end.</summary>
    private const int MaxPathBytes = 107;

    private readonly Dictionary<Digest, HeldKey> _keys;
    private readonly string _folder;
    private readonly Socket _socket;
    private readonly SemaphoreSlim _room = new(MaxPeers);

    private KeyAgent(IReadOnlyList<HeldKey> keys, string folder, Socket socket)
    {
        _keys = keys.ToDictionary(key => key.Name);
        _folder = folder;
        _socket = socket;
    }

    /// <summary>The socket.</summary>
    public string Path => SocketIn(_folder);

    /// <summary>Opens a socket below the folder for temporary files. Nobody is answered before <see cref="Serve"/>.</summary>
    /// <param name="keys">Disposed of with the agent.</param>
    /// <exception cref="RuntimeException">The socket cannot be made.</exception>
    public static KeyAgent Open(IReadOnlyList<HeldKey> keys)
    {
        string folder = Directory.CreateTempSubdirectory("prov-agent-").FullName; // mode 0700: mkdtemp(3)
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            string path = SocketIn(folder);
            if (Encoding.UTF8.GetByteCount(path) > MaxPathBytes)
            {
                throw new KeyAgentException($"key agent: the path '{path}' is too long for a socket; set TMPDIR to a shorter one");
            }

            socket.Bind(new UnixDomainSocketEndPoint(path));
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            socket.Listen(Backlog);
            return new KeyAgent(keys, folder, socket);
        }
        catch (Exception e) when (e is SocketException or IOException or UnauthorizedAccessException or KeyAgentException)
        {
            socket.Dispose();
            Directory.Delete(folder, recursive: true);
            throw e as KeyAgentException ?? new KeyAgentException($"key agent: no socket in '{folder}': {e.Message}", e);
        }
    }

    /// <summary>Answers until it is to stop.</summary>
    public void Serve(CancellationToken stop)
    {
        using var closing = stop.Register(_socket.Close);
        try
        {
            while (true)
            {
                _room.Wait(stop);
                var peer = _socket.Accept();
                new Thread(() => Answer(peer)) { IsBackground = true, Name = "key agent" }.Start();
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // It is to stop, and its socket is closed.
        }
    }

    public void Dispose()
    {
        _socket.Dispose();
        Directory.Delete(_folder, recursive: true);
        foreach (var key in _keys.Values)
        {
            key.Dispose();
        }

        _room.Dispose();
    }

    private static string SocketIn(string folder) => System.IO.Path.Combine(folder, "agent");

    private void Answer(Socket peer)
    {
        try
        {
            using (peer)
            {
                peer.SendTimeout = peer.ReceiveTimeout = PatienceMilliseconds;
                using var stream = new NetworkStream(peer);
                string? refused = PeerCredentials.Of(peer).Problem();
                while (KeyAgentProtocol.Read(stream) is { } request)
                {
                    var (kind, answer) = refused is null ? Answer(request) : No(refused);
                    KeyAgentProtocol.Write(stream, kind, answer);
                }
            }
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException)
        {
            // A peer that ended, said nothing, or nonsense: nobody is there to be told.
        }
        finally
        {
            Leave();
        }
    }

    private void Leave()
    {
        try
        {
            _room.Release();
        }
        catch (ObjectDisposedException)
        {
            // The agent has ended meanwhile.
        }
    }

    private (byte Kind, byte[] Content) Answer(byte[] request)
    {
        const int Data = 1 + KeyAgentProtocol.NameBytes;
        byte kind = request[0];
        bool isWhole = kind == KeyAgentProtocol.Holds ? request.Length == Data : kind == KeyAgentProtocol.Sign && request.Length > Data;
        if (!isWhole)
        {
            return No($"a request of kind {kind} with {request.Length} bytes is not understood");
        }

        string hex = Convert.ToHexStringLower(request.AsSpan(1, KeyAgentProtocol.NameBytes));
        if (!Digest.TryParseHex(hex, out var name) || !_keys.TryGetValue(name, out var key))
        {
            return No("this key is not held here");
        }

        return kind == KeyAgentProtocol.Holds ? (KeyAgentProtocol.Done, []) : Sign(key, request[Data..]);
    }

    private static (byte Kind, byte[] Content) Sign(HeldKey key, byte[] data)
    {
        try
        {
            return (KeyAgentProtocol.Done, key.Sign(data));
        }
        catch (Exception e) when (e is System.Security.Cryptography.CryptographicException or ArchiveException or ObjectDisposedException)
        {
            return No($"key {key.Label}: {e.Message.TrimEnd('.')}");
        }
    }

    private static (byte Kind, byte[] Content) No(string reason) => (KeyAgentProtocol.Refused, Encoding.UTF8.GetBytes(reason));
}
