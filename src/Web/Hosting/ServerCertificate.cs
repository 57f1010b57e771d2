using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Provenance.Web.Hosting;

/// <summary>The certificate that connections are opened with. A renewed one is seen by the next connection; what is none leaves the last that was.</summary>
internal sealed class ServerCertificate
{
    /// <summary>Of each file: chains have a handful of certificates.</summary>
    private const int MaxFileBytes = 1 << 20;

    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(1);

    private readonly TlsFiles _files;
    private readonly TimeProvider _time;
    private readonly Lock _reading = new();
    private volatile SslServerAuthenticationOptions _current;
    private string _read;
    private string? _refused;
    private long _looked;

    /// <exception cref="TlsFileException">It cannot be served with.</exception>
    public ServerCertificate(TlsFiles files, TimeProvider time)
    {
        _files = files;
        _time = time;
        _read = Stamp(files);
        _looked = time.GetTimestamp();
        _current = Load(files);
    }

    /// <summary>For a connection that begins now.</summary>
    /// <param name="log">Hears of new certificates, and of files that are none.</param>
    public SslServerAuthenticationOptions Get(ILogger log)
    {
        if (_time.GetElapsedTime(Volatile.Read(ref _looked)) > LookAgain)
        {
            lock (_reading)
            {
                Look(log);
            }
        }

        return _current;
    }

    private void Look(ILogger log)
    {
        Volatile.Write(ref _looked, _time.GetTimestamp());
        string stamp = Stamp(_files);
        if (stamp == _read)
        {
            return;
        }

        try
        {
            _current = Load(_files);
            _read = stamp;
            Log.CertificateRead(log, _files.Certificate, _current.ServerCertificateContext!.TargetCertificate.NotAfter.ToUniversalTime());
        }
        catch (TlsFileException) when (_refused == stamp)
        {
            // Said already.
        }
        catch (TlsFileException e)
        {
            // Certificate and key are two files: while they are being replaced they may not belong together, and the next look finds that they do.
            _refused = stamp;
            Log.CertificateRefused(log, e.Message);
        }
    }

    private static SslServerAuthenticationOptions Load(TlsFiles files)
    {
        string certificate = Read(files.Certificate);
        string key = Read(files.Key);
        var chain = new X509Certificate2Collection();
        try
        {
            chain.ImportFromPem(certificate);
        }
        catch (CryptographicException e)
        {
            throw new TlsFileException(files.Certificate, "is no certificate in PEM", e);
        }

        if (chain.Count == 0)
        {
            throw new TlsFileException(files.Certificate, "holds no certificate in PEM");
        }

        try
        {
            var leaf = X509Certificate2.CreateFromPem(chain[0].ExportCertificatePem(), key);
            chain.RemoveAt(0);
            return new SslServerAuthenticationOptions
            {
                // Offline: nothing is fetched from addresses that stand in a certificate.
                ServerCertificateContext = SslStreamCertificateContext.Create(leaf, chain, offline: true),
                // The platform's choice: TLS 1.2 and what comes after it (RFC 8996 forbids what came before).
                EnabledSslProtocols = SslProtocols.None,
            };
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            throw new TlsFileException(files.Key, $"is no unencrypted private key in PEM that belongs to the certificate in '{files.Certificate}'", e);
        }
    }

    private static string Read(string path)
    {
        try
        {
            return new FileInfo(path).Length <= MaxFileBytes
                ? File.ReadAllText(path)
                : throw new TlsFileException(path, $"is larger than {MaxFileBytes} bytes");
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new TlsFileException(path, "no such file", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new TlsFileException(path, "cannot be read", e);
        }
    }

    /// <summary>Links are followed: renewal often moves a link, which has times of its own.</summary>
    private static string Stamp(TlsFiles files) => string.Join('|', new[] { files.Certificate, files.Key }.Select(StampOf));

    private static string StampOf(string path)
    {
        try
        {
            var file = (FileInfo)(File.ResolveLinkTarget(path, returnFinalTarget: true) ?? new FileInfo(path));
            return file.Exists ? $"{file.FullName} {file.LastWriteTimeUtc.Ticks} {file.Length}" : "";
        }
        catch (IOException)
        {
            return "";
        }
    }
}
