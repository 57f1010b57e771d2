using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Provenance.Archive.Catalog;
using Provenance.Archive.Content;
using Provenance.Archive.Records;
using Provenance.Archive.Transparency;
using Xunit;

namespace Provenance.Web.Tests;

/// <summary>What this program does not know is neither right nor wrong: pages and API say so, and why.</summary>
public sealed partial class NotUnderstoodTests
{
    private const string Ecdsa = "06082A8648CE3D040302";
    private const string Sha256 = "0609608648016503040201";

    /// <remarks>The changed object identifiers are of SHA3-256, and of none yet in the arc of ECDSA; 2.16.840.1.101.3.4.2.1 is SHA-256.</remarks>
    [Theory]
    [InlineData(Ecdsa, "06082A8648CE3D04037F", "not understood", "not understood: algorithm '1.2.840.10045.4.3.127'")]
    [InlineData(Sha256, "0609608648016503040208", "not understood", "not understood: digest algorithm '2.16.840.1.101.3.4.2.8'")]
    [InlineData("06092A864886F70D010702", "06092A864886F70D010703", "not understood", "not understood: is not CMS SignedData")]
    [InlineData(Sha256, "06092B24030302010106FF", "no", "malformed")]
    public async Task A_signature_by_what_is_not_known_is_not_called_wrong(string known, string other, string word, string reason)
    {
        await using var site = await TestSite.StartAsync();
        var run = Sign(site, RecordKind.Run, site.Archive.Run(8), known, other);

        var answers = AnswersOf(await site.GetAsync($"/runs/{run.Hex}"));
        Assert.Equal(word, answers["signature"].Word);
        Assert.Contains(reason, answers["signature"].Detail);
        Assert.All((string[])["identity", "trust"], name => Assert.Equal("not checked", answers[name].Word));
        Assert.All(answers.Values, answer => Assert.True(answer.Word != "no" || word == "no", answer.ToString()));

        using var verification = JsonDocument.Parse(await site.GetAsync($"/api/v1/runs/{run.Hex}/verification"));
        Assert.Equal(word == "no" ? "bad" : "notUnderstood", verification.RootElement.GetProperty("verdict").GetString());
        var check = verification.RootElement.GetProperty("checks").EnumerateArray().First();
        Assert.Equal(word == "no" ? "failed" : "notUnderstood", check.GetProperty("outcome").GetString());
        Assert.Contains(reason, check.GetProperty("detail").GetString());
        using var document = JsonDocument.Parse(await site.GetAsync($"/api/v1/runs/{run.Hex}"));
        Assert.Equal(
            verification.RootElement.GetProperty("verdict").GetString(),
            document.RootElement.GetProperty("verification").GetProperty("verdict").GetString());
    }

    /// <summary>Which certificates are in it then nobody knows, and that is no failure of the server.</summary>
    [Theory]
    [InlineData("06092A864886F70D010702", "06092A864886F70D010703", "is not CMS SignedData")]
    [InlineData(Sha256, "06092B24030302010106FF", "is not DER")]
    public async Task Of_a_signature_of_another_form_no_certificate_is_taken_and_it_says_why(string known, string other, string reason)
    {
        await using var site = await TestSite.StartAsync();
        var run = Sign(site, RecordKind.Run, site.Archive.Run(8), known, other);

        foreach (string address in (string[])[$"/runs/{run.Hex}/signer.pem", $"/records/{run.Hex}/signer.pem"])
        {
            using var response = await site.SendAsync(HttpMethod.Get, address);
            Assert.Equal((address, HttpStatusCode.NotFound), (address, response.StatusCode));
            Assert.Contains(reason, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        }

        using var signature = await site.SendAsync(HttpMethod.Get, $"/runs/{run.Hex}/record.p7s");
        Assert.Equal(HttpStatusCode.OK, signature.StatusCode);
    }

    /// <summary>Pages of other kinds show facts by the same words; and nothing counts that is not understood.</summary>
    [Fact]
    public async Task A_replay_or_image_that_is_not_understood_says_so_and_counts_for_nothing()
    {
        await using var site = await TestSite.StartAsync();
        string badge = await site.GetAsync($"/badge/run/{site.OtherRun.Hex}.svg");
        var sample = Archive.Tests.Records.RecordSamples.Replay();
        byte[] statement = RecordJson.Serialize(sample with { Predicate = sample.Predicate with { Run = site.OtherRun } });
        var replay = Sign(site, RecordKind.Replay, statement, Ecdsa, "06082A8648CE3D04037F");
        var image = Archive.Tests.Records.RecordSamples.Image();
        Sign(site, RecordKind.Image, RecordJson.Serialize(image), Ecdsa, "06082A8648CE3D04037F");

        Assert.Equal("not understood", AnswersOf(await site.GetAsync($"/replays/{replay.Hex}"))["signature"].Word);
        Assert.Equal("not understood", AnswersOf(await site.GetAsync($"/images/{image.Predicate.Manifest.Digest}"))["signature"].Word);
        Assert.Equal(badge, await site.GetAsync($"/badge/run/{site.OtherRun.Hex}.svg"));
    }

    /// <summary>By the archive's own key, but for an object identifier, as a later program or another might write it.</summary>
    private static Digest Sign(TestSite site, RecordKind kind, byte[] statement, string known, string other)
    {
        var archive = site.Archive;
        byte[] signature = Replaced(archive.Sign(statement), Convert.FromHexString(known), Convert.FromHexString(other));
        archive.Blobs.Put(MediaTypes.Statement, statement);
        archive.Blobs.Put(MediaTypes.CmsSignature, signature);
        var leaf = new LogLeaf { Kind = kind, Record = LeafBlob.Of(statement), Signature = LeafBlob.Of(signature) };
        var incoming = new IncomingRecords(archive.Layout, Archive.Tests.Catalog.SampleArchive.Sync);
        incoming.Drop(leaf, incoming.Prepare(leaf));
        archive.Intake().SequenceIncoming();
        return leaf.Record.Digest;
    }

    /// <summary>All but what stands in the certificate: of the algorithm of a signature that is the last one, behind it.</summary>
    private static byte[] Replaced(byte[] signature, byte[] known, byte[] other)
    {
        byte[] changed = [.. signature];
        int first = Convert.ToHexString(known) == Ecdsa ? changed.AsSpan().LastIndexOf(known) : 0;
        for (int at = first; at >= 0 && at < changed.Length;)
        {
            int found = changed.AsSpan(at).IndexOf(known);
            if (found < 0)
            {
                break;
            }

            other.CopyTo(changed, at + found);
            at += found + known.Length;
        }

        return changed;
    }

    private static Dictionary<string, (string Word, string Detail)> AnswersOf(string page) => Rows().Matches(page).ToDictionary(
        row => row.Groups["fact"].Value,
        row => (row.Groups["word"].Value, WebUtility.HtmlDecode(row.Groups["detail"].Value)));

    [GeneratedRegex("""<tr><th scope="row">(?<fact>[a-z]+)<small>.*?aria-hidden="true">[^<]+</span> (?<word>[^<]+)</span></td><td>(?<detail>[^<]*)""")]
    private static partial Regex Rows();
}
