using Microsoft.Win32.SafeHandles;
using Provenance.Runtime.Native;

namespace Provenance.Runtime.Recording;

/// <summary>A pipe through which the job gets what is in a file: for one that had a pipe when it was recorded, and may ask what it has.</summary>
internal sealed class FedInput : InputChannel
{
    private const int BufferBytes = 64 * 1024;

    private readonly SafeFileHandle _content;
    private readonly SafeFileHandle _jobEnd;
    private readonly SafeFileHandle _toJob;
    private bool _isStarted;

    /// <param name="content">Read from its place on, and closed.</param>
    /// <exception cref="SyscallException">No descriptor is to be had.</exception>
    public FedInput(SafeFileHandle content)
    {
        _content = content;
        (_jobEnd, _toJob) = Descriptors.Pipe();
    }

    public override int JobDescriptor => (int)_jobEnd.DangerousGetHandle();

    public override int FeedingDescriptor => (int)_toJob.DangerousGetHandle();

    public override void Start()
    {
        _isStarted = true;
        _jobEnd.Dispose();
        new Thread(Feed) { IsBackground = true, Name = "Stdin" }.Start();
    }

    /// <remarks>A thread that has begun ends by itself, when nobody is left who could read; it closes what it uses.</remarks>
    protected override void Dispose(bool disposing)
    {
        _jobEnd.Dispose();
        if (!_isStarted)
        {
            _content.Dispose();
            _toJob.Dispose();
        }

        base.Dispose(disposing);
    }

    private void Feed()
    {
        using var content = _content;
        using var toJob = _toJob;
        byte[] buffer = new byte[BufferBytes];
        while (Descriptors.TryRead(content, buffer, out int length) == Errno.None
            && length > 0
            && Descriptors.TryWriteAll(toJob, buffer.AsSpan(0, length)) == Errno.None)
        {
        }
    }
}
