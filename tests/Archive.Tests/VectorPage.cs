using System.Text.RegularExpressions;

namespace Provenance.Archive.Tests;

/// <summary>The blocks of schema/FORMAT.d/vectors.md. With PROV_APPROVE=1 what a test makes is written there instead of being compared.</summary>
internal static partial class VectorPage
{
    private static readonly Lock Writing = new();

    private static string Path => System.IO.Path.Combine(RepositoryFolder.Schema, "FORMAT.d", "vectors.md");

    public static bool IsApproving => Environment.GetEnvironmentVariable("PROV_APPROVE") == "1";

    /// <summary>Without the line feed that ends it.</summary>
    public static string Block(string name) => Blocks().Matches(File.ReadAllText(Path))
        .Single(block => block.Groups["name"].Value == name).Groups["text"].Value.TrimEnd('\n');

    /// <summary>What the block must say.</summary>
    public static void Check(string name, string made)
    {
        if (IsApproving)
        {
            Write(name, made);
        }

        Xunit.Assert.Equal(made, Block(name));
    }

    /// <summary>What is made by chance, once and for all.</summary>
    public static string BlockOr(string name, Func<string> make)
    {
        if (IsApproving && Block(name).Length == 0)
        {
            Write(name, make());
        }

        return Block(name);
    }

    public static string Base64(byte[] bytes) => string.Join('\n', Convert.ToBase64String(bytes).Chunk(76).Select(line => new string(line)));

    private static void Write(string name, string text)
    {
        lock (Writing)
        {
            string page = Blocks().Replace(File.ReadAllText(Path), block => block.Groups["name"].Value == name
                ? $"```{block.Groups["kind"].Value} vector-{name}\n{text.TrimEnd('\n')}\n```"
                : block.Value);
            File.WriteAllText(Path, page);
        }
    }

    [GeneratedRegex(@"```(?<kind>json|text) vector-(?<name>[a-z0-9-]+)\n(?<text>.*?)```", RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex Blocks();
}
