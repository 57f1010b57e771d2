using System.Buffers.Binary;
using System.Globalization;
using Provenance.Runtime.Native;

namespace Provenance.Runtime.Observing;

/// <summary>Sockets.</summary>
internal sealed partial class CallReader
{
    // linux/net.h: the calls behind socketcall(2).
    private const int SYS_BIND = 2, SYS_CONNECT = 3, SYS_SENDTO = 11, SYS_SENDMMSG = 20;
    private const int SOCK_STREAM = 1, SOCK_DGRAM = 2, IPPROTO_TCP = 6, IPPROTO_UDP = 17;
    private const int MaxMessages = 8;

    private void ReadSocketcall(in ObservedTask task)
    {
        Span<byte> words = stackalloc byte[6 * sizeof(uint)];
        int which = task.Number(0);
        int count = which switch { SYS_BIND or SYS_CONNECT => 3, SYS_SENDMMSG => 4, SYS_SENDTO => 6, _ => 0 };
        if (count == 0 || !TaskMemory.TryRead(task.Task, task.Pointer(1), words[..(count * sizeof(uint))]))
            return;
        Span<uint> arguments = stackalloc uint[6];
        for (int i = 0; i < count; i++)
            arguments[i] = BinaryPrimitives.ReadUInt32LittleEndian(words[(i * sizeof(uint))..]);
        int socket = (int)arguments[0];
        if (which == SYS_SENDMMSG)
            ReadMessages(task, socket, arguments[1], (int)arguments[2]);
        else if (which == SYS_SENDTO && arguments[4] != 0)
            ReadSendTo(task, socket, arguments[1], arguments[2], arguments[4], (int)arguments[5]);
        else if (which != SYS_SENDTO)
            ReadAddress(task, socket, arguments[1], (int)arguments[2], which == SYS_BIND);
    }

    private void ReadSendTo(
        in ObservedTask task, int socket, ulong content, ulong length, ulong address, int addressLength)
    {
        var peer = ReadAddress(task, socket, address, addressLength, isBound: false);
        if (peer is { Port: PeerAddress.DnsPort })
            ReadQuestion(task, content, length);
    }

    private PeerAddress? ReadAddress(in ObservedTask task, int socket, ulong address, int length, bool isBound)
    {
        Span<byte> bytes = stackalloc byte[PeerAddress.MaxBytes];
        bytes = bytes[..Math.Clamp(length, 0, PeerAddress.MaxBytes)];
        if (!TaskMemory.TryRead(task.Task, address, bytes) || !listener.IsWaiting(task.Id)
            || PeerAddress.Parse(bytes) is not { } peer)
            return null;
        if (peer.UnixPath is { } name)
        {
            if (paths.Resolve(new PathQuestion(task.Task, Libc.AT_FDCWD, !isBound), name) is { } found)
                Touch(task, FileAccess.Socket | (isBound ? FileAccess.Create : 0), found);
            return peer;
        }
        if (!isBound && peer.Port == PeerAddress.DnsPort)
            task.Process.NameSockets.Add(socket);
        else
            task.Process.NameSockets.Remove(socket);
        emit(new PeerContacted
        {
            Process = task.Process.Number,
            Family = peer.Family,
            Protocol = ProtocolOf(task, socket),
            Address = peer.Text,
            Port = peer.Port,
            IsBound = isBound,
        });
        return peer;
    }

    private void ReadMessages(in ObservedTask task, int socket, ulong messages, int count)
    {
        // struct mmsghdr: a struct msghdr, of which the third and fourth words are the vector and its length, and a length.
        int headerBytes = task.IsNarrow ? 32 : 64;
        Span<byte> header = stackalloc byte[64];
        Span<byte> vector = stackalloc byte[2 * sizeof(ulong)];
        for (int i = 0; i < Math.Min(count, MaxMessages); i++)
        {
            var words = header[..headerBytes];
            if (!TaskMemory.TryRead(task.Task, messages + (ulong)(i * headerBytes), words))
                return;
            bool asks = task.Process.NameSockets.Contains(socket);
            int nameBytes = (int)Word(words, 1, task.PointerBytes);
            if (Word(words, 0, task.PointerBytes) is not 0 and var name)
                asks = ReadAddress(task, socket, name, nameBytes, isBound: false) is { Port: PeerAddress.DnsPort };
            vector = vector[..(2 * task.PointerBytes)];
            if (asks && TaskMemory.TryRead(task.Task, Word(words, 2, task.PointerBytes), vector))
                ReadQuestion(task, Word(vector, 0, task.PointerBytes), Word(vector, 1, task.PointerBytes));
        }
    }

    private static ulong Word(ReadOnlySpan<byte> words, int index, int bytes) => bytes == sizeof(uint)
        ? BinaryPrimitives.ReadUInt32LittleEndian(words[(index * sizeof(uint))..])
        : BinaryPrimitives.ReadUInt64LittleEndian(words[(index * sizeof(ulong))..]);

    private void ReadQuestion(in ObservedTask task, ulong content, ulong length)
    {
        Span<byte> message = stackalloc byte[DnsQuestion.MaxBytes];
        message = message[..(int)Math.Min(length, DnsQuestion.MaxBytes)];
        if (!TaskMemory.TryRead(task.Task, content, message) || DnsQuestion.FindName(message) is not { } name)
            return;
        // The same name is asked for by its IPv4 and its IPv6 addresses.
        if (task.Process.Noted.Add($"name {name}"))
            emit(new NameAsked { Process = task.Process.Number, Name = name });
    }

    /// <summary>Asked of a copy of the job's own socket; before 5.6 it is not known.</summary>
    private static unsafe string ProtocolOf(in ObservedTask task, int socket)
    {
        int type = 0, protocol = 0;
        nint process = Libc.syscall(
            Syscall.PidfdOpen.Number, TaskStatus.ProcessOf(task.Task) ?? task.Task, 0, 0, 0, 0, 0);
        nint copy = process < 0 ? -1 : Libc.syscall(Syscall.PidfdGetfd.Number, process, socket, 0, 0, 0, 0);
        if (copy >= 0)
        {
            uint length = sizeof(int);
            _ = Libc.getsockopt((int)copy, Libc.SOL_SOCKET, Libc.SO_TYPE, &type, &length);
            _ = Libc.getsockopt((int)copy, Libc.SOL_SOCKET, Libc.SO_PROTOCOL, &protocol, &length);
            _ = Libc.close((int)copy);
        }
        if (process >= 0)
            _ = Libc.close((int)process);
        return (type, protocol) switch
        {
            (SOCK_STREAM, IPPROTO_TCP) => "tcp",
            (SOCK_DGRAM, IPPROTO_UDP) => "udp",
            _ => string.Create(CultureInfo.InvariantCulture, $"type {type}"),
        };
    }
}
