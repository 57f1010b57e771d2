namespace Provenance.Million;

/// <summary>The moment at which a record claims to be signed.</summary>
internal sealed class FixedTime(DateTimeOffset now) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => now;
}
