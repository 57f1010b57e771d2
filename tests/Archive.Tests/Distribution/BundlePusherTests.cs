using System.Text;
using Provenance.Archive.Content;
using Provenance.Archive.Distribution;
using Provenance.Archive.Exchange;
using Provenance.Archive.Images;
using Provenance.Archive.Tests.Catalog;
using Provenance.Archive.Tests.Exchange;
using Xunit;

namespace Provenance.Archive.Tests.Distribution;

/// <summary>What goes to an archive of prov, and to no other registry.</summary>
public sealed class BundlePusherTests : IDisposable
{
    private readonly SampleBundle _sample = new();

    public void Dispose() => _sample.Dispose();

    [Fact]
    public void Marks_and_token_go_to_an_archive_that_says_it_is_one()
    {
        byte[] manifest = [];
        using var registry = new FakeRegistry(request =>
        {
            switch (request.Method)
            {
                case "GET" when request.Path == "/v2/":
                    return new FakeAnswer(200, "{}"u8.ToArray(), ("Prov-Archive", "1"));
                case "HEAD":
                    return new FakeAnswer(404);
                case "POST":
                    return new FakeAnswer(202, null, ("Location", "/upload"));
                case "PUT" when request.Path.Contains("/manifests/", StringComparison.Ordinal):
                    manifest = request.Body;
                    return new FakeAnswer(201, null, ("OCI-Subject", "x"));
                default:
                    return new FakeAnswer(201);
            }
        });
        using var client = new RegistryClient(RegistryClients.Options() with { BearerToken = "mine" });
        using var finder = _sample.Archive.Finder();
        var planner = new BundlePlanner(_sample.Archive.Blobs, finder, new ImageNames(_sample.Archive.Layout, _sample.Archive.Blobs, SampleArchive.Sync));
        var bundle = planner.Plan([finder.Get(_sample.Run.Hex)], new ExportOptions());
        var marks = new BundleArtifactMarks { IsPrivate = true, EmbargoUntil = new DateOnly(2031, 5, 1) };

        var report = new BundlePusher(_sample.Archive.Blobs, client).Push(
            bundle, marks, RegistryReference.ParseTarget(registry.Url, BundleArtifactNames.Repository), null, TestContext.Current.CancellationToken);

        Assert.Equal(Digest.Of(manifest), report.Manifest);
        Assert.Equal(marks, BundleArtifactManifest.Parse(manifest).Marks);
        Assert.All(registry.Requests, request => Assert.Equal("Bearer mine", request["authorization"]));
        Assert.Equal($"/v2/prov/manifests/run-{_sample.Run.Hex}", registry.Requests[^1].Path);
        Assert.Contains("org.prov.visibility", Encoding.UTF8.GetString(manifest), StringComparison.Ordinal);
    }
}
