using System.CommandLine;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Provenance.Archive.Distribution;
using Provenance.Archive.Upkeep;
using Provenance.Runtime.Native;

namespace Provenance.Cli.Options;

/// <summary>How a registry is reached: the options that podman and skopeo have.</summary>
internal sealed class RegistryAccess
{
    private const int MaxTokenCharacters = 1 << 16;

    private readonly Option<string> _authFile = SharedOptions.Single(
        "--authfile", null, "FILE", "credentials, as podman login keeps them [those of podman, else of docker]");

    private readonly Option<bool> _verifyTls = new("--tls-verify")
    {
        HelpName = "true|false",
        Description = "whether the registry must prove who it is; with false also plain HTTP will do [true]",
        DefaultValueFactory = _ => true,
    };

    private readonly Option<string> _certificates = SharedOptions.Single(
        "--cert-dir", null, "DIR", "believe the authorities in DIR/*.crt too, whoever vouches for the registry");

    private readonly Option<string> _tokenFile = SharedOptions.Single(
        "--token-file", null, "FILE", "the token in FILE says who you are, to an archive of prov");

    public IEnumerable<Option> Options => [_tokenFile, _authFile, _verifyTls, _certificates];

    public RegistryClient Connect(CommandCall call) => new(new RegistryOptions
    {
        UserAgent = $"prov/{Workbench.Recorder.Version.Split('+')[0]}",
        Credentials = call.Value(_authFile) is { } file
            ? RegistryCredentials.Of(file, CredentialProgram.Ask)
            : RegistryCredentials.Default(Environment.GetEnvironmentVariable, Identity.EffectiveUid, CredentialProgram.Ask),
        BearerToken = call.Value(_tokenFile) is { } token ? ReadToken(token) : null,
        VerifyTls = call.Value(_verifyTls),
        Authorities = call.Value(_certificates) is { } folder ? ReadAuthorities(folder) : [],
        Settings = ArchiveSettings.Read(call.Workbench.Layout).Registry,
        Time = call.Workbench.Time,
    });

    private string ReadToken(string path)
    {
        using var file = new StreamReader(path);
        char[] text = new char[MaxTokenCharacters];
        string token = new string(text, 0, file.ReadBlock(text)).Trim();
        return token.Length > 0 && token.All(c => c is > ' ' and < (char)127)
            ? token
            : throw new UsageException($"option '{_tokenFile.Name}': file '{path}' holds no token");
    }

    private IReadOnlyList<X509Certificate2> ReadAuthorities(string folder)
    {
        if (!Directory.Exists(folder))
        {
            throw new UsageException($"option '{_certificates.Name}': '{folder}' is no folder");
        }

        var authorities = new X509Certificate2Collection();
        foreach (string path in Directory.EnumerateFiles(folder, "*.crt").Order(StringComparer.Ordinal))
        {
            try
            {
                authorities.ImportFromPemFile(path);
            }
            catch (CryptographicException e)
            {
                throw new UsageException($"option '{_certificates.Name}': file '{path}': {e.Message.TrimEnd('.')}");
            }
        }

        return authorities.Count > 0
            ? [.. authorities]
            : throw new UsageException($"option '{_certificates.Name}': '{folder}' has no file '*.crt' with a certificate");
    }
}
