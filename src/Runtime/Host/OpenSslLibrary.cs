using System.Runtime.InteropServices;

namespace Provenance.Runtime.Host;

/// <summary>The library by which .NET hashes and signs. Where it is missing .NET ends the process (abort(3)) at the first hash.</summary>
/// <remarks>Source: dotnet/runtime, System.Security.Cryptography.Native/opensslshim.c, for the names and the variable.</remarks>
public static class OpenSslLibrary
{
    /// <summary>Set when building: OpenSSL is linked in, and nothing is looked for (<c>make publish-static</c>).</summary>
    private const string LinkedSwitch = "Provenance.OpenSslLinked";

    private const string VersionVariable = "DOTNET_OPENSSL_VERSION_OVERRIDE";

    // Where distributions have it: looking there costs microseconds, loading it milliseconds.
    private static readonly string[] Folders =
    [
        "/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/lib64", "/usr/lib", "/lib64", "/lib",
    ];

    private static readonly string[] Names = ["libssl.so.3", "libssl.so.1.1"];

    private static bool IsLinked => AppContext.TryGetSwitch(LinkedSwitch, out bool linked) && linked;

    /// <exception cref="RuntimeException">It is not there, in a message that names what is missing and what helps.</exception>
    public static void Require()
    {
        if (!IsLinked && !IsThere(Names, Folders))
        {
            throw new RuntimeException(
                $"OpenSSL is missing on this machine: neither {string.Join(" nor ", Names)} can be loaded, by which prov hashes and signs; "
                + "expected the package of OpenSSL 3 (libssl3, openssl-libs), or the prov that has it linked in (make publish-static)");
        }
    }

    internal static bool IsThere(IReadOnlyList<string> names, IReadOnlyList<string> folders)
    {
        if (Environment.GetEnvironmentVariable(VersionVariable) is not { Length: > 0 }
            && folders.Any(folder => names.Any(name => File.Exists(Path.Combine(folder, name)))))
        {
            return true;
        }

        // Elsewhere by LD_LIBRARY_PATH, ld.so.conf, a run path, or of the version the variable says.
        string[] asked = Environment.GetEnvironmentVariable(VersionVariable) is { Length: > 0 } version ? [$"libssl.so.{version}", .. names] : [.. names];
        return asked.Any(name => NativeLibrary.TryLoad(name, out _));
    }
}
