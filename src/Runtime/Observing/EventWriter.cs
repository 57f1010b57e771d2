using System.Buffers;
using System.Text;
using Provenance.Runtime.Native;

namespace Provenance.Runtime.Observing;

/// <summary>Events as bytes: a tag, the process, and the members in their order.</summary>
/// <remarks>
/// Numbers are in groups of seven bits, lowest first, the top bit set in all but the last; signed ones have their sign in the
/// lowest bit. A text is its length in bytes and its UTF-8. What may be absent has a byte of 0 or 1 before it. Both ends
/// are this very program, so there is no version.
/// </remarks>
internal sealed class EventWriter
{
    private readonly ArrayBufferWriter<byte> _bytes = new();

    /// <summary>What has been written, until the next call.</summary>
    public ReadOnlyMemory<byte> Bytes => _bytes.WrittenMemory;

    public int Length => _bytes.WrittenCount;

    public void Clear() => _bytes.ResetWrittenCount();

    public void Write(ObservedEvent told)
    {
        switch (told)
        {
            case FileTouched touched:
                Begin(EventTag.FileTouched, told);
                Write(touched);
                break;
            case FileRenamed renamed:
                Begin(EventTag.FileRenamed, told);
                Text(renamed.From);
                Text(renamed.To);
                Flag(renamed.KeepsOld);
                break;
            case ProgramStarted program:
                Begin(EventTag.ProgramStarted, told);
                Text(program.Path);
                Number((ulong)program.Argv.Count);
                foreach (string argument in program.Argv)
                    Text(argument);
                Text(program.WorkingDirectory);
                break;
            case ProcessStarted process:
                Begin(EventTag.ProcessStarted, told);
                Number((ulong)process.Parent);
                break;
            case PeerContacted peer:
                Begin(EventTag.PeerContacted, told);
                Write(peer);
                break;
            case NameAsked asked:
                Begin(EventTag.NameAsked, told);
                Text(asked.Name);
                break;
            case CallNoted noted:
                Begin(EventTag.CallNoted, told);
                Text(noted.What);
                break;
            case ObservedLoss loss:
                Begin(EventTag.ObservedLoss, told);
                Text(loss.Sentence);
                break;
            default:
                throw new ArgumentException($"event of type '{told.GetType().Name}'", nameof(told));
        }
    }

    private void Begin(EventTag tag, ObservedEvent told)
    {
        _bytes.Write([(byte)tag]);
        Number((ulong)told.Process);
    }

    private void Write(FileTouched touched)
    {
        Number((ulong)touched.Access);
        Text(touched.Path);
        Optional(touched.Named);
        Flag(touched.Before is not null);
        if (touched.Before is { } status)
            Write(status);
    }

    private void Write(PeerContacted peer)
    {
        Text(peer.Family);
        Text(peer.Protocol);
        Text(peer.Address);
        Number((ulong)peer.Port);
        Flag(peer.IsBound);
    }

    private void Write(FileStatus status)
    {
        Number(status.Type);
        Number((ulong)status.Mode);
        Number(status.Owner);
        Number(status.Group);
        Signed(status.Size);
        Signed(status.Blocks);
        Number(status.LinkCount);
        Number(status.Inode);
        Number(status.FileSystem);
        Number(status.DeviceMajor);
        Number(status.DeviceMinor);
        Time(status.Modified);
        Time(status.Changed);
        Number(status.IsMountPoint is { } mounted ? mounted ? 2u : 1u : 0u);
    }

    private void Time(FileTime time)
    {
        Signed(time.Seconds);
        Number((ulong)time.Nanoseconds);
    }

    private void Optional(string? text)
    {
        Flag(text is not null);
        if (text is not null)
            Text(text);
    }

    private void Text(string text)
    {
        int length = Encoding.UTF8.GetByteCount(text);
        Number((ulong)length);
        _bytes.Advance(Encoding.UTF8.GetBytes(text, _bytes.GetSpan(Math.Max(length, 1))));
    }

    private void Flag(bool value) => _bytes.Write([value ? (byte)1 : (byte)0]);

    private void Signed(long value) => Number((ulong)(value << 1) ^ (ulong)(value >> 63));

    private void Number(ulong value)
    {
        const int MaxBytes = 10;
        var span = _bytes.GetSpan(MaxBytes);
        int length = 0;
        for (; value >= 0x80; value >>= 7)
            span[length++] = (byte)(value | 0x80);
        span[length++] = (byte)value;
        _bytes.Advance(length);
    }
}
