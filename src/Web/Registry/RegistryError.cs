using Provenance.Archive.Content;

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

    public static RegistryError TagTaken(string repository, string tag, string owner) => Denied($"{repository}:{tag} is not {owner}'s");

    public static RegistryError ManifestBlobUnknown(Digest digest) =>
        new(StatusCodes.Status404NotFound, "MANIFEST_BLOB_UNKNOWN", $"the manifest names '{digest}', which was not sent");

    public static RegistryError ManifestInvalid(string message) => new(StatusCodes.Status400BadRequest, "MANIFEST_INVALID", message);

    public static RegistryError ContentInvalid(string message) => new(StatusCodes.Status400BadRequest, "DIGEST_INVALID", message);

    public static RegistryError TooLarge(string message) => new(StatusCodes.Status413PayloadTooLarge, "SIZE_INVALID", message);

    public static RegistryError UploadUnknown(string session) =>
        new(StatusCodes.Status404NotFound, "BLOB_UPLOAD_UNKNOWN", $"there is no upload '{session}'");

    public static RegistryError UploadBusy(string session) =>
        new(StatusCodes.Status409Conflict, "BLOB_UPLOAD_INVALID", $"another request writes upload '{session}'");

    public static RegistryError RangeInvalid(long length) =>
        new(StatusCodes.Status416RangeNotSatisfiable, "BLOB_UPLOAD_INVALID", $"{length} bytes have arrived, the next chunk begins there");

    /// <summary>Where nothing is written, or not so: an archive forgets no blob by request.</summary>
    public static RegistryError Unsupported() => new(StatusCodes.Status405MethodNotAllowed, "UNSUPPORTED", "this registry does not do that");

    public Task ExecuteAsync(HttpContext httpContext) =>
        Results.Json(new RegistryErrors([new RegistryErrorItem(code, message)]), RegistryJson.Default.RegistryErrors, statusCode: status)
            .ExecuteAsync(httpContext);
}
