using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Provenance.Archive.Access;
using Provenance.Archive.Records;
using Provenance.Archive.Tests.Records;
using Xunit;

namespace Provenance.Web.Tests;

/// <summary>The OpenAPI document and what the server really answers: every operation in it, by an independent validator of JSON Schema (python3-jsonschema).</summary>
public sealed class ApiDocumentTests
{
    /// <summary>The document is itself the root of each schema, so that its references lead somewhere; what it does not name must not be in an answer.</summary>
    private const string Validator = """
        import json, sys
        import jsonschema
        given = json.load(sys.stdin)
        document = given['document']
        for name, schema in document['components']['schemas'].items():
            if 'properties' in schema and name != 'ProblemDetails': # which may be extended (RFC 9457 section 3.2)
                schema.setdefault('additionalProperties', False)
        for answer in given['answers']:
            validator = jsonschema.Draft202012Validator({**document, '$ref': answer['schema']})
            for error in validator.iter_errors(answer['value']):
                print(f"{answer['where']}: {'/'.join(map(str, error.absolute_path))}: {error.message[:300]}")
        """;

    [Fact]
    public async Task Every_operation_answers_as_the_document_says()
    {
        await RequireValidatorAsync();
        await using var site = await TestSite.StartAsync();
        var texts = SignedTexts.Fill(site, "other");
        var document = await DocumentAsync(site);
        var examples = Examples(site, texts);
        var operations = Operations(document).Where(one => one.Status == "200").ToList();

        // An operation that is new has no example yet: it is to get one here.
        Assert.Equal(operations.Select(one => $"{one.Method} {one.Path}").Order(), examples.Keys.Order());

        var answers = new JsonArray();
        foreach (var operation in operations)
        {
            foreach (string address in examples[$"{operation.Method} {operation.Path}"])
            {
                using var response = await SendAsync(site, operation.Method, address, ProfileText);
                Assert.Equal((address, HttpStatusCode.OK), (address, response.StatusCode));
                Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
                var value = await response.Content.ReadFromJsonAsync<JsonNode>(TestContext.Current.CancellationToken);
                answers.Add(new JsonObject { ["where"] = address, ["schema"] = operation.Schema, ["value"] = value });
            }
        }

        await AssertConformsAsync(document, answers);
    }

    /// <summary>Each refusal that a client may meet is RFC 9457's problem, and stands in the document of every operation that gives it.</summary>
    [Fact]
    public async Task Every_refusal_is_a_problem_that_the_document_names()
    {
        await RequireValidatorAsync();
        await using var site = await TestSite.StartAsync();
        var texts = SignedTexts.Fill(site, "other");
        var document = await DocumentAsync(site);
        string gone = site.OtherRun.Hex, none = new('0', 64);
        string large = new(' ', HostProfileJson.MaxBytes + 1);
        var refusals = new List<(string Operation, string Address, int Status, string? Body, string? Token)>
        {
            ("GET /api/v1/lookup", "/api/v1/lookup", 400, null, null),
            ("GET /api/v1/runs", "/api/v1/runs?limit=x", 400, null, null),
            ("GET /api/v1/runs", "/api/v1/runs?since=yesterday-ish", 400, null, null),
            ("GET /api/v1/runs/{id}", $"/api/v1/runs/{none}", 404, null, null),
            ("GET /api/v1/runs/{id}", $"/api/v1/runs/{gone}", 410, null, null),
            ("GET /api/v1/runs/{id}/verification", $"/api/v1/runs/{none}/verification", 404, null, null),
            ("GET /api/v1/runs/{id}/verification", $"/api/v1/runs/{gone}/verification", 410, null, null),
            ("GET /api/v1/runs/{a}/differences/{b}", $"/api/v1/runs/{site.Run.Hex}/differences/{none}", 404, null, null),
            ("GET /api/v1/runs/{a}/differences/{b}", $"/api/v1/runs/{gone}/differences/{site.Run.Hex}", 410, null, null),
            ("POST /api/v1/runs/{id}/assess", $"/api/v1/runs/{site.Run.Hex}/assess", 400, "{}", null),
            ("POST /api/v1/runs/{id}/assess", $"/api/v1/runs/{site.Run.Hex}/assess", 413, large, null),
            ("POST /api/v1/runs/{id}/assess", $"/api/v1/runs/{none}/assess", 404, ProfileText, null),
            ("POST /api/v1/runs/{id}/assess", $"/api/v1/runs/{gone}/assess", 410, ProfileText, null),
            ("POST /api/v1/runs/{id}/assess", $"/api/v1/runs/{site.Run.Hex}/assess", 415, null, null),
            ("GET /api/v1/images/{digest}", $"/api/v1/images/sha256:{none}", 404, null, null),
            ("GET /api/v1/images/{digest}/packages", $"/api/v1/images/sha256:{none}/packages", 404, null, null),
            ("GET /api/v1/images/{digest}/packages", $"/api/v1/images/{site.Image.Manifest.Digest}/packages?limit=0", 400, null, null),
            ("GET /api/v1/papers/{doi}", "/api/v1/papers/nonsense", 400, null, null),
            ("GET /api/v1/papers/{doi}", "/api/v1/papers/10.9999/none", 404, null, null),
        };
        string[] lists = ["images", "files", "signers", "replays", "tombstones", "papers"];
        refusals.AddRange(lists.Select(list => ($"GET /api/v1/{list}", $"/api/v1/{list}?limit=0", 400, (string?)null, (string?)null)));
        // A token that nobody has, and a link for reviewers where they may not look.
        var examples = Examples(site, texts);
        refusals.AddRange(examples.Select(one => (one.Key, one.Value[0], 401, (string?)ProfileText, (string?)"prov_nobody-has-this-one")));
        string secret = new ReviewLinks(site.Archive.Layout, TimeProvider.System).Create("a journal", [site.Run], null);
        refusals.AddRange(lists.Except(["images"]).Select(list => ($"GET /api/v1/{list}", $"/api/v1/{list}", 404, (string?)null, (string?)secret)));

        var answers = new JsonArray();
        foreach (var (operation, address, status, body, token) in refusals)
        {
            using var response = await SendAsync(site, operation.Split(' ')[0], address, body, token);
            answers.Add(await ProblemAsync(document, operation, address, status, response));
        }

        var seen = refusals.Select(refusal => refusal.Status).ToHashSet();
        var named = Operations(document).Select(one => int.Parse(one.Status, CultureInfo.InvariantCulture)).ToHashSet();
        Assert.Equal([200, 429, 503], named.Except(seen).Order());
        await AssertConformsAsync(document, answers);
    }

    [Fact]
    public async Task Whoever_asks_too_often_is_told_so_by_a_problem()
    {
        await RequireValidatorAsync();
        await using var site = await TestSite.StartAsync(options: plain => plain with { RequestsPerSecond = 1 });
        var document = await DocumentAsync(site);
        for (int i = 0; i < 100; i++)
        {
            using var response = await site.SendAsync(HttpMethod.Get, "/api/v1/log");
            if (response.StatusCode != HttpStatusCode.OK)
            {
                Assert.Equal("1", response.Headers.GetValues("Retry-After").Single());
                var problem = await ProblemAsync(document, "GET /api/v1/log", "/api/v1/log", 429, response);
                await AssertConformsAsync(document, new JsonArray(problem));
                return;
            }
        }

        Assert.Fail("a hundred requests at one a second were all answered");
    }

    /// <summary>Of one form there is no choice: RFC 9110 §12.4.1 lets a server disregard what cannot be met, and a client that asks for anything gets JSON.</summary>
    [Theory]
    [InlineData("*/*")]
    [InlineData("text/html")]
    [InlineData("application/xml, text/plain;q=0.1")]
    public async Task Json_is_answered_whatever_a_client_would_rather_have(string accept)
    {
        await using var site = await TestSite.StartAsync();
        using var found = await site.SendAsync(HttpMethod.Get, $"/api/v1/runs/{site.Run.Hex}", ("Accept", accept));
        using var missing = await site.SendAsync(HttpMethod.Get, "/api/v1/runs/00000000000000000000", ("Accept", accept));
        using var wrong = await site.SendAsync(HttpMethod.Delete, $"/api/v1/runs/{site.Run.Hex}", ("Accept", accept));

        Assert.Equal((HttpStatusCode.OK, "application/json"), (found.StatusCode, found.Content.Headers.ContentType?.MediaType));
        Assert.Equal((HttpStatusCode.NotFound, "application/problem+json"), (missing.StatusCode, missing.Content.Headers.ContentType?.MediaType));
        Assert.Equal((HttpStatusCode.NotFound, "application/problem+json"), (wrong.StatusCode, wrong.Content.Headers.ContentType?.MediaType));
    }

    /// <summary>A validator that takes everything would say the same of good answers.</summary>
    [Fact]
    public async Task The_validator_does_find_faults()
    {
        await RequireValidatorAsync();
        await using var site = await TestSite.StartAsync();
        var document = await DocumentAsync(site);
        string schema = Operations(document).Single(one => one is { Path: "/api/v1/log", Status: "200" }).Schema;
        var answers = new JsonArray();
        foreach (string value in (string[])["""{"size":"many"}""", """{"size":1,"other":2}""", "[]", "{}"])
        {
            answers.Add(new JsonObject { ["where"] = value, ["schema"] = schema, ["value"] = JsonNode.Parse(value) });
        }

        string faults = await ValidateAsync(document, answers);

        Assert.All(answers, answer => Assert.Contains($"{answer!["where"]}: ", faults, StringComparison.Ordinal));
    }

    private static string ProfileText { get; } = Encoding.UTF8.GetString(HostProfileJson.Serialize(RecordSamples.Host()));

    private static Dictionary<string, string[]> Examples(TestSite site, SignedTexts texts) => new(StringComparer.Ordinal)
    {
        ["GET /api/v1/lookup"] =
        [
            $"/api/v1/lookup?q={site.Run.Hex}", $"/api/v1/lookup?q={TestSite.Paper}", "/api/v1/lookup?q=python3", "/api/v1/lookup?q=nothing-like-it",
            $"/api/v1/lookup?q={texts.Certificate.Hex}", $"/api/v1/lookup?q={site.Run.Hex[..8]}",
        ],
        ["GET /api/v1/runs"] = ["/api/v1/runs", "/api/v1/runs?limit=1", "/api/v1/runs?text=nothing-like-it"],
        ["GET /api/v1/runs/{id}"] = [$"/api/v1/runs/{site.Run.Hex}", $"/api/v1/runs/{texts.Run.Hex}"],
        ["GET /api/v1/runs/{id}/verification"] = [$"/api/v1/runs/{site.Run.Hex}/verification", $"/api/v1/runs/{texts.Run.Hex}/verification"],
        ["GET /api/v1/runs/{a}/differences/{b}"] =
            [$"/api/v1/runs/{site.Run.Hex}/differences/{texts.Run.Hex}", $"/api/v1/runs/{site.Run.Hex}/differences/{site.Run.Hex}"],
        ["POST /api/v1/runs/{id}/assess"] = [$"/api/v1/runs/{site.Run.Hex}/assess"],
        ["GET /api/v1/images"] = ["/api/v1/images", "/api/v1/images?limit=1"],
        ["GET /api/v1/images/{digest}"] = [$"/api/v1/images/{site.Image.Manifest.Digest}"],
        ["GET /api/v1/images/{digest}/packages"] =
            [$"/api/v1/images/{site.Image.Manifest.Digest}/packages", $"/api/v1/images/{site.Image.Manifest.Digest}/packages?name=a&limit=1"],
        ["GET /api/v1/files"] = ["/api/v1/files", "/api/v1/files?limit=1"],
        ["GET /api/v1/signers"] = ["/api/v1/signers", "/api/v1/signers?limit=1"],
        ["GET /api/v1/replays"] = ["/api/v1/replays", "/api/v1/replays?limit=1"],
        ["GET /api/v1/tombstones"] = ["/api/v1/tombstones"],
        ["GET /api/v1/papers"] = ["/api/v1/papers", "/api/v1/papers?limit=1"],
        ["GET /api/v1/papers/{doi}"] = [$"/api/v1/papers/{TestSite.Paper}", $"/api/v1/papers/{texts.Paper.Escaped}"],
        ["GET /api/v1/log"] = ["/api/v1/log"],
        ["GET /api/v1/statistics"] = ["/api/v1/statistics"],
    };

    private static async Task<JsonNode> DocumentAsync(TestSite site) => JsonNode.Parse(await site.GetAsync("/openapi/v1.json"))!;

    /// <returns>Each answer of each operation; the schema as a JSON pointer into the document.</returns>
    private static IEnumerable<(string Method, string Path, string Status, string Schema)> Operations(JsonNode document)
    {
        foreach (var (path, operations) in document["paths"]!.AsObject())
        {
            foreach (var (method, operation) in operations!.AsObject())
            {
                foreach (var (status, answer) in operation!["responses"]!.AsObject())
                {
                    string type = status == "200" ? "application/json" : "application/problem+json";
                    Assert.True(answer!["content"]?[type]?["schema"] is not null, $"{method} {path}: {status} has no schema of {type}");
                    string escaped = path.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);
                    yield return (method.ToUpperInvariant(), path, status,
                        $"#/paths/{Uri.EscapeDataString(escaped)}/{method}/responses/{status}/content/{type.Replace("/", "~1", StringComparison.Ordinal)}/schema");
                }
            }
        }
    }

    private static async Task<JsonObject> ProblemAsync(JsonNode document, string operation, string address, int status, HttpResponseMessage response)
    {
        Assert.Equal((operation, address, status), (operation, address, (int)response.StatusCode));
        Assert.Equal((address, "application/problem+json"), (address, response.Content.Headers.ContentType?.MediaType));
        var value = await response.Content.ReadFromJsonAsync<JsonNode>(TestContext.Current.CancellationToken);
        Assert.Equal(status, (int)value!["status"]!);
        Assert.NotEqual("", (string?)value["title"] ?? "");
        string? schema = Operations(document).Where(one => $"{one.Method} {one.Path}" == operation && one.Status == $"{status}").Select(one => one.Schema)
            .SingleOrDefault();
        Assert.True(schema is not null, $"{operation}: the document does not name {status}");
        return new JsonObject { ["where"] = $"{address} {status}", ["schema"] = schema, ["value"] = value };
    }

    private static async Task<HttpResponseMessage> SendAsync(TestSite site, string method, string address, string? body, string? token = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(site.Address + address));
        if (method == "POST")
        {
            request.Content = new StringContent(body ?? "text", Encoding.UTF8, body is null ? "text/plain" : "application/json");
        }

        request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        return await site.Client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    private static async Task RequireValidatorAsync()
    {
        bool isThere = await RunAsync("import jsonschema; jsonschema.Draft202012Validator", "") is (0, _, _);
        Assert.SkipUnless(isThere, "python3-jsonschema is not installed");
    }

    private static async Task AssertConformsAsync(JsonNode document, JsonArray answers)
    {
        string faults = await ValidateAsync(document, answers);
        Assert.True(faults.Length == 0, faults);
    }

    private static async Task<string> ValidateAsync(JsonNode document, JsonArray answers)
    {
        var given = new JsonObject { ["document"] = document.DeepClone(), ["answers"] = answers };
        var (status, output, error) = await RunAsync(Validator, given.ToJsonString());
        Assert.True(status == 0, error);
        return output;
    }

    private static async Task<(int Status, string Output, string Error)> RunAsync(string script, string input)
    {
        using var python = Process.Start(new ProcessStartInfo("python3", ["-c", script])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var output = python.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = python.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await python.StandardInput.WriteAsync(input);
        python.StandardInput.Close();
        await python.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (python.ExitCode, await output, await error);
    }
}
