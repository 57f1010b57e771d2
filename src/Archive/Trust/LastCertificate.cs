using System.Security.Cryptography.X509Certificates;

namespace Provenance.Archive.Trust;

/// <summary>The certificate a thread read last: thousands of records in a row bear the same, and reading it takes longer than to verify with it.</summary>
/// <remarks>Known again by every byte of it. What is returned belongs to the thread and is not to be disposed.</remarks>
internal static class LastCertificate
{
    [ThreadStatic]
    private static X509Certificate2? _last;

    public static X509Certificate2 Load(ReadOnlySpan<byte> der)
    {
        if (_last is null || !_last.RawDataMemory.Span.SequenceEqual(der))
        {
            _last = X509CertificateLoader.LoadCertificate(der);
        }

        return _last;
    }
}
