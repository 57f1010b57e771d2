using System.Net;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using Provenance.Archive.Access;
using Provenance.Archive.Records;
using Provenance.Archive.Tests.Catalog;
using Provenance.Archive.Tests.Records;
using Provenance.Archive.Transparency;
using Provenance.Archive.Trust;
using Xunit;

namespace Provenance.Web.Tests;

/// <summary>The lists of the API: whole, page by page, and for each reader what he may read.</summary>
public sealed class ApiListTests
{
    private static readonly string[] Lists = ["runs", "images", "files", "signers", "replays", "papers"];

    public static TheoryData<string> Names => [.. Lists];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Page_by_page_a_list_is_what_it_is_at_once(string list)
    {
        await using var site = await TestSite.StartAsync();
        SignedTexts.Fill(site, "other");
        await WaitAsync(site);
        var whole = Items(await GetAsync(site, $"/api/v1/{list}?limit=200"), list);
        Assert.InRange(whole.Count, 2, 199);
        foreach (int limit in (int[])[1, 2, 3])
        {
            var found = new List<string>();
            string? next = $"/api/v1/{list}?limit={limit}";
            while (next is not null)
            {
                using var response = await site.SendAsync(HttpMethod.Get, next);
                var page = JsonElement.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
                Assert.InRange(Items(page, list).Count, 0, limit);
                found.AddRange(Items(page, list));
                next = page.TryGetProperty("next", out var address) ? address.GetString() : null;
                Assert.Equal(
                    next is null ? null : $"<{site.Address}{next}>; rel=\"next\"",
                    response.Headers.TryGetValues("Link", out var links) ? links.Single() : null);
                Assert.InRange(found.Count, 0, whole.Count);
            }

            Assert.Equal(whole, found);
        }

        Assert.Distinct(whole);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task What_is_no_place_or_no_number_is_a_problem(string list)
    {
        await using var site = await TestSite.StartAsync();
        foreach (string query in (string[])["limit=0", "limit=201", "limit=-1", "limit=x", "after=x", "after=..%2f", "limit=99999999999999"])
        {
            using var response = await site.SendAsync(HttpMethod.Get, $"/api/v1/{list}?{query}");

            Assert.Equal((query, HttpStatusCode.BadRequest), (query, response.StatusCode));
            Assert.Equal((query, "application/problem+json"), (query, response.Content.Headers.ContentType?.MediaType));
        }

        Assert.Empty(Items(await GetAsync(site, $"/api/v1/{list}?after={Last(list)}"), list));
    }

    /// <summary>Of an embargo the same: what is not yet public is its owner's.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Nobody_reads_in_a_list_what_is_not_his(bool isEmbargo)
    {
        await using var site = await TestSite.StartAsync();
        var texts = SignedTexts.Fill(site, "hidden-words");
        string Token(string owner) =>
            new TokenStore(site.Archive.Layout, TimeProvider.System).Create(owner, "test", TokenScopes.Read, isPrivate: false, null);
        new Restrictions(site.Archive.Layout, TimeProvider.System).Set(
            [texts.Run, texts.Image], "ada", isEmbargo ? TimeProvider.System.GetUtcNow().AddDays(9) : null);
        string[] hidden =
        [
            "hidden-words", texts.Run.Hex, texts.Replay.Hex, texts.Citation.Hex, texts.Image.Hex, texts.Certificate.Hex, SampleArchive.DigestOf("result 7").Hex,
        ];

        foreach (string list in Lists)
        {
            foreach (string? token in (string?[])[null, Token("ben")])
            {
                string text = await TextAsync(site, $"/api/v1/{list}?limit=200", token);
                // Who signed a tombstone stays known: what he took down is public.
                foreach (string one in hidden.Where(one => list != "signers" || one == texts.Run.Hex))
                {
                    Assert.False(text.Contains(one, StringComparison.Ordinal), $"{list} shows {one} to {token ?? "everybody"}");
                }
            }

            string own = await TextAsync(site, $"/api/v1/{list}?limit=200", Token("ada"));
            Assert.Contains(hidden, one => own.Contains(one, StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData("files")]
    [InlineData("signers")]
    [InlineData("replays")]
    [InlineData("papers")]
    public async Task Lists_that_tell_who_made_what_are_closed_to_reviewers(string list)
    {
        await using var site = await TestSite.StartAsync();
        string secret = new ReviewLinks(site.Archive.Layout, TimeProvider.System).Create("a journal", [site.Run], null);
        using var response = await site.SendAsync(HttpMethod.Get, $"/api/v1/{list}", ("Authorization", $"Bearer {secret}"));

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    [Fact]
    public async Task What_was_taken_down_is_listed_page_by_page_to_those_who_could_read_it()
    {
        await using var site = await TestSite.StartAsync();
        string token = new TokenStore(site.Archive.Layout, TimeProvider.System).Create("ada", "test", TokenScopes.Read, isPrivate: false, null);
        string secret = new ReviewLinks(site.Archive.Layout, TimeProvider.System).Create("a journal", [site.Run], null);
        string first = site.TakeDown(site.OtherRun, RecordKind.Run, "has names of patients").Hex;
        string second = site.TakeDown(site.Citation, RecordKind.Citation, "was a mistake").Hex;
        using var eve = SigningKey.Create("Eve", RecordSamples.Start);
        byte[] theirs = RecordJson.Serialize(TombstoneStatement.Of(RecordSamples.Tombstone().Predicate with
        {
            Certificate = eve.Signer.Fingerprint,
            Record = LeafBlob.Of(site.Archive.Blobs.Read(site.Run, CanonicalJson.MaxBytes)),
        }));
        site.Archive.Intake().Accept(RecordKind.Tombstone, theirs, CmsSigner.Sign(theirs, eve, new FakeTimeProvider(RecordSamples.Start)));

        var found = new List<JsonElement>();
        for (string? next = "/api/v1/tombstones?limit=1"; next is not null;)
        {
            var page = await GetAsync(site, next);
            Assert.InRange(page.GetProperty("tombstones").GetArrayLength(), 0, 1);
            found.AddRange(page.GetProperty("tombstones").EnumerateArray());
            next = page.TryGetProperty("next", out var address) ? address.GetString() : null;
        }

        Assert.Equal([second, first], found.Select(item => item.GetProperty("id").GetString()));
        Assert.Equal(["citation", "run"], found.Select(item => item.GetProperty("kind").GetString()));
        Assert.Equal(site.OtherRun.Hex, found[1].GetProperty("record").GetString());
        Assert.Equal(("has names of patients", "Ada Example"), (found[1].GetProperty("reason").GetString(), found[1].GetProperty("signedBy").GetString()));
        Assert.Contains("Taken down", await site.GetAsync(found[1].GetProperty("path").GetString()!));
        new Restrictions(site.Archive.Layout, TimeProvider.System).Set([site.OtherRun], "ada", null);
        Assert.DoesNotContain(first, await TextAsync(site, "/api/v1/tombstones", null));
        Assert.Contains(first, await TextAsync(site, "/api/v1/tombstones", token));
        using var closed = await site.SendAsync(HttpMethod.Get, "/api/v1/tombstones", ("Authorization", $"Bearer {secret}"));
        using var wrong = await site.SendAsync(HttpMethod.Get, "/api/v1/tombstones?limit=0");
        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.BadRequest), (closed.StatusCode, wrong.StatusCode));
    }

    [Fact]
    public async Task Every_answer_has_a_schema_that_names_what_is_in_it()
    {
        await using var site = await TestSite.StartAsync();
        var texts = SignedTexts.Fill(site, "other");
        var document = await GetAsync(site, "/openapi/v1.json");
        foreach (var (path, address) in new (string, string)[]
        {
            ("/api/v1/runs/{id}", $"/api/v1/runs/{site.Run.Hex}"), ("/api/v1/runs/{id}/verification", $"/api/v1/runs/{site.Run.Hex}/verification"),
            ("/api/v1/runs/{a}/differences/{b}", $"/api/v1/runs/{site.Run.Hex}/differences/{texts.Run.Hex}"), ("/api/v1/log", "/api/v1/log"),
            ("/api/v1/papers/{doi}", $"/api/v1/papers/{TestSite.Paper}"), ("/api/v1/statistics", "/api/v1/statistics"),
            ("/api/v1/lookup", $"/api/v1/lookup?q={site.Run.Hex}"),
            ("/api/v1/images/{digest}", $"/api/v1/images/{site.Image.Manifest.Digest}"),
            ("/api/v1/images/{digest}/packages", $"/api/v1/images/{site.Image.Manifest.Digest}/packages"),
        }.Append(("/api/v1/tombstones", "/api/v1/tombstones?limit=1")).Concat(Lists.Select(list => ($"/api/v1/{list}", $"/api/v1/{list}?limit=1"))))
        {
            var schema = document.GetProperty("paths").GetProperty(path).GetProperty("get").GetProperty("responses").GetProperty("200")
                .GetProperty("content").GetProperty("application/json").GetProperty("schema");
            Conforms(document, schema, await GetAsync(site, address), path);
        }

        foreach (var operation in document.GetProperty("paths").EnumerateObject().SelectMany(path => path.Value.EnumerateObject()))
        {
            Assert.True(operation.Value.GetProperty("responses").GetProperty("200").TryGetProperty("content", out _), operation.Value.ToString());
        }
    }

    /// <summary>Every member of an answer stands in the schema, and every one that the schema requires in the answer.</summary>
    private static void Conforms(JsonElement document, JsonElement schema, JsonElement value, string where)
    {
        while (schema.TryGetProperty("$ref", out var reference))
        {
            schema = document.GetProperty("components").GetProperty("schemas").GetProperty(reference.GetString()!.Split('/')[^1]);
        }

        if (schema.TryGetProperty("oneOf", out var either))
        {
            schema = either.EnumerateArray().Last();
            Conforms(document, schema, value, where);
        }
        else if (value.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in value.EnumerateArray())
            {
                Conforms(document, schema.GetProperty("items"), item, $"{where}[]");
            }
        }
        else if (value.ValueKind == JsonValueKind.Object && schema.TryGetProperty("properties", out var properties))
        {
            foreach (var member in value.EnumerateObject())
            {
                Assert.True(properties.TryGetProperty(member.Name, out var inner), $"{where}.{member.Name} is not in the schema");
                Conforms(document, inner, member.Value, $"{where}.{member.Name}");
            }

            foreach (string? required in schema.TryGetProperty("required", out var names) ? names.EnumerateArray().Select(name => name.GetString()) : [])
            {
                Assert.True(value.TryGetProperty(required!, out _) || IsNullable(properties.GetProperty(required!)), $"{where} lacks {required}");
            }
        }
    }

    private static bool IsNullable(JsonElement schema) => schema.ToString().Contains("\"null\"", StringComparison.Ordinal);

    /// <summary>A record that is acknowledged and not yet in the log is in the lists too.</summary>
    private static async Task WaitAsync(TestSite site)
    {
        var sample = RecordSamples.Replay();
        byte[] statement = RecordJson.Serialize(sample with { Predicate = sample.Predicate with { Run = site.Run, Reason = "it waits" } });
        site.Archive.Intake().Acknowledge(RecordKind.Replay, statement, site.Archive.Sign(statement));
        await TestSite.SettleAsync();
    }

    private static string Last(string list) => list switch
    {
        "runs" => "0.0",
        "files" => "0.0.0",
        "signers" => new string('f', 64),
        _ => "0",
    };

    private static List<string> Items(JsonElement page, string list) => [.. page.GetProperty(list).EnumerateArray().Select(item => item.ToString())];

    private static async Task<JsonElement> GetAsync(TestSite site, string path) => JsonElement.Parse(await site.GetAsync(path));

    private static async Task<string> TextAsync(TestSite site, string path, string? token)
    {
        using var response = token is null
            ? await site.SendAsync(HttpMethod.Get, path)
            : await site.SendAsync(HttpMethod.Get, path, ("Authorization", $"Bearer {token}"));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }
}
