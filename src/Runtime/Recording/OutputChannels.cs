using Microsoft.Win32.SafeHandles;
using Provenance.Runtime.Native;
using Provenance.Runtime.Sandbox;

namespace Provenance.Runtime.Recording;

/// <summary>Both output streams of a job, carried to where they would have gone and tapped on the way.</summary>
internal sealed class OutputChannels : IDisposable
{
    private readonly OutputChannel _stdout;
    private readonly OutputChannel? _stderr;

    private OutputChannels(StreamForm form, OutputChannel stdout, OutputChannel? stderr)
    {
        Form = form;
        _stdout = stdout;
        _stderr = stderr;
    }

    public StreamForm Form { get; }

    public bool ReaderLeft => _stdout.ReaderLeft;

    /// <summary>Why something could not be passed on, though nobody left; null for nothing.</summary>
    public string? Lost => _stdout.Lost ?? _stderr?.Lost;

    /// <summary>What the job gets; its input is another's.</summary>
    public StandardStreams Streams => new(0, _stdout.JobDescriptor, (_stderr ?? _stdout).JobDescriptor);

    /// <summary>For a recording: the bytes go on to our own output, which decides the form.</summary>
    /// <exception cref="SyscallException">No descriptor is to be had.</exception>
    public static OutputChannels ForOurOwn()
    {
        var stdout = Descriptors.Standard(1);
        var stderr = Descriptors.Standard(2);
        var form = new StreamForm
        {
            StdoutTerminal = Descriptors.IsTerminal(stdout),
            StderrTerminal = Descriptors.IsTerminal(stderr),
            Shared = AreShared(stdout, stderr),
        };
        return Open(form, OpenOrNull(stdout), OpenOrNull(stderr));
    }

    /// <summary>For a replay: the form is the run's, and the bytes go nowhere but to the tap.</summary>
    /// <exception cref="SyscallException">No descriptor is to be had.</exception>
    public static OutputChannels ForCapture(StreamForm form) => Open(form, null, null);

    /// <summary>Begins to carry, as soon as the job has started.</summary>
    public void Start(StreamTap tap, Action resized)
    {
        _stdout.Start(tap, resized);
        _stderr?.Start(tap, resized);
    }

    /// <summary>Waits, after the job has ended, until all is carried.</summary>
    public void Finish()
    {
        _stdout.Finish();
        _stderr?.Finish();
    }

    public void Dispose()
    {
        _stdout.Dispose();
        _stderr?.Dispose();
    }

    private static OutputChannels Open(StreamForm form, SafeFileHandle? stdout, SafeFileHandle? stderr)
    {
        var first = OutputChannel.Open(OutputStream.Stdout, stdout, form.StdoutTerminal, form.StdoutSize);
        try
        {
            var second = form.Shared ? null : OutputChannel.Open(OutputStream.Stderr, stderr, form.StderrTerminal, form.StderrSize);
            return new OutputChannels(form, first, second);
        }
        catch
        {
            first.Dispose();
            throw;
        }
    }

    private static SafeFileHandle? OpenOrNull(SafeFileHandle own) => Descriptors.IsOpen(own) ? own : null;

    /// <summary>After 2>&amp;1, and on a terminal: there the order of the two streams is part of the output.</summary>
    private static bool AreShared(SafeFileHandle stdout, SafeFileHandle stderr)
    {
        if (!Descriptors.IsOpen(stdout) || !Descriptors.IsOpen(stderr))
        {
            return false;
        }

        var one = Files.Status(stdout);
        var other = Files.Status(stderr);
        if (one.Inode != other.Inode || one.FileSystem != other.FileSystem)
        {
            return false;
        }

        if (one.IsFile)
        {
            return Descriptors.IsSameOpenFile(stdout, stderr) ?? Descriptors.IsAppending(stdout);
        }

        // Nobody reads what goes to /dev/null: better to know the streams apart.
        return one.Type != Files.S_IFCHR || Descriptors.IsTerminal(stdout);
    }
}
