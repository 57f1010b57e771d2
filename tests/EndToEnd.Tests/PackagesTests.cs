namespace Provenance.EndToEnd.Tests;

/// <summary>The packages of a real Debian, as its own dpkg lists them.</summary>
public sealed class PackagesTests
{
    [Fact]
    public void A_Debians_list_is_what_dpkg_query_says_in_it_and_two_imports_give_one_record()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/jq"), "jq is not installed");
        string tar = DebianImage.Find();
        using var place = new Workplace(Account.Own);
        AssertSucceeds(place, $"prov image import -q '{tar}' --name debian");
        string first = AssertSucceeds(place, "prov image list --json | jq -r .[0].record");
        AssertSucceeds(place, $"prov image import -q '{tar}' --name debian");
        Assert.Equal(first, AssertSucceeds(place, "prov image list --json | jq -r .[0].record"));

        string listed = AssertSucceeds(place, "prov image show debian --packages --json | jq -r '.[] | select(.manager == \"dpkg\") | \"\\(.name) \\(.version) \\(.architecture)\"' | sort");
        string said = AssertSucceeds(place, "prov run debian -- dpkg-query -W -f '${db:Status-Status} ${Package} ${Version} ${Architecture}\\n' | sed -n 's/^installed //p' | sort");

        Assert.NotEmpty(listed);
        Assert.Equal(said, listed);
    }

    private static string AssertSucceeds(Workplace place, string command)
    {
        var result = place.Shell(command);
        Assert.True(result.Status == 0, $"$ {command}\n{result}");
        return result.Output;
    }
}
