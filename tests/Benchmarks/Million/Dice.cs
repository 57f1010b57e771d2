namespace Provenance.Million;

/// <summary>Numbers that look random and are the same each time: SplitMix64, so that two archives of one size are one archive but for their keys.</summary>
/// <remarks>Source: Steele, Lea, Flood, "Fast splittable pseudorandom number generators", 2014.</remarks>
internal struct Dice(long seed)
{
    private ulong _state = (ulong)seed * 0x9E3779B97F4A7C15 ^ 0xD1B54A32D192ED03;

    public ulong Next()
    {
        ulong z = _state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    /// <summary>From 0 up to, not including, a number.</summary>
    public int Below(int end) => (int)(Next() % (ulong)end);

    /// <summary>From 0 up to, not including, 1.</summary>
    public double Fraction() => (Next() >> 11) * (1.0 / (1UL << 53));

    public bool Chance(double probability) => Fraction() < probability;

    /// <summary>Few are frequent and most are rare, as hosts, people and images are: about by Zipf's law.</summary>
    public int Skewed(int end) => Math.Min(end - 1, (int)(Math.Pow(end + 1, Fraction()) - 1));

    /// <summary>Lowercase hex digits.</summary>
    public string Hex(int digits)
    {
        Span<char> text = stackalloc char[digits];
        for (int i = 0; i < digits; i++)
        {
            text[i] = "0123456789abcdef"[Below(16)];
        }

        return text.ToString();
    }
}
