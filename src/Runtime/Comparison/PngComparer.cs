using Provenance.Archive.Records;

namespace Provenance.Runtime.Comparison;

/// <summary>Compares PNG by the pixels that are seen; times, texts and packing are told apart.</summary>
/// <remarks>
/// For a tolerance the samples go from 0 to 1, and the norm is 1. An animation is compared byte for byte. By hand, because the packages
/// that decode PNG for .NET without native code make 8 bits of 16.
/// </remarks>
internal sealed class PngComparer : IContentComparer
{
    /// <summary>Of images one of which is interlaced: they are decoded whole.</summary>
    private const long MaxPixelsAtOnce = 4 << 20;

    /// <summary>Chunks that change what the samples mean; a pixel is no more the same when one differs.</summary>
    private static readonly string[] Meaning = ["cHRM", "cICP", "gAMA", "iCCP", "sRGB", "bKGD"];

    public string Kind => "png";

    public bool Recognises(ReadOnlySpan<byte> head, string name) => head.StartsWith(PngHeader.Signature);

    public Likeness Compare(ComparedContent then, ComparedContent now, ComparisonContext context)
    {
        var thenHeader = PngHeader.Read(then);
        var nowHeader = PngHeader.Read(now);
        if (thenHeader.ContentOf("acTL") is not null || nowHeader.ContentOf("acTL") is not null)
        {
            throw new UnreadableContentException("it is an animation");
        }

        if (thenHeader.Width != nowHeader.Width || thenHeader.Height != nowHeader.Height)
        {
            return Likeness.Differs(
                Kind, $"{thenHeader.Width}×{thenHeader.Height} pixels then, {nowHeader.Width}×{nowHeader.Height} now");
        }

        var types = DifferingChunks(thenHeader, nowHeader);
        if (types.Find(type => Meaning.Contains(type)) is { } meaning)
        {
            return Likeness.Differs(Kind, $"chunk {meaning} differs, which says what the colours mean");
        }

        var pixels = new PixelTally(context.Tolerance);
        ComparePixels(then, now, thenHeader, nowHeader, pixels, context.Budget);
        return pixels.Judge(Kind, thenHeader.Width).With(types.Select(type => $"png {type}")).With(["png packing"]);
    }

    private static void ComparePixels(
        ComparedContent then, ComparedContent now, PngHeader thenHeader, PngHeader nowHeader, PixelTally pixels, ExpansionBudget budget)
    {
        using var thenRows = new PngRows(then, thenHeader, budget);
        using var nowRows = new PngRows(now, nowHeader, budget);
        if (thenHeader.IsInterlaced != nowHeader.IsInterlaced)
        {
            pixels.Add(Whole(thenRows, thenHeader), Whole(nowRows, nowHeader), 0, 1);
            return;
        }

        while (thenRows.MoveNext() && nowRows.MoveNext())
        {
            int length = thenRows.Columns * PngRows.Channels;
            long place = (long)thenRows.Y * thenHeader.Width + thenRows.Pass.X;
            pixels.Add(thenRows.Row.AsSpan(0, length), nowRows.Row.AsSpan(0, length), place, thenRows.Pass.StepX);
        }
    }

    private static ushort[] Whole(PngRows rows, PngHeader header)
    {
        if ((long)header.Width * header.Height > MaxPixelsAtOnce)
        {
            throw new UnreadableContentException($"only one of them is interlaced, with more than {MaxPixelsAtOnce >> 20} Mi pixels");
        }

        ushort[] image = new ushort[header.Width * header.Height * PngRows.Channels];
        while (rows.MoveNext())
        {
            for (int column = 0; column < rows.Columns; column++)
            {
                int place = rows.Y * header.Width + rows.Pass.X + column * rows.Pass.StepX;
                rows.Row.AsSpan(column * PngRows.Channels, PngRows.Channels).CopyTo(image.AsSpan(place * PngRows.Channels));
            }
        }

        return image;
    }

    /// <summary>Types of ancillary chunks that are not the same on both sides. IHDR, PLTE and tRNS are in the pixels already.</summary>
    private static List<string> DifferingChunks(PngHeader then, PngHeader now) =>
    [
        .. then.Chunks.Concat(now.Chunks).Select(chunk => chunk.Type).Distinct()
            .Where(type => type is not ("IHDR" or "PLTE" or "tRNS") && !AreSame(then, now, type)),
    ];

    private static bool AreSame(PngHeader then, PngHeader now, string type)
    {
        var was = then.Chunks.Where(chunk => chunk.Type == type).ToList();
        var isNow = now.Chunks.Where(chunk => chunk.Type == type).ToList();
        return was.Count == isNow.Count && was.Zip(isNow).All(pair => pair.First.Content.AsSpan().SequenceEqual(pair.Second.Content));
    }

    /// <summary>How far the pixels are apart.</summary>
    private sealed class PixelTally(NumberTolerance? tolerance)
    {
        private long _differing;
        private long _place;
        private int _worst;
        private (ushort Then, ushort Now) _samples;

        /// <param name="then">Samples of pixels.</param>
        /// <param name="now">The samples now, as many.</param>
        /// <param name="place">Of the first pixel, counted row by row.</param>
        /// <param name="step">From one pixel to the next.</param>
        public void Add(ReadOnlySpan<ushort> then, ReadOnlySpan<ushort> now, long place, int step)
        {
            if (then.SequenceEqual(now))
            {
                return;
            }

            for (int first = 0; first < then.Length; first += PngRows.Channels, place += step)
            {
                _differing += then.Slice(first, PngRows.Channels).SequenceEqual(now.Slice(first, PngRows.Channels)) ? 0 : 1;
                for (int sample = first; sample < first + PngRows.Channels; sample++)
                {
                    int difference = Math.Abs(then[sample] - now[sample]);
                    if (difference > _worst)
                    {
                        (_worst, _place, _samples) = (difference, place, (then[sample], now[sample]));
                    }
                }
            }
        }

        public Likeness Judge(string kind, int width)
        {
            if (_differing == 0)
            {
                return Likeness.SameContent(kind);
            }

            double difference = _worst / (double)ushort.MaxValue;
            bool isAllowed = tolerance is { } limit && limit.Allows(difference, 1);
            return new Likeness
            {
                Result = isAllowed ? ComparisonResult.WithinTolerance : ComparisonResult.Differs,
                Kind = kind,
                Note = _differing == 1 ? "1 pixel differs" : $"{_differing} pixels differ",
                Worst = new WorstDifference
                {
                    Absolute = difference.ToString("G6"),
                    Relative = difference.ToString("G6"),
                    Where = $"pixel ({_place % width}, {_place / width})",
                    Original = (_samples.Then / (double)ushort.MaxValue).ToString("G6"),
                    Replayed = (_samples.Now / (double)ushort.MaxValue).ToString("G6"),
                },
            };
        }
    }
}
