using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Provenance.Archive.Content;

namespace Provenance.Archive.Access;

/// <summary>What lets somebody in: 256 random bits, behind letters that scanners for leaked secrets can find. Only its digest is kept.</summary>
public static partial class SecretText
{
    private const int SecretBytes = 32;

    /// <param name="prefix"><c>prov_</c> for a token, <c>prov-review_</c> for a link.</param>
    internal static string Make(string prefix) => prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretBytes));

    /// <summary>Whether it may be one: what is anything else is not looked up.</summary>
    public static bool IsOne(string text) => Pattern().IsMatch(text);

    /// <remarks>Nothing slow is needed for 256 random bits, which nobody guesses.</remarks>
    internal static Digest HashOf(string text) => Digest.Of(Encoding.ASCII.GetBytes(text));

    [GeneratedRegex(@"\Aprov(-review)?_[A-Za-z0-9_-]{43}\z")]
    private static partial Regex Pattern();
}
