namespace Provenance.Web.Registry;

/// <summary>An error as clients of registries read it.</summary>
/// <remarks>Source: OCI distribution-spec v1.1.1, "Error codes".</remarks>
internal sealed class RegistryError(int status, string code, string message) : IResult
{
    public static RegistryError NameInvalid(string name) => new(StatusCodes.Status400BadRequest, "NAME_INVALID", $"'{name}' is no name of a repository");

    public static RegistryError NameUnknown(string name) => new(StatusCodes.Status404NotFound, "NAME_UNKNOWN", $"no image here is called '{name}'");

    public static RegistryError ManifestUnknown(string reference) =>
        new(StatusCodes.Status404NotFound, "MANIFEST_UNKNOWN", $"there is no manifest '{reference}'");

    public static RegistryError BlobUnknown(string digest) => new(StatusCodes.Status404NotFound, "BLOB_UNKNOWN", $"there is no blob '{digest}'");

    public static RegistryError DigestInvalid(string digest) => new(StatusCodes.Status400BadRequest, "DIGEST_INVALID", $"'{digest}' is no sha256 digest");

    public static RegistryError Unauthorized(string message) => new(StatusCodes.Status401Unauthorized, "UNAUTHORIZED", message);

    public static RegistryError Denied(string message) => new(StatusCodes.Status403Forbidden, "DENIED", message);

    /// <summary>An archive takes records and images by <c>prov import</c>, which proves them first, and forgets none.</summary>
    public static RegistryError Unsupported() => new(StatusCodes.Status405MethodNotAllowed, "UNSUPPORTED", "this registry is read-only");

    public Task ExecuteAsync(HttpContext httpContext) =>
        Results.Json(new RegistryErrors([new RegistryErrorItem(code, message)]), RegistryJson.Default.RegistryErrors, statusCode: status)
            .ExecuteAsync(httpContext);
}
