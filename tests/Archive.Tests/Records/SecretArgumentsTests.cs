using Provenance.Archive.Content;
using Provenance.Archive.Records;
using Xunit;

namespace Provenance.Archive.Tests.Records;

public sealed class SecretArgumentsTests
{
    private static readonly string Hidden = Digest.Of("hush"u8).ToString();

    public static TheoryData<string[], string[]> CommandLines => new()
    {
        { ["sort", "-rn", "a=b"], ["sort", "-rn", "a=b"] },
        { ["env", "API_TOKEN=hush", "LANG=C"], ["env", $"API_TOKEN={Hidden}", "LANG=C"] },
        { ["load", "--password=hush", "x"], ["load", $"--password={Hidden}", "x"] },
        { ["load", "--api-key", "hush", "x"], ["load", "--api-key", Hidden, "x"] },
        { ["load", "--password", "--verbose"], ["load", "--password", "--verbose"] },
        { ["load", "--token"], ["load", "--token"] },
        { ["curl", "https://ada:hush@data.example/x?y=1"], ["curl", "https://data.example/x?y=1"] },
        { ["mail", "ada@data.example"], ["mail", "ada@data.example"] },
    };

    [Theory]
    [MemberData(nameof(CommandLines))]
    public void A_value_of_a_name_that_looks_secret_is_a_digest(string[] argv, string[] recorded) =>
        Assert.Equal(recorded, SecretArguments.Redact(argv));
}
