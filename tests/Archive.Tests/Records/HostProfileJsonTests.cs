using System.Text;
using Provenance.Archive.Records;
using Xunit;

namespace Provenance.Archive.Tests.Records;

public sealed class HostProfileJsonTests
{
    [Fact]
    public void A_profile_is_indented_for_people_and_reads_back()
    {
        byte[] json = HostProfileJson.Serialize(RecordSamples.Host());

        Assert.StartsWith("{\n  \"schema\": \"urn:x-prov:host/v1\",\n", Encoding.UTF8.GetString(json), StringComparison.Ordinal);
        Assert.Equal((byte)'\n', json[^1]);
        Assert.Equal(json, HostProfileJson.Serialize(HostProfileJson.Parse(json)));
    }

    [Theory]
    [InlineData("host/v1", "host/v9", "schema is 'urn:x-prov:host/v9'")]
    [InlineData("\"hostname\"", "\"hostess\"", "hostess")]
    [InlineData("\"threads\": 2", "\"threads\": 2.5", "is no integer")]
    [InlineData("}\n", "", "JSON: at byte")]
    public void A_profile_of_another_form_is_refused(string text, string replacement, string reason)
    {
        string changed = Encoding.UTF8.GetString(HostProfileJson.Serialize(RecordSamples.Host()))
            .Replace(text, replacement, StringComparison.Ordinal);

        var refused = Assert.Throws<RecordFormatException>(() => HostProfileJson.Parse(Encoding.UTF8.GetBytes(changed)));

        Assert.Contains(reason, refused.Message, StringComparison.Ordinal);
    }
}
