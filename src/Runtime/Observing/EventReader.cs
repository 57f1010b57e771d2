using System.Text;
using System.Text.Unicode;
using Provenance.Runtime.Native;

namespace Provenance.Runtime.Observing;

/// <summary>Reads what an <see cref="EventWriter"/> has written; nothing in it is believed before it is checked.</summary>
internal ref struct EventReader(ReadOnlySpan<byte> bytes)
{
    /// <summary>The longest text: all arguments of a program are no longer.</summary>
    private const int MaxTextBytes = 1 << 18;

    private const int MaxArguments = 1 << 15;

    private ReadOnlySpan<byte> _rest = bytes;

    /// <summary>All events of a frame.</summary>
    /// <exception cref="RuntimeException">They are not whole, or not of this form.</exception>
    public static List<ObservedEvent> ReadAll(ReadOnlySpan<byte> bytes)
    {
        var events = new List<ObservedEvent>();
        var reader = new EventReader(bytes);
        while (!reader._rest.IsEmpty)
            events.Add(reader.Read());
        return events;
    }

    private ObservedEvent Read()
    {
        var tag = (EventTag)Byte();
        int process = Int();
        return tag switch
        {
            EventTag.FileTouched => Touched(process),
            EventTag.FileRenamed => new FileRenamed { Process = process, From = Text(), To = Text(), KeepsOld = Flag() },
            EventTag.ProgramStarted => Program(process),
            EventTag.ProcessStarted => new ProcessStarted { Process = process, Parent = Int() },
            EventTag.PeerContacted => Peer(process),
            EventTag.NameAsked => new NameAsked { Process = process, Name = Text() },
            EventTag.CallNoted => new CallNoted { Process = process, What = Text() },
            EventTag.ObservedLoss => new ObservedLoss { Process = process, Sentence = Text() },
            _ => throw Broken($"has tag {(int)tag}"),
        };
    }

    private FileTouched Touched(int process) => new()
    {
        Process = process,
        Access = (FileAccess)Int(),
        Path = Text(),
        Named = Flag() ? Text() : null,
        Before = Flag() ? Status() : null,
    };

    private ProgramStarted Program(int process)
    {
        string path = Text();
        int count = Int();
        if (count > MaxArguments)
            throw Broken($"has {count} arguments, expected at most {MaxArguments}");
        var argv = new List<string>();
        for (int i = 0; i < count; i++)
            argv.Add(Text());
        return new ProgramStarted { Process = process, Path = path, Argv = argv, WorkingDirectory = Text() };
    }

    private PeerContacted Peer(int process) => new()
    {
        Process = process,
        Family = Text(),
        Protocol = Text(),
        Address = Text(),
        Port = Int(),
        IsBound = Flag(),
    };

    private FileStatus Status() => new()
    {
        Type = UInt(),
        Mode = Int(),
        Owner = UInt(),
        Group = UInt(),
        Size = Signed(),
        Blocks = Signed(),
        LinkCount = UInt(),
        Inode = Number(),
        FileSystem = Number(),
        DeviceMajor = UInt(),
        DeviceMinor = UInt(),
        Modified = Time(),
        Changed = Time(),
        IsMountPoint = Int() switch { 0 => null, 1 => false, _ => true },
    };

    private FileTime Time() => new(Signed(), Int());

    private string Text()
    {
        int length = Int();
        if (length > MaxTextBytes || length > _rest.Length)
            throw Broken($"has a text of {length} bytes");
        var text = _rest[..length];
        if (!Utf8.IsValid(text))
            throw Broken("has a text that is not UTF-8");
        _rest = _rest[length..];
        return Encoding.UTF8.GetString(text);
    }

    private bool Flag() => Byte() switch { 0 => false, 1 => true, var other => throw Broken($"has flag {other}") };

    private byte Byte()
    {
        if (_rest.IsEmpty)
            throw Broken("ends too early");
        byte value = _rest[0];
        _rest = _rest[1..];
        return value;
    }

    private int Int() => Number() is <= int.MaxValue and var number ? (int)number : throw Broken("has too large a number");

    private uint UInt() => Number() is <= uint.MaxValue and var number ? (uint)number : throw Broken("has too large a number");

    private long Signed() => Number() is var folded ? (long)(folded >> 1) ^ -(long)(folded & 1) : 0;

    private ulong Number()
    {
        const int LastShift = 63;
        ulong value = 0;
        for (int shift = 0; shift <= LastShift; shift += 7)
        {
            byte part = Byte();
            if (shift == LastShift && part > 1)
                break;
            value |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80)
                return value;
        }
        throw Broken("has too large a number");
    }

    private static RuntimeException Broken(string how) => new($"observed event: {how}");
}
