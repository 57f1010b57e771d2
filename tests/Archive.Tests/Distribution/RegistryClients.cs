using Provenance.Archive.Distribution;

namespace Provenance.Archive.Tests.Distribution;

/// <summary>Clients that lose patience soon.</summary>
internal static class RegistryClients
{
    public static RegistryOptions Options(RegistryCredentials? credentials = null) => new()
    {
        UserAgent = "prov/test",
        Credentials = credentials ?? RegistryCredentials.None,
        Pause = TimeSpan.FromMilliseconds(1),
        Patience = TimeSpan.FromSeconds(5),
        Attempts = 3,
    };

    public static RegistryClient New(RegistryCredentials? credentials = null) => new(Options(credentials));
}
