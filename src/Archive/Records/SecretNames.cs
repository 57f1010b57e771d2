using System.Text;
using System.Text.RegularExpressions;
using Provenance.Archive.Content;

namespace Provenance.Archive.Records;

/// <summary>Which environment variables look as if they held a secret. Their values never enter a record.</summary>
public static partial class SecretNames
{
    public static bool LooksSecret(string name) => Pattern().IsMatch(name);

    /// <summary>The variable as a record keeps it: its value, or the value's digest when the name looks secret.</summary>
    /// <remarks>The digest tells a replay whether the secret is the same; a value that can be guessed can be guessed from it too.</remarks>
    public static EnvironmentVariable Describe(string name, string value) =>
        LooksSecret(name)
            ? new EnvironmentVariable { Name = name, ValueSha256 = HexOf(value) }
            : new EnvironmentVariable { Name = name, Value = value };

    private static string HexOf(string value) => Digest.Of(Encoding.UTF8.GetBytes(value)).Hex;

    // TOKENIZERS_PARALLELISM, PWD, SSH_AUTH_SOCK, I_MPI_PIN, PATH and AUTHOR are no secrets, and a replay needs their values.
    [GeneratedRegex(
        "PASSWORD|PASSWD|PASSPHRASE|SECRET|TOKEN(?!I[ZS])|CREDENTIAL|COOKIE"
        + "|(?:PRIVATE|API|ACCESS|SIGNING|ENCRYPTION)_?KEY"
        + @"|(?:\A|_)(?:PASS|AUTH|PAT|KEY|JWT|BEARER)\z|_PWD\z",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}
