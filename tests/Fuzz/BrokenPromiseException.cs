namespace Provenance.Fuzz;

/// <summary>A parser understood what it must not, or gave what contradicts what it was given.</summary>
internal sealed class BrokenPromiseException(string message) : Exception(message)
{
    public static void ThrowUnless(bool holds, string message)
    {
        if (!holds)
            throw new BrokenPromiseException(message);
    }
}
