namespace Provenance.Cli;

/// <summary>Passes progress on at once, on the thread that works: <see cref="Progress{T}"/> would post it to a pool.</summary>
internal sealed class Teller<T>(Action<T> tell) : IProgress<T>
{
    public void Report(T value) => tell(value);
}
