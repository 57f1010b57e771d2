using System.Globalization;
using System.Text.RegularExpressions;

namespace Provenance.Archive.Images.Packings;

/// <summary>Which of an image's platforms is taken.</summary>
/// <remarks>Sources: OCI image-spec v1.1.1, image-index.md#platform-variants; x86-64 psABI §3.1.1 for the levels of amd64.</remarks>
internal static partial class PlatformChoice
{
    /// <inheritdoc cref="Best(IReadOnlyList{Platform?}, Platform, Platform?)"/>
    public static int? Best(IReadOnlyList<Platform?> candidates, ImportOptions options) => Best(candidates, options.Host, options.Platform);

    /// <param name="candidates">Null for one that does not say what it is for.</param>
    /// <param name="host">This machine, with the level of its processor as variant.</param>
    /// <param name="asked">Taken instead of the best for this machine; null for none.</param>
    /// <returns>Index of the best candidate; null when none will do.</returns>
    public static int? Best(IReadOnlyList<Platform?> candidates, Platform host, Platform? asked)
    {
        var wanted = asked ?? host;
        var suited = candidates
            .Select((platform, index) => (Platform: platform, Index: index))
            .Where(candidate => candidate.Platform is not null && IsOfKind(candidate.Platform, wanted))
            .Select(candidate => (candidate.Index, Level: LevelOf(candidate.Platform!)))
            .ToList();
        if (asked?.Variant is not null)
        {
            suited.RemoveAll(candidate => candidate.Level != LevelOf(wanted));
        }

        // Of another architecture nothing is known of the machine it will run on: the least demanding is taken.
        bool isHost = IsOfKind(host, wanted);
        var runnable = isHost ? suited.Where(candidate => candidate.Level <= LevelOf(host)).ToList() : [];
        if (runnable.Count > 0)
        {
            return runnable.MaxBy(candidate => candidate.Level).Index;
        }

        return asked is not null && suited.Count > 0 ? suited.MinBy(candidate => candidate.Level).Index : null;
    }

    /// <summary>Whether an image is for the platform that was asked for; a variant that was not asked for does not matter.</summary>
    public static bool Satisfies(Platform image, Platform wanted) =>
        IsOfKind(image, wanted) && (wanted.Variant is null || LevelOf(image) == LevelOf(wanted));

    private static bool IsOfKind(Platform a, Platform b) => a.Os == b.Os && a.Architecture == b.Architecture;

    /// <summary>A number that grows with what is asked of the processor. Without a variant: the first that there was.</summary>
    public static decimal LevelOf(Platform platform)
    {
        decimal first = platform.Architecture == "arm64" ? 8 : 1;
        var match = Level().Match(platform.Variant ?? "");
        return match.Success ? decimal.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) : first;
    }

    [GeneratedRegex(@"\Av([0-9]{1,3}(?:\.[0-9]{1,3})?)\z")]
    private static partial Regex Level();
}
