namespace Provenance.Fuzz;

/// <summary>A parser of what arrives, and how it is tried.</summary>
/// <param name="Name">As it is chosen, and as its corpus is called.</param>
/// <param name="Seeds">Good inputs, made anew each time: each is understood. Those of foreign formats stand in the corpus instead.</param>
/// <param name="Read">Reads one input. It throws when the parser does, and <see cref="BrokenPromiseException"/> when what was read is not as it must be.</param>
/// <param name="Refusals">The documented exceptions: these say in words that the input is refused. Any other is a fault.</param>
internal sealed record FuzzTarget(string Name, Func<IEnumerable<byte[]>> Seeds, Action<byte[]> Read, params IReadOnlyList<Type> Refusals)
{
    /// <returns>Whether it was understood; false when it was refused.</returns>
    public bool Try(byte[] input)
    {
        try
        {
            Read(input);
            return true;
        }
        catch (Exception e) when (Refusals.Any(type => type.IsInstanceOfType(e)))
        {
            return false;
        }
    }

    /// <summary>One of several readers, by the first byte: formats so small that none needs a target of its own.</summary>
    public static Action<byte[]> OneOf(params Action<byte[]>[] readers) => input =>
    {
        if (input.Length > 0)
            readers[input[0] % readers.Length](input[1..]);
    };

    /// <summary>A good input of the reader at a place of <see cref="OneOf"/>.</summary>
    public static byte[] Of(int place, ReadOnlySpan<byte> input) => [(byte)place, .. input];
}
