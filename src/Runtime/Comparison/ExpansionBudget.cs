namespace Provenance.Runtime.Comparison;

/// <summary>How much may be unpacked to compare one output, so that a small file cannot fill a disk or run for days.</summary>
/// <param name="bytes">Of both sides together.</param>
internal sealed class ExpansionBudget(long bytes)
{
    public const long DefaultBytes = 64L << 30;

    /// <summary>Beyond this the ratio is looked at.</summary>
    private const long FreeBytes = 256L << 20;

    private const long MaxRatio = 1100;

    private long _left = bytes;

    /// <param name="unpacked">So far, from one stream.</param>
    /// <param name="packed">Size of what it comes from.</param>
    /// <param name="more">Just unpacked.</param>
    /// <exception cref="UnreadableContentException">It is too much.</exception>
    public void Take(long unpacked, long packed, int more)
    {
        _left -= more;
        if (_left < 0 || unpacked > FreeBytes && unpacked / MaxRatio > packed)
        {
            throw new UnreadableContentException($"unpacks to more than {unpacked >> 20} MiB");
        }
    }
}
