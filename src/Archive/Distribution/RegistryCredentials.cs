using System.Text;
using System.Text.Json;

namespace Provenance.Archive.Distribution;

/// <summary>Asks a program that keeps credentials, <c>docker-credential-NAME get</c>.</summary>
/// <param name="helper">The part of the program's name after <c>docker-credential-</c>: letters, digits, <c>-</c>, <c>_</c> and <c>.</c>.</param>
/// <param name="server">For which.</param>
/// <returns>What it printed; null where it has none.</returns>
/// <exception cref="ArchiveException">It cannot be started, takes too long, or prints too much.</exception>
public delegate byte[]? CredentialHelper(string helper, string server);

/// <summary>Credentials as podman, skopeo and docker keep them: the files are theirs, and only read here.</summary>
/// <remarks>Sources: containers-auth.json(5); docker's config.json; docker-credential-helpers, README.md.</remarks>
public sealed class RegistryCredentials
{
    private const long MaxFileBytes = 4 << 20;
    private const string DockerHubKey = "https://index.docker.io/v1/";

    private readonly IReadOnlyList<string> _files;
    private readonly bool _mustExist;
    private readonly CredentialHelper? _helper;

    private RegistryCredentials(IReadOnlyList<string> files, bool mustExist, CredentialHelper? helper) =>
        (_files, _mustExist, _helper) = (files, mustExist, helper);

    /// <summary>Nobody's.</summary>
    public static RegistryCredentials None { get; } = new([], false, null);

    /// <summary>One file, which must be there.</summary>
    public static RegistryCredentials Of(string file, CredentialHelper? helper) => new([file], true, helper);

    /// <summary>The files that podman looks into, and then docker's.</summary>
    /// <param name="environment">Looks up a variable.</param>
    /// <param name="user">The number of the user, after whom podman calls a folder where no other is named.</param>
    /// <param name="helper">Null where no programs are to be asked.</param>
    public static RegistryCredentials Default(Func<string, string?> environment, uint user, CredentialHelper? helper)
    {
        if (Variable("REGISTRY_AUTH_FILE") is { } named)
        {
            return Of(named, helper);
        }

        string? home = Variable("HOME");
        string? config = Variable("XDG_CONFIG_HOME") ?? Below(home, ".config");
        string? docker = Variable("DOCKER_CONFIG") ?? Below(home, ".docker");
        string?[] files =
        [
            Below(Variable("XDG_RUNTIME_DIR"), "containers/auth.json") ?? $"/run/containers/{user}/auth.json",
            Below(config, "containers/auth.json"),
            Below(docker, "config.json"),
        ];
        return new RegistryCredentials([.. files.OfType<string>()], false, helper);

        string? Variable(string name) => environment(name) is { Length: > 0 } value ? value : null;

        static string? Below(string? folder, string path) => folder is null ? null : Path.Combine(folder, path);
    }

    /// <param name="host">As in references.</param>
    /// <param name="repository">The most telling of the entries for a host is taken: some are for a part of its repositories.</param>
    /// <returns>Null for nobody.</returns>
    /// <exception cref="RegistryException">A file is malformed, or a program fails.</exception>
    public RegistryCredential? Find(string host, string? repository = null)
    {
        foreach (string file in _files)
        {
            try
            {
                if (Read(file) is { } document && Find(document, file, host, repository) is { } found)
                {
                    return found;
                }
            }
            catch (InvalidOperationException e)
            {
                // The reader looks at the bytes of a name or a text only when it is asked for.
                throw new RegistryException($"credentials '{file}'", "has a text that is not UTF-8", cause: e);
            }
        }

        return null;
    }

    private JsonElement? Read(string path)
    {
        try
        {
            if (new FileInfo(path) is { Exists: true, Length: > MaxFileBytes } large)
            {
                throw new RegistryException($"credentials '{path}'", $"has {large.Length} bytes, at most {MaxFileBytes} expected");
            }

            var root = JsonElement.Parse(File.ReadAllBytes(path));
            return root.ValueKind == JsonValueKind.Object ? root : throw new RegistryException($"credentials '{path}'", "is no JSON object");
        }
        catch (Exception e) when (!_mustExist && (e is FileNotFoundException or DirectoryNotFoundException or UnauthorizedAccessException))
        {
            // What the caller may not read is not the caller's.
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new RegistryException($"credentials '{path}'", e.Message.TrimEnd('.'), cause: e);
        }
        catch (JsonException e)
        {
            throw new RegistryException($"credentials '{path}'", "is no JSON", cause: e);
        }
    }

    private RegistryCredential? Find(JsonElement document, string file, string host, string? repository)
    {
        if (Member(document, "credHelpers") is { } helpers && Keys(host, null).Select(key => Text(helpers, key)).OfType<string>().FirstOrDefault() is { } own)
        {
            return Ask(own, host, file);
        }

        if (Member(document, "auths") is { } auths)
        {
            var entry = Keys(host, repository).Select(key => Member(auths, key)).OfType<JsonElement>().Cast<JsonElement?>().FirstOrDefault();
            if (entry is { } found && Of(found, file, host) is { } credential)
            {
                return credential;
            }
        }

        return Text(document, "credsStore") is { Length: > 0 } store ? Ask(store, host, file) : null;
    }

    /// <summary>From the most telling on: <c>host/a/b</c>, <c>host/a</c>, <c>host</c>, and the spellings of docker.</summary>
    private static IEnumerable<string> Keys(string host, string? repository)
    {
        for (string? part = repository; part is not null; part = part.LastIndexOf('/') is > 0 and var slash ? part[..slash] : null)
        {
            yield return $"{host}/{part}";
        }

        yield return host;
        yield return $"https://{host}";
        yield return $"https://{host}/";
        yield return $"https://{host}/v1/";
        yield return $"https://{host}/v2/";
        if (host == RegistryHost.DockerHub)
        {
            yield return DockerHubKey;
            yield return "index.docker.io";
        }
    }

    private static RegistryCredential? Of(JsonElement entry, string file, string host)
    {
        if (Text(entry, "identitytoken") is { Length: > 0 } identity)
        {
            return new RegistryCredential { IdentityToken = identity };
        }

        if (Text(entry, "registrytoken") is { Length: > 0 } token)
        {
            return new RegistryCredential { RegistryToken = token };
        }

        if (Text(entry, "auth") is not { Length: > 0 } auth)
        {
            return Text(entry, "username") is { Length: > 0 } user ? new RegistryCredential { User = user, Password = Text(entry, "password") ?? "" } : null;
        }

        try
        {
            string pair = Encoding.UTF8.GetString(Convert.FromBase64String(auth)).TrimEnd('\0');
            int colon = pair.IndexOf(':', StringComparison.Ordinal);
            if (colon > 0)
            {
                return new RegistryCredential { User = pair[..colon], Password = pair[(colon + 1)..] };
            }
        }
        catch (FormatException)
        {
            // Told below.
        }

        throw new RegistryException($"credentials '{file}'", $"'auth' of '{host}' is not 'user:password' in base64");
    }

    private RegistryCredential? Ask(string helper, string host, string file)
    {
        if (_helper is null)
        {
            return null;
        }

        if (helper.Length > 64 || !helper.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.'))
        {
            throw new RegistryException($"credentials '{file}'", "names a helper that is no name of a program");
        }

        if (_helper(helper, host == RegistryHost.DockerHub ? DockerHubKey : host) is not { } answer)
        {
            return null;
        }

        try
        {
            var root = JsonElement.Parse(answer);
            string? secret = Text(root, "Secret");
            return Text(root, "Username") switch
            {
                _ when string.IsNullOrEmpty(secret) => null,
                "<token>" => new RegistryCredential { IdentityToken = secret },
                { Length: > 0 } user => new RegistryCredential { User = user, Password = secret },
                _ => null,
            };
        }
        catch (JsonException e)
        {
            // What it printed may be a secret: it is not told.
            throw new RegistryException($"program 'docker-credential-{helper}'", "prints no JSON of a credential", cause: e);
        }
    }

    private static JsonElement? Member(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var member) && member.ValueKind == JsonValueKind.Object ? member : null;

    private static string? Text(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var member) && member.ValueKind == JsonValueKind.String
            ? member.GetString()
            : null;
}
