using System.Text;
using Provenance.Archive.Records;
using Xunit;

namespace Provenance.Archive.Tests.Records;

public sealed class CanonicalJsonTests
{
    [Theory]
    [InlineData("""{"b":1,"a":[true,false]}""", """{"a":[true,false],"b":1}""")]
    [InlineData(" \"\\u0041\\u002f\\u00e9\" \n", "\"A/é\"")]
    [InlineData("""{"é":1,"e":2,"":3,"\ud83d\ude00":4,"\ufb33":5}""", "{\"\":3,\"e\":2,\"é\":1,\"😀\":4,\"\ufb33\":5}")]
    [InlineData("\"\\u007f\\u2028\\u001F\"", "\"\u007f\u2028\\u001f\"")]
    [InlineData("[9007199254740991,-9007199254740991,0]", "[9007199254740991,-9007199254740991,0]")]
    [InlineData("""{"z":{"b":{},"a":[]},"a":"\"\\\b\f\n\r\t"}""", """{"a":"\"\\\b\f\n\r\t","z":{"a":[],"b":{}}}""")]
    public void What_is_signed_has_one_form(string json, string canonical)
    {
        Assert.Equal(canonical, Encoding.UTF8.GetString(CanonicalJson.Canonicalize(Encoding.UTF8.GetBytes(json))));
        Assert.True(CanonicalJson.IsCanonical(Encoding.UTF8.GetBytes(canonical)));
        Assert.Equal(json == canonical, CanonicalJson.IsCanonical(Encoding.UTF8.GetBytes(json)));
    }

    [Theory]
    [InlineData("9007199254740992", "'9007199254740992' is no integer")]
    [InlineData("-9007199254740992", "is no integer")]
    [InlineData("-9223372036854775808", "is no integer")]
    [InlineData("1.0", "'1.0' is no integer")]
    [InlineData("1e3", "'1e3' is no integer")]
    [InlineData("-0", "'-0' is no integer")]
    [InlineData("null", "null is not allowed")]
    [InlineData("[null]", "null is not allowed")]
    [InlineData("\"a\\u0000b\"", "U+0000")]
    [InlineData("{\"\\u0000\":1}", "U+0000")]
    [InlineData("{\"a\":1,\"\\u0061\":1}", "'a' stands twice")]
    [InlineData("{\"b\":1,\"a\":1,\"b\":2}", "'b' stands twice")]
    [InlineData("\"\\ud800\"", "not valid Unicode")]
    [InlineData("\"\\udc00\\ud800\"", "not valid Unicode")]
    [InlineData("\uFEFF{}", "at byte 0")]
    [InlineData("{} {}", "at byte 3")]
    [InlineData("{}//", "at byte")]
    [InlineData("[1,]", "at byte")]
    [InlineData("", "at byte 0")]
    public void What_readers_could_disagree_on_is_refused(string json, string reason)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(json);

        var refused = Assert.Throws<JsonFormatException>(() => CanonicalJson.Canonicalize(bytes));

        Assert.Contains(reason, refused.Message, StringComparison.Ordinal);
        Assert.False(CanonicalJson.IsCanonical(bytes));
    }

    [Theory]
    [InlineData(new byte[] { (byte)'"', 0xC0, 0x80, (byte)'"' })]
    [InlineData(new byte[] { (byte)'"', 0xED, 0xA0, 0x80, (byte)'"' })]
    [InlineData(new byte[] { (byte)'"', 0xF4, 0x90, 0x80, 0x80, (byte)'"' })]
    [InlineData(new byte[] { (byte)'{', (byte)'"', 0xFF, (byte)'"', (byte)':', (byte)'1', (byte)'}' })]
    public void Overlong_and_invalid_utf8_is_refused(byte[] json) =>
        Assert.Throws<JsonFormatException>(() => CanonicalJson.Canonicalize(json));

    [Fact]
    public void Sixty_four_levels_are_allowed_and_one_more_is_not()
    {
        byte[] allowed = Nested(CanonicalJson.MaxDepth);

        Assert.Equal(allowed, CanonicalJson.Canonicalize(allowed));
        Assert.Throws<JsonFormatException>(() => CanonicalJson.Canonicalize(Nested(CanonicalJson.MaxDepth + 1)));
    }

    [Fact]
    public void More_than_the_allowed_size_is_refused_unread()
    {
        byte[] spaces = new byte[CanonicalJson.MaxBytes + 1];

        var refused = Assert.Throws<JsonFormatException>(() => CanonicalJson.Canonicalize(spaces));

        Assert.Contains("at most 67108864 are allowed", refused.Message, StringComparison.Ordinal);
    }

    private static byte[] Nested(int levels) =>
        Encoding.ASCII.GetBytes(new string('[', levels) + new string(']', levels));
}
