using System.Text.RegularExpressions;

namespace Provenance.Web.Hosting;

/// <summary>Which files of a log are served. Everything else below its folder is not.</summary>
/// <remarks>Source: C2SP tlog-tiles: <c>tile/L/N[.p/W]</c> and <c>tile/entries/N[.p/W]</c>, N in groups of
/// three digits of which all but the last begin with x.</remarks>
internal static partial class LogPaths
{
    public static bool IsServed(string path) => Pattern().IsMatch(path);

    [GeneratedRegex(@"\A(checkpoint|vkey|cosigned/[0-9]{1,19}|rotations/[0-9a-f]{8}|tile/([0-9]{1,2}|entries)/(x[0-9]{3}/)*[0-9]{3}(\.p/[0-9]{1,3})?)\z")]
    private static partial Regex Pattern();
}
