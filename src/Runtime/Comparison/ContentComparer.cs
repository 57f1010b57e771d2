using System.Text.Json;
using Provenance.Archive.Images;
using Provenance.Archive.Images.Layers;
using Provenance.Archive.Records;
using Provenance.Runtime.Recording;

namespace Provenance.Runtime.Comparison;

/// <summary>Compares two contents by what they are: told by their first bytes, and by their names where these leave it open.</summary>
/// <remarks>
/// Whatever they hold, there is a result: what cannot be read as what it seems to be is compared as the next kind that fits, and
/// byte for byte at last.
/// </remarks>
internal static class ContentComparer
{
    /// <summary>Enough for the mark of every kind, and for a look at the lines of a text.</summary>
    public const int HeadBytes = 1 << 16;

    /// <summary>The first that recognises both contents has the word.</summary>
    private static readonly IContentComparer[] All =
    [
        new BamComparer(),
        new CompressedComparer(),
        new ZipComparer(),
        new TarComparer(),
        new NumpyComparer(),
        new PngComparer(),
        new NetcdfComparer(),
        new HdfComparer(),
        new MarkedHeaderComparer(),
        new PdfComparer(),
        new JsonComparer(),
        new TextComparer(),
    ];

    public static Likeness Compare(ComparedContent then, ComparedContent now, ComparisonContext context)
    {
        if (then.Length == now.Length && StreamEquality.AreEqual(then.FromStart(), now.FromStart()))
        {
            return new Likeness { Result = ComparisonResult.Identical, Kind = "bytes" };
        }

        byte[] thenHead = then.Head(HeadBytes);
        byte[] nowHead = now.Head(HeadBytes);
        string? problem = context.Depth > ComparisonContext.MaxDepth ? "is nested too deeply" : null;
        foreach (var comparer in problem is null ? All : [])
        {
            if (!comparer.Recognises(thenHead, then.Name) || !comparer.Recognises(nowHead, now.Name))
            {
                continue;
            }

            try
            {
                return Timed(comparer.Compare(then, now, context), then, now);
            }
            catch (Exception e) when (IsUnreadable(e))
            {
                problem ??= $"not compared as {comparer.Kind}: {Reason(e)}";
            }
        }

        return Timed(Likeness.Differs("bytes", problem), then, now);
    }

    /// <summary>Every way in which a decoder says that content is damaged; and a full disk, for then there is still the comparison of bytes.</summary>
    private static bool IsUnreadable(Exception exception) => exception is UnreadableContentException or ImageException or HostileImageException
        or JsonException or IOException or UnauthorizedAccessException or FormatException
        || Decompressor.IsDamage(exception);

    private static string Reason(Exception exception) => exception is UnreadableContentException or ImageException or HostileImageException
        ? exception.Message
        : "it is damaged";

    /// <summary>Shows where they part, and says so when a date or a time is what stands there.</summary>
    private static Likeness Timed(Likeness likeness, ComparedContent then, ComparedContent now)
    {
        if (likeness.Result != ComparisonResult.Differs)
        {
            return likeness;
        }

        var first = likeness.First ?? FirstDifferenceFinder.Find(then.FromStart(), now.FromStart());
        bool isTime = likeness.LooksLikeTime || first is not null && TimeText.ExplainsDifference(first.Original, first.Replayed);
        return likeness with { First = first, LooksLikeTime = isTime };
    }
}
