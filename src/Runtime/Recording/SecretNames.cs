namespace Provenance.Runtime.Recording;

/// <summary>Tells by its name whether an environment variable holds something that must not be written down.</summary>
public static class SecretNames
{
    private static readonly string[] Endings =
        ["PASSWORD", "PASSWD", "PASSPHRASE", "SECRET", "SECRETS", "TOKEN", "TOKENS", "APIKEY", "CREDENTIAL", "CREDENTIALS"];

    /// <summary>Words that make a KEY after them a secret one; a KEY alone may be anything.</summary>
    private static readonly string[] KeyKinds = ["API", "ACCESS", "PRIVATE", "SECRET", "SIGNING", "ENCRYPTION", "ACCOUNT"];

    /// <summary>By whole words, so that <c>TOKENIZERS_PARALLELISM</c> is none.</summary>
    public static bool LooksSecret(string name)
    {
        string[] words = name.ToUpperInvariant().Split('_', '-', '.');
        return words.Any(word => word == "PASS" || Endings.Any(ending => word.EndsWith(ending, StringComparison.Ordinal)))
            || words.Zip(words.Skip(1)).Any(pair => pair.Second == "KEY" && KeyKinds.Contains(pair.First));
    }
}
