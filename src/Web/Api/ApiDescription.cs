using Microsoft.AspNetCore.OpenApi;
using Provenance.Web.Hosting;

namespace Provenance.Web.Api;

/// <summary>What the OpenAPI document says of the API as a whole; of registry, pages and files it does not tell.</summary>
internal static class ApiDescription
{
    public static void Configure(OpenApiOptions options)
    {
        options.ShouldInclude = description => description.RelativePath?.StartsWith("api/", StringComparison.Ordinal) ?? false;
        options.AddDocumentTransformer((document, context, _) =>
        {
            var site = context.ApplicationServices.GetRequiredService<Site>();
            document.Info.Title = $"{site.Options.Title}: signed records of computations";
            document.Info.Version = site.Options.Program.Version;
            document.Info.Description = "What was run, on what, from what, and whether it came out the same again. Records stand in it as they were signed.";
            return Task.CompletedTask;
        });
    }
}
