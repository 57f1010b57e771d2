using System.Text.Json;
using Provenance.Archive.Exchange;
using Provenance.Archive.Tests.Catalog;
using Xunit;

namespace Provenance.Archive.Tests.Exchange;

/// <summary>What a bundle says of itself to people and to other programs.</summary>
public sealed class DescriptionTests : IDisposable
{
    private readonly SampleBundle _sample = new();
    private readonly BundleFiles _files;

    public DescriptionTests() => _files = _sample.Files(new ExportOptions { Replays = true, Layers = false });

    public void Dispose() => _sample.Dispose();

    [Fact]
    public void A_crate_has_one_entity_for_each_id_and_names_none_that_it_has_not()
    {
        var graph = Crate();

        var ids = graph.Select(entity => entity.GetProperty("@id").GetString()!).ToList();
        Assert.Equal(ids.Distinct(), ids);
        string[] outside = ["https://w3id.org/ro/crate/1.1", "https://w3id.org/ro/terms/workflow-run#DockerImage",
            "http://schema.org/CompletedActionStatus", "http://schema.org/FailedActionStatus"];
        Assert.Empty(graph.SelectMany(References).Except(ids).Except(outside));
    }

    [Fact]
    public void Every_file_of_a_crate_is_in_the_bundle_and_part_of_it()
    {
        var graph = Crate();

        var files = graph.Where(entity => entity.GetProperty("@type").GetString() == "File").Select(entity => entity.GetProperty("@id").GetString()!).ToList();
        var parts = Entity("./").GetProperty("hasPart").EnumerateArray().Select(part => part.GetProperty("@id").GetString()!);

        Assert.NotEmpty(files);
        Assert.Subset(_files.Names.ToHashSet(), files.ToHashSet());
        Assert.Equal(files.Order(StringComparer.Ordinal), parts.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_run_is_an_action_with_what_it_read_and_made()
    {
        var action = Entity($"#run-{_sample.Run.Hex}");

        Assert.Equal("CreateAction", action.GetProperty("@type").GetString());
        Assert.Contains(BundleNames.Blob(SampleArchive.DigestOf("result 1")), Ids(action, "result"));
        Assert.Contains($"#sha256-{SampleArchive.DigestOf("data").Hex}", Ids(action, "object"));
        Assert.Equal("Ada Example", Entity(Ids(action, "agent").Single()).GetProperty("name").GetString());
        Assert.Equal("ContainerImage", Entity(Ids(action, "containerImage").Single()).GetProperty("@type").GetString());
        Assert.Equal("/work/results/fit.csv", Entity(BundleNames.Blob(SampleArchive.DigestOf("result 1"))).GetProperty("alternateName")[0].GetString());
        Assert.Contains($"#run-{_sample.Run.Hex}", Ids(Entity("./"), "mentions"));
    }

    [Fact]
    public void Prov_has_the_run_between_what_it_used_and_what_it_generated()
    {
        var prov = JsonElement.Parse(_files[BundleNames.ProvJson]);
        string run = $"run:{_sample.Run.Hex}";

        Assert.Equal("2026-11-24T04:06:06.789Z", prov.GetProperty("activity").GetProperty(run).GetProperty("prov:startTime").GetString());
        Assert.Contains(Relations("used"), relation => Is(relation, "prov:entity", $"sha256:{SampleArchive.DigestOf("data").Hex}")
            && Is(relation, "prov:activity", run) && Is(relation, "prov:role", "/work/data.csv"));
        Assert.Contains(Relations("wasGeneratedBy"), relation => Is(relation, "prov:entity", $"sha256:{SampleArchive.DigestOf("result 1").Hex}"));
        Assert.Contains(Relations("wasInfluencedBy"), relation => Is(relation, "prov:influencer", run));
        var entities = prov.GetProperty("entity").EnumerateObject().Select(entity => entity.Name).ToHashSet();
        Assert.All(Relations("used").Concat(Relations("wasGeneratedBy")), relation => Assert.Contains(relation.GetProperty("prov:entity").GetString()!, entities));

        IEnumerable<JsonElement> Relations(string name) => prov.GetProperty(name).EnumerateObject().Select(relation => relation.Value);
        static bool Is(JsonElement relation, string name, string value) => relation.GetProperty(name).GetString() == value;
    }

    [Fact]
    public void Another_reader_of_prov_understands_it()
    {
        const string Python = "/usr/bin/python3";
        Assert.SkipUnless(
            File.Exists(Python) && Tool.Run(".", Python, "-c", "import prov.model").Status == 0,
            "the Python package prov (Debian: python3-prov) is not installed");
        using var folder = new TemporaryFolder();
        _files.WriteTo(folder.Path);

        var (status, output) = Tool.Run(
            folder.Path, Python, "-c", "import prov.model; print(prov.model.ProvDocument.deserialize('prov.json').get_provn())");

        Assert.True(status == 0, output);
        Assert.Matches($@"used\(run:{_sample.Run.Hex}, sha256:{SampleArchive.DigestOf("data").Hex}, -, \[prov:role=""/work/data.csv""\]\)", output);
        Assert.Matches($@"wasGeneratedBy\(sha256:{SampleArchive.DigestOf("result 1").Hex}, run:{_sample.Run.Hex}, -", output);
        Assert.Contains("[prov:type='prov:Person', prov:label=\"Ada Example\"]", output, StringComparison.Ordinal);
    }

    [Fact]
    public void The_page_names_every_record_and_its_signer_and_what_is_missing()
    {
        string page = System.Text.Encoding.UTF8.GetString(_files[BundleNames.Readme]);

        Assert.All([_sample.Run, _sample.Image, _sample.Replay], record => Assert.Contains(record.Hex, page, StringComparison.Ordinal));
        Assert.Contains("signed by Ada Example", page, StringComparison.Ordinal);
        Assert.Contains("- 1 of them, 5 bytes: layers of images were left out on purpose", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Other_tools_find_the_image_in_the_unpacked_bundle()
    {
        Tool.Require("jq");
        using var folder = new TemporaryFolder();
        _files.WriteTo(folder.Path);

        var (status, output) = Tool.Run(folder.Path, "jq", "-er", ".manifests[0] | .digest, .annotations[\"org.opencontainers.image.ref.name\"]", "index.json");

        Assert.True(status == 0, output);
        Assert.Equal($"{SampleArchive.DigestOf("manifest")}\ndebian-sci\n", output);
    }

    [Fact]
    public void The_certificates_are_there_for_openssl()
    {
        Tool.Require("openssl");
        using var folder = new TemporaryFolder();
        _files.WriteTo(folder.Path);
        string certificate = Assert.Single(_files.Names, name => name.StartsWith("certificates/", StringComparison.Ordinal));

        var (status, output) = Tool.Run(folder.Path, "openssl", "x509", "-in", certificate, "-noout", "-fingerprint", "-sha256", "-subject");

        Assert.True(status == 0, output);
        Assert.Contains("Ada Example", output, StringComparison.Ordinal);
        Assert.Contains(certificate["certificates/".Length..^4], output.Replace(":", "").ToLowerInvariant(), StringComparison.Ordinal);
    }

    private List<JsonElement> Crate() => [.. JsonElement.Parse(_files[BundleNames.RoCrate]).GetProperty("@graph").EnumerateArray()];

    private JsonElement Entity(string id) => Crate().Single(entity => entity.GetProperty("@id").GetString() == id);

    private static IEnumerable<string> Ids(JsonElement entity, string name) => Referred(entity.GetProperty(name));

    private static IEnumerable<string> References(JsonElement entity) => entity.EnumerateObject().SelectMany(member => Referred(member.Value));

    private static IEnumerable<string> Referred(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Array => value.EnumerateArray().SelectMany(Referred),
        JsonValueKind.Object => [value.GetProperty("@id").GetString()!],
        _ => [],
    };
}
