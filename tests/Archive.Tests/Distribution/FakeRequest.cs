namespace Provenance.Archive.Tests.Distribution;

/// <summary>What a client sent to a <see cref="FakeRegistry"/>.</summary>
/// <param name="Headers">Names in small letters.</param>
internal sealed record FakeRequest(string Method, string Target, IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    public string? this[string header] => Headers.GetValueOrDefault(header);

    public string Path => Target.Split('?')[0];
}
