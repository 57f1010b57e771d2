using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace Provenance.Archive.Trust;

/// <summary>Has a key agent sign, which holds keys that are encrypted at rest: <c>PROV_KEY_AGENT</c> names its socket.</summary>
internal sealed class KeyAgentClient(string path)
{
    /// <summary>An agent that says nothing for so long is stuck.</summary>
    private const int PatienceMilliseconds = 30_000;

    /// <returns>Null where the variable names none.</returns>
    public static KeyAgentClient? Find() =>
        Environment.GetEnvironmentVariable(KeyAgentProtocol.Variable) is { Length: > 0 } path ? new KeyAgentClient(path) : null;

    /// <summary>Whether it holds a key.</summary>
    /// <param name="publicKeyInfo">The key's RFC 5280 SubjectPublicKeyInfo, DER.</param>
    /// <exception cref="TrustException">It cannot be asked.</exception>
    public bool Holds(byte[] publicKeyInfo) => Ask(KeyAgentProtocol.Holds, SHA256.HashData(publicKeyInfo), out _);

    /// <summary>A signature over data, as a key of that algorithm signs here.</summary>
    /// <param name="publicKeyInfo">The key's RFC 5280 SubjectPublicKeyInfo, DER.</param>
    /// <param name="data">At most 64 KiB.</param>
    /// <exception cref="TrustException">It cannot be asked, or refuses.</exception>
    public byte[] Sign(byte[] publicKeyInfo, byte[] data) =>
        Ask(KeyAgentProtocol.Sign, [.. SHA256.HashData(publicKeyInfo), .. data], out byte[] answer)
            ? answer
            : throw new TrustException(path, $"the key agent refuses: {Encoding.UTF8.GetString(answer)}");

    private bool Ask(byte kind, byte[] content, out byte[] answer)
    {
        try
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified)
            {
                SendTimeout = PatienceMilliseconds,
                ReceiveTimeout = PatienceMilliseconds,
            };
            socket.Connect(new UnixDomainSocketEndPoint(path));
            using var stream = new NetworkStream(socket);
            KeyAgentProtocol.Write(stream, kind, content);
            byte[] frame = KeyAgentProtocol.Read(stream) ?? throw new IOException("it ended without an answer");
            answer = frame[1..];
            return frame[0] == KeyAgentProtocol.Done;
        }
        catch (Exception e) when (e is SocketException or IOException or ArgumentException)
        {
            // The last: a path that no socket can have.
            throw new TrustException(path, $"the key agent that {KeyAgentProtocol.Variable} names cannot be asked: {e.Message.TrimEnd('.')}", e);
        }
    }
}
