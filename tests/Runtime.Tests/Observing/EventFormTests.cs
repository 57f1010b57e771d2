using CsCheck;
using Provenance.Runtime.Native;
using Provenance.Runtime.Observing;
using Xunit;
using FileAccess = Provenance.Runtime.Observing.FileAccess;

namespace Provenance.Runtime.Tests.Observing;

/// <summary>Events between the two processes of a recording.</summary>
public sealed class EventFormTests
{
    private static readonly Gen<string> Text = Gen.OneOf(Gen.String[Gen.Char.AlphaNumeric, 0, 300], Gen.Const("/a/ü/☃"), Gen.Const(""));
    private static readonly Gen<int> Number = Gen.Int[0, int.MaxValue];

    private static readonly Gen<FileTime> Time = Gen.Select(Gen.Long, Gen.Int[0, 999_999_999], (s, n) => new FileTime(s, n));

    private static readonly Gen<FileStatus> Status = Gen.Select(
        Gen.Select(Gen.UInt, Number, Gen.UInt, Gen.UInt), Gen.Select(Gen.Long, Gen.Long, Gen.UInt, Gen.ULong, Gen.ULong),
        Gen.Select(Gen.UInt, Gen.UInt, Time, Time), Gen.Bool.Nullable(), (a, b, c, mounted) => new FileStatus
        {
            Type = a.Item1,
            Mode = a.Item2,
            Owner = a.Item3,
            Group = a.Item4,
            Size = b.Item1,
            Blocks = b.Item2,
            LinkCount = b.Item3,
            Inode = b.Item4,
            FileSystem = b.Item5,
            DeviceMajor = c.Item1,
            DeviceMinor = c.Item2,
            Modified = c.Item3,
            Changed = c.Item4,
            IsMountPoint = mounted,
        });

    private static readonly Gen<ObservedEvent> Event = Gen.OneOf<ObservedEvent>(
        Gen.Select(Number, Gen.Int[0, 1023], Text, Text.Null(), Status.Nullable(), (p, a, path, named, before) => (ObservedEvent)
            new FileTouched { Process = p, Access = (FileAccess)a, Path = path, Named = named, Before = before }),
        Gen.Select(Number, Text, Text, Gen.Bool, (p, from, to, keeps) => (ObservedEvent)
            new FileRenamed { Process = p, From = from, To = to, KeepsOld = keeps }),
        Gen.Select(Number, Number, (p, parent) => (ObservedEvent)new ProcessStarted { Process = p, Parent = parent }),
        Gen.Select(Number, Text, Text, Text, Gen.Int[0, 65535], Gen.Bool, (p, f, t, a, port, bound) => (ObservedEvent)
            new PeerContacted { Process = p, Family = f, Protocol = t, Address = a, Port = port, IsBound = bound }),
        Gen.Select(Number, Text, (p, name) => (ObservedEvent)new NameAsked { Process = p, Name = name }),
        Gen.Select(Number, Text, (p, what) => (ObservedEvent)new CallNoted { Process = p, What = what }),
        Gen.Select(Number, Text, (p, sentence) => (ObservedEvent)new ObservedLoss { Process = p, Sentence = sentence }));

    [Fact]
    public void What_is_read_is_what_was_written() => Event.List[0, 20].Sample(events =>
    {
        Assert.Equal(events, EventReader.ReadAll(Write(events)));
    });

    [Fact]
    public void A_program_comes_with_its_arguments()
    {
        var program = new ProgramStarted { Process = 7, Path = "/bin/é", Argv = ["a", "", "☃"], WorkingDirectory = "/" };

        var read = Assert.IsType<ProgramStarted>(Assert.Single(EventReader.ReadAll(Write([program]))));

        Assert.Equal(program.Argv, read.Argv);
        Assert.Equal(program, read with { Argv = program.Argv });
    }

    [Fact]
    public void What_was_cut_off_is_refused_or_is_fewer_events() => Gen.Select(Event.List[1, 5], Gen.Double[0, 1]).Sample((events, part) =>
    {
        byte[] whole = Write(events);
        int length = (int)(part * (whole.Length - 1));
        try
        {
            Assert.True(EventReader.ReadAll(whole.AsSpan(0, length)).Count < events.Count);
        }
        catch (RuntimeException)
        {
            // Refused, as it should be.
        }
    });

    [Fact]
    public void Any_other_bytes_give_events_or_a_refusal() => Gen.Byte.Array[0, 200].Sample(bytes =>
    {
        try
        {
            _ = EventReader.ReadAll(bytes);
        }
        catch (RuntimeException e)
        {
            Assert.StartsWith("observed event: ", e.Message, StringComparison.Ordinal);
        }
    });

    private static byte[] Write(IEnumerable<ObservedEvent> events)
    {
        var writer = new EventWriter();
        foreach (var told in events)
            writer.Write(told);
        return writer.Bytes.ToArray();
    }
}
