namespace Provenance.Fuzz;

/// <summary>A fault three bytes deep: found in seconds by whoever sees which branches an input takes, and in 2^24 tries by whoever does not.</summary>
/// <remarks>Shows at each run that the coverage arrives. It is instrumented as the parsers are.</remarks>
internal static class Planted
{
    public const string Name = "planted";

    public static void Read(byte[] input)
    {
        if (input.Length > 2 && input[0] == (byte)'F')
        {
            if (input[1] == (byte)'U')
            {
                if (input[2] == (byte)'Z')
                    throw new BrokenPromiseException("the planted fault is found");
            }
        }
    }
}
