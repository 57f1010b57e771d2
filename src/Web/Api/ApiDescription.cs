using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Provenance.Web.Hosting;

namespace Provenance.Web.Api;

/// <summary>What the OpenAPI document says of the API as a whole; of registry, pages and files it does not tell.</summary>
internal static class ApiDescription
{
    public static void Configure(OpenApiOptions options)
    {
        options.ShouldInclude = description => description.RelativePath?.StartsWith("api/", StringComparison.Ordinal) ?? false;
        // A member that is null is not written: none that may be null is required.
        options.AddSchemaTransformer((schema, context, _) =>
        {
            foreach (var member in context.JsonTypeInfo.Properties.Where(member => member.IsGetNullable))
            {
                schema.Required?.Remove(member.Name);
            }

            return Task.CompletedTask;
        });
        options.AddDocumentTransformer((document, context, _) =>
        {
            var site = context.ApplicationServices.GetRequiredService<Site>();
            document.Info.Title = $"{site.Options.Title}: signed records of computations";
            document.Info.Version = site.Options.Program.Version;
            document.Info.Description = "What was run, on what, from what, and whether it came out the same again. Records stand in it as they were signed.";
            // Without it the API is where the document was had (OpenAPI 3.1 §4.8.1). What the generator puts there is what the client said of the host.
            document.Servers = site.Options.PublicUrl is { } url ? [new OpenApiServer { Url = url }] : [];
            return Task.CompletedTask;
        });
    }
}
