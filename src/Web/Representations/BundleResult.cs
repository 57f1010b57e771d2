using Microsoft.AspNetCore.Http.Features;
using Provenance.Archive.Content;
using Provenance.Archive.Exchange;
using Provenance.Web.Hosting;

namespace Provenance.Web.Representations;

/// <summary>A run with everything it needs, written as it is sent: nothing of it is gathered in memory or on disk.</summary>
/// <param name="site">The archive.</param>
/// <param name="run">Its record.</param>
internal sealed class BundleResult(Site site, Digest run) : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var bundle = Plan();
        httpContext.Response.ContentType = Representation.Bundle.MediaType;
        httpContext.Response.Headers.ContentDisposition = $"attachment; filename=\"{bundle.Stem}.prov.tar\"";
        if (HttpMethods.IsHead(httpContext.Request.Method))
        {
            return;
        }

        // The writer of tars is synchronous: it has a thread of its own, and what it writes goes out as it comes.
        httpContext.Features.Get<IHttpBodyControlFeature>()!.AllowSynchronousIO = true;
        var cancellation = httpContext.RequestAborted;
        await Task.Factory.StartNew(
            () => new BundleExporter(site.Shelf.Blobs).Write(bundle, new BundlePacking(), httpContext.Response.Body, null, cancellation),
            cancellation, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>The catalog is given back before anything is sent: whoever reads slowly keeps no other waiting for it.</summary>
    private Bundle Plan()
    {
        using var reader = site.Shelf.Open();
        return new BundlePlanner(reader.Blobs, reader.Finder, reader.Images, reader.Finder.FindProof)
            .Plan([reader.Finder.Get(run.Hex)], new ExportOptions { Replays = true });
    }
}
