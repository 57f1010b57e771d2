using Provenance.Cli;
using Provenance.Cli.Options;
using Provenance.Runtime.Sandbox;

namespace Provenance.EndToEnd.Tests;

/// <summary>How option values are read.</summary>
public sealed class OptionTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("/data", "/data", "/data", false)]
    [InlineData("/data:/d", "/data", "/d", false)]
    [InlineData("/data:/d:ro", "/data", "/d", true)]
    [InlineData("/data:/d:rw", "/data", "/d", false)]
    [InlineData("/data:ro", "/data", "/data", true)]
    [InlineData("/data::ro", "/data", "/data", true)]
    [InlineData("/a/../data", "/data", "/data", false)]
    public void A_bind_is_read(string text, string source, string destination, bool readOnly) =>
        Assert.Equal(new BindMount(source, destination, readOnly), BindOption.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData(":/d")]
    [InlineData("/data:d")]
    [InlineData("/data:/d:rx")]
    [InlineData("/data:/d:ro:z")]
    public void A_bind_of_another_form_is_refused(string text) => Assert.Throws<UsageException>(() => BindOption.Parse(text));

    [Theory]
    [InlineData("/s", null)]
    [InlineData("/s:size=10", 10L)]
    [InlineData("/s:size=2k", 2048L)]
    [InlineData("/s:size=3M", 3L << 20)]
    [InlineData("/s:size=1g", 1L << 30)]
    [InlineData("/s:size=17179869184", 16L << 30)]
    [InlineData("/s:size=8589934591g", 8589934591L << 30)]
    public void A_tmpfs_is_read(string text, long? size) => Assert.Equal(new TmpfsMount("/s", size), TmpfsOption.Parse(text));

    [Theory]
    [InlineData("s")]
    [InlineData("/s:10")]
    [InlineData("/s:size=")]
    [InlineData("/s:size=0")]
    [InlineData("/s:size=-1")]
    [InlineData("/s:size=99999999999999g")]
    [InlineData("/s:size=8589934592g")]
    public void A_tmpfs_of_another_form_is_refused(string text) => Assert.Throws<UsageException>(() => TmpfsOption.Parse(text));

    [Theory]
    [InlineData("amd64", "linux/amd64")]
    [InlineData("amd64/v3", "linux/amd64/v3")]
    [InlineData("linux/arm64", "linux/arm64")]
    [InlineData("linux/arm64/v8", "linux/arm64/v8")]
    public void A_platform_is_read(string text, string platform) => Assert.Equal(platform, PlatformOption.Parse(text, "platform").ToString());

    [Theory]
    [InlineData("3h", "2026-11-24T09:00:00Z")]
    [InlineData("7d", "2026-11-17T12:00:00Z")]
    [InlineData("2w", "2026-11-10T12:00:00Z")]
    [InlineData("2026-01-02T03:04:05Z", "2026-01-02T03:04:05Z")]
    public void A_time_or_an_age_is_read(string text, string expected) =>
        Assert.Equal(DateTimeOffset.Parse(expected), SinceOption.Parse("--since", text, Now));

    [Theory]
    [InlineData("a\tb", "a\\u0009b")]
    [InlineData("\e[2J", "\\u001b[2J")]
    [InlineData("x\u202ey", "x\\u202ey")]
    [InlineData("Grüße", "Grüße")]
    public void Control_characters_are_shown_and_not_obeyed(string text, string shown) => Assert.Equal(shown, Terminal.Printable(text));

    [Theory]
    [InlineData("imprt", "import")]
    [InlineData("lst", "list")]
    [InlineData("gpu", null)]
    public void A_name_that_is_near_is_suggested(string typed, string? near) =>
        Assert.Equal(near, Similar.Closest(typed, ["import", "list", "show", "remove"]));

    [Theory]
    [InlineData("No space left on device : '/a/b'", "'/a/b': no space left on device")]
    [InlineData("Access to the path '/a' is denied.", "'/a': permission denied")]
    [InlineData("The file is too long.", "the file is too long")]
    [InlineData("record 'x': not in this archive", "record 'x': not in this archive")]
    [InlineData("EOF is expected", "EOF is expected")]
    public void The_runtimes_sentences_are_put_in_our_form(string message, string ours) => Assert.Equal(ours, Failure.Reword(message));
}
