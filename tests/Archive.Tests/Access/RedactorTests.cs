using System.Text;
using Provenance.Archive.Access;
using Xunit;

namespace Provenance.Archive.Tests.Access;

/// <summary>A name is found in whatever stands beside it, and not in the midst of other words.</summary>
public sealed class RedactorTests
{
    private const string Key = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    [Theory]
    [InlineData("ada", "author-1")]
    [InlineData("Dear Ada,", "Dear author-1,")]
    [InlineData("ada_fit.csv", "author-1_fit.csv")]
    [InlineData("/proj_ada/x", "/proj_author-1/x")]
    [InlineData("ada2.csv and 2ada", "author-12.csv and 2author-1")]
    [InlineData("%2Fhome%2Fada%2Ffits", "%2Fhome%2Fauthor-1%2Ffits")]
    [InlineData(@"""made by\nada""", @"""made by\nauthor-1""")]
    [InlineData(@"""a\u002Bada\u002B""", @"""a\u002Bauthor-1\u002B""")]
    [InlineData("adaptive, Canada, Adas", "adaptive, Canada, Adas")]
    [InlineData("adalovelace@node01.example ADALOVELACE", "author-2@host-1.example author-2")]
    [InlineData("node012 node01", "node012 host-1")]
    [InlineData("ada20260101.csv", "author-120260101.csv")]
    [InlineData("sha256:6f1ada4be07c", "sha256:6f1ada4be07c")]
    [InlineData("key 01234567 and 0123456789ABCDEF.", "key key-1 and key-1.")]
    [InlineData("adaada ada ada", "adaada author-1 author-1")]
    [InlineData("", "")]
    public void A_name_is_a_word_whatever_stands_beside_it(string text, string redacted)
    {
        var redactor = new Redactor(Found());

        Assert.Equal(redacted, redactor.Redact(text));
        Assert.Equal(text != redacted, redactor.FindIn(new MemoryStream(Encoding.UTF8.GetBytes(text))) is not null);
    }

    [Theory]
    [InlineData("ghcr.io/lovelace-lab/team/x:1", "ghcr.io,lovelace-lab,team")]
    [InlineData("docker://quay.io/ada/x@sha256:00", "ada,quay.io")]
    [InlineData("docker.io/library/python:3.13", "docker.io")]
    [InlineData("/home/ada/x.tar", "ada")]
    [InlineData("python:3.13", "")]
    public void Of_an_images_name_all_but_the_last_part_tells_who_keeps_it(string name, string told)
    {
        var identities = new Identities();

        identities.AddImage(name);

        Assert.Equal(told, string.Join(',', identities.Found.Keys));
    }

    [Fact]
    public void Who_is_known_by_nothing_is_replaced_nowhere() => Assert.Equal("Ada", new Redactor(new Identities()).Redact("Ada"));

    private static Identities Found()
    {
        var identities = new Identities();
        identities.Add("ada", IdentityKind.Person);
        identities.Add("adalovelace", IdentityKind.Person);
        identities.Add("node01", IdentityKind.Host);
        identities.Keys.Add(Key);
        return identities;
    }
}
