using Microsoft.Win32.SafeHandles;

namespace Provenance.Runtime.Recording;

/// <summary>An open file that the job gets as it is.</summary>
internal sealed class GivenInput(SafeFileHandle file) : InputChannel
{
    public override int JobDescriptor => (int)file.DangerousGetHandle();

    protected override void Dispose(bool disposing)
    {
        file.Dispose();
        base.Dispose(disposing);
    }
}
