namespace Provenance.Runtime.Recording;

/// <summary>One of the two streams a job writes to.</summary>
internal enum OutputStream
{
    Stdout,
    Stderr,
}
