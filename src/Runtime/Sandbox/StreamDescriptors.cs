using Provenance.Runtime.Native;

namespace Provenance.Runtime.Sandbox;

/// <summary>Standard streams such that taking one of the numbers 0 to 2 in the child never closes another that is needed.</summary>
internal sealed class StreamDescriptors : IDisposable
{
    // Above all that shells and launchers use by number.
    private const int LowestCopy = 20;

    private readonly List<int> _copies = [];

    public StreamDescriptors(StandardStreams asked) =>
        Streams = asked with
        {
            Input = Clear(asked.Input, 0),
            Output = Clear(asked.Output, 1),
            Error = Clear(asked.Error, 2),
        };

    /// <summary>Each is the number it is to become, or above 2.</summary>
    public StandardStreams Streams { get; }

    public void Dispose()
    {
        foreach (int copy in _copies)
            _ = Libc.close(copy);
    }

    private int Clear(int descriptor, int becomes)
    {
        if (descriptor == becomes || descriptor > 2)
            return descriptor;
        int copy = Libc.fcntl(descriptor, Libc.F_DUPFD_CLOEXEC, LowestCopy);
        if (copy < 0)
            throw SyscallException.FromLastError("fcntl", $"{descriptor}");
        _copies.Add(copy);
        return copy;
    }
}
