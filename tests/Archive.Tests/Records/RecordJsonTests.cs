using System.Text;
using Provenance.Archive.Content;
using Provenance.Archive.Records;
using Xunit;

namespace Provenance.Archive.Tests.Records;

public sealed class RecordJsonTests
{
    private static readonly byte[] Run = RecordJson.Serialize(RecordSamples.Run());

    [Fact]
    public void A_statement_is_canonical_and_begins_with_its_type()
    {
        Assert.True(CanonicalJson.IsCanonical(Run));
        Assert.StartsWith("""{"_type":"https://in-toto.io/Statement/v1","predicate":{""", Encoding.UTF8.GetString(Run), StringComparison.Ordinal);
        Assert.EndsWith("}]}", Encoding.UTF8.GetString(Run), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_kind_of_record_reads_back_to_the_same_bytes()
    {
        byte[] image = RecordJson.Serialize(RecordSamples.Image());
        byte[] replay = RecordJson.Serialize(RecordSamples.Replay());

        Assert.Equal(Run, RecordJson.Serialize(RecordJson.ParseRun(Run)));
        Assert.Equal(image, RecordJson.Serialize(RecordJson.ParseImage(image)));
        Assert.Equal(replay, RecordJson.Serialize(RecordJson.ParseReplay(replay)));
        Assert.Equal(
            [RecordKind.Run, RecordKind.Image, RecordKind.Replay],
            new[] { Run, image, replay }.Select(bytes => RecordJson.KindOf(bytes)));
    }

    [Fact]
    public void An_image_with_packages_and_requirements_reads_back_to_the_same_bytes()
    {
        var old = RecordSamples.Image();
        var image = old with
        {
            Predicate = old.Predicate with
            {
                Packages = new PackageInventory
                {
                    Count = 1,
                    Blob = RecordSamples.Blob("packages", MediaTypes.JsonLines),
                    Managers = [new PackageCount { Manager = "dpkg", Count = 1 }],
                    Unread = [new UnreadPackageFile { Path = "var/lib/rpm/Packages", Reason = "is no hash table" }],
                },
                Program = "/usr/bin/sh",
                Requirements = RecordSamples.RunPredicate().Requirements,
            },
        };

        byte[] bytes = RecordJson.Serialize(image);

        Assert.Equal(bytes, RecordJson.Serialize(RecordJson.ParseImage(bytes)));
        Assert.Equal(
            [.. RecordBlobs.Of(old.Predicate), image.Predicate.Packages!.Blob!], RecordBlobs.Of(RecordJson.ParseImage(bytes).Predicate));
    }

    [Fact]
    public void A_time_is_written_in_utc_with_milliseconds()
    {
        var east = RecordSamples.Start.ToOffset(TimeSpan.FromHours(2)).AddTicks(9);
        var run = RecordSamples.RunPredicate();
        run = run with { Outcome = run.Outcome with { StartedAt = east } };

        string json = Encoding.UTF8.GetString(RecordJson.Serialize(RecordSamples.Run(run)));

        Assert.Contains("\"startedAt\":\"2026-11-24T04:05:06.789Z\"", json, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_not_known_is_left_out()
    {
        var run = RecordSamples.RunPredicate() with { ReplayOf = null };

        string json = Encoding.UTF8.GetString(RecordJson.Serialize(RecordSamples.Run(run)));

        Assert.DoesNotContain("replayOf", json, StringComparison.Ordinal);
        Assert.DoesNotContain("null", json, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"_type\"", " {\"_type\"", "canonical form")]
    [InlineData("\"argv\":[\"python3\"", "\"argv\":[null", "null is not allowed")]
    [InlineData("\"argv\":[", "\"argue\":[", "'argue'")]
    [InlineData("\"affinity\":\"0-1\",", "", "affinity")]
    [InlineData("\"terminal\":false,", "", "in another form")]
    [InlineData("\"startedAt\":\"2026-11-24T04:05:06.789Z\"", "\"startedAt\":\"2026-11-24T05:05:06.789+01:00\"", "not a time")]
    [InlineData("\"startedAt\":\"2026-11-24T04:05:06.789Z\"", "\"startedAt\":\"2026-11-24T04:05:06Z\"", "not a time")]
    [InlineData("in-toto.io/Statement/v1", "in-toto.io/Statement/v2", "_type is")]
    [InlineData("urn:x-prov:run/v1", "urn:x-prov:run/v2", "predicateType is")]
    [InlineData("\"md5\":\"5", "\"md5\":\"F", "not 32 lowercase hex digits")]
    [InlineData("\"manifest\":\"sha256:", "\"manifest\":\"sha512:", "not a sha256 digest")]
    [InlineData("\"exitCode\":0", "\"exitCode\":\"0\"", "exitCode")]
    [InlineData("\"uid\":1000", "\"uid\":1000.0", "is no integer")]
    public void Anything_but_what_we_would_have_written_is_refused(string text, string replacement, string reason)
    {
        string json = Encoding.UTF8.GetString(Run);
        string changed = json.Replace(text, replacement, StringComparison.Ordinal);
        Assert.NotEqual(json, changed);

        var refused = Assert.Throws<RecordFormatException>(() => RecordJson.ParseRun(Encoding.UTF8.GetBytes(changed)));

        Assert.StartsWith("run statement: ", refused.Message, StringComparison.Ordinal);
        Assert.Contains(reason, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refused.Message);
    }

    [Theory]
    [InlineData("\"verdict\":\"differs\"", "\"verdict\":1")]
    [InlineData("\"verdict\":\"differs\"", "\"verdict\":\"Differs\"")]
    [InlineData("\"verdict\":\"differs\"", "\"verdict\":\"differs, failed\"")]
    public void An_enum_has_one_spelling(string text, string replacement)
    {
        string changed = Encoding.UTF8.GetString(RecordJson.Serialize(RecordSamples.Replay()))
            .Replace(text, replacement, StringComparison.Ordinal);

        Assert.Throws<RecordFormatException>(() => RecordJson.ParseReplay(Encoding.UTF8.GetBytes(changed)));
    }

    [Fact]
    public void Two_subjects_of_one_name_are_refused()
    {
        var run = RecordSamples.Run();
        var twice = run with { Subject = [run.Subject[0], run.Subject[0]] };

        var refused = Assert.Throws<RecordFormatException>(() => RecordJson.ParseRun(RecordJson.Serialize(twice)));

        Assert.Equal("run statement: two subjects are named '/work/größe.csv'", refused.Message);
    }

    [Fact]
    public void A_blob_without_its_second_digest_is_refused()
    {
        var run = RecordSamples.RunPredicate();
        var weak = run with { Used = run.Used with { Blob = run.Used.Blob! with { Sha512 = null } } };

        var refused = Assert.Throws<RecordFormatException>(
            () => RecordJson.ParseRun(RecordJson.Serialize(RecordSamples.Run(weak))));

        Assert.Contains("lacks a size or a SHA-512", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"predicateType":"urn:x-prov:other/v1"}""")]
    [InlineData("""{"predicate":{"predicateType":"urn:x-prov:run/v1"}}""")]
    [InlineData("""["predicateType","urn:x-prov:run/v1"]""")]
    [InlineData("""{"predicateType":7}""")]
    [InlineData("{")]
    [InlineData("")]
    public void A_statement_of_no_kind_we_know_is_refused(string json) =>
        Assert.Throws<RecordFormatException>(() => RecordJson.KindOf(Encoding.UTF8.GetBytes(json)));

    [Fact]
    public void Every_blob_that_a_record_names_is_listed()
    {
        var run = RecordSamples.RunPredicate();

        Assert.Equal(
            [
                run.Image.Packages!.Blob, run.Invocation.Stdin.Kept, run.Used.Blob, run.Generated.Blob, run.Sought!.Blob,
                run.Executed!.Blob,
                run.Outcome.Stdout!.Kept, run.Outcome.Stderr!.Kept,
            ],
            RecordBlobs.Of(run));
        Assert.Equal(5, RecordBlobs.Of(RecordSamples.Image().Predicate).Count());
        Assert.Equal(2, RecordBlobs.Of(RecordSamples.Replay().Predicate).Count());
        Assert.Equal(Digest.Of("packages"u8), RecordBlobs.Of(run).First().Digest);
    }
}
