using System.Globalization;
using Microsoft.AspNetCore.Http.Features;
using Provenance.Archive;
using Provenance.Archive.Access;
using Provenance.Archive.Content;
using Provenance.Archive.Upkeep;
using Provenance.Web.Access;
using Provenance.Web.Hosting;

namespace Provenance.Web.Registry.Pushing;

/// <summary>What changes a registry: blobs that are sent, whole or in pieces, manifests and tags.</summary>
/// <remarks>Source: OCI distribution-spec v1.1.1, "Push" and "Content Management". Addresses in answers are whole: ch-image takes no others.</remarks>
internal sealed class PushEndpoints(Site site, HttpContext http)
{
    private const int MostTags = 100;
    private const int MostWarnings = 8;
    private const int MostWarningLetters = 500;
    private const int BufferBytes = 1 << 17;

    private readonly ServeOptions _options = site.Options;

    /// <param name="path">What follows <c>/v2/</c>.</param>
    public static async Task<IResult> AnswerAsync(Site site, HttpContext http, string path)
    {
        http.Response.Headers["Docker-Distribution-API-Version"] = "registry/2.0";
        if (site.Options.Writing is null)
        {
            return RegistryError.Unsupported();
        }

        var asking = AskingOf(http);
        if (!asking.May(TokenScopes.Push))
        {
            if (asking.Token is not null)
            {
                return RegistryError.Denied("the token does not allow to push");
            }

            Challenge.Write(http);
            return RegistryError.Unauthorized("whoever pushes needs a token");
        }

        try
        {
            return await new PushEndpoints(site, http).AnswerAsync(path);
        }
        catch (QuotaException e)
        {
            return RegistryError.Denied(e.Message);
        }
        catch (Exception e) when (e is ArchiveException or FormatException)
        {
            return RegistryError.ManifestInvalid(e.Message);
        }
    }

    private AccessToken Token => AskingOf(http).Token!;

    private UploadBudget Budget => http.RequestServices.GetRequiredService<UploadBudgets>().Of(Token.Owner);

    private UploadRoom Room => new(_options.Layout, Token.Owner, _options.Sync);

    private async Task<IResult> AnswerAsync(string path)
    {
        string method = http.Request.Method;
        if (RegistryPath.Find(path, "/blobs/uploads/") is { } upload)
        {
            return !RepositoryName.IsRepository(upload.Name) ? RegistryError.NameInvalid(upload.Name)
                : upload.Reference.Length == 0 ? method == HttpMethods.Post ? await BeginAsync(upload.Name) : RegistryError.Unsupported()
                : await ContinueAsync(method, upload.Name, upload.Reference);
        }

        if (RegistryPath.Find(path, "/manifests/") is { Reference.Length: > 0 } manifest)
        {
            return !RepositoryName.IsRepository(manifest.Name) ? RegistryError.NameInvalid(manifest.Name)
                : method == HttpMethods.Put ? await PutManifestAsync(manifest.Name, manifest.Reference)
                : method == HttpMethods.Delete ? Delete(manifest.Name, manifest.Reference)
                : RegistryError.Unsupported();
        }

        // Blobs go when nothing needs them, by prov archive gc.
        return RegistryError.Unsupported();
    }

    /// <summary>POST: another repository's blob is mounted, the whole is sent at once, or a session begins.</summary>
    private async Task<IResult> BeginAsync(string name)
    {
        var query = http.Request.Query;
        if (Digest.TryParse(query["mount"].ToString(), out var mounted) && site.Shelf.Has(mounted))
        {
            return Created($"/v2/{name}/blobs/{mounted}", mounted);
        }

        if (query["digest"].ToString() is not { Length: > 0 } digest)
        {
            return Accepted(name, Room.Begin(), 0);
        }

        if (!Digest.TryParse(digest, out var expected))
        {
            return RegistryError.DigestInvalid(digest);
        }

        string session = Room.Begin();
        try
        {
            using var file = Room.Open(session)!;
            return await AppendAsync(file) ?? Finish(file, name, session, expected);
        }
        finally
        {
            // Nobody was told its name: what is not a blob by now is of no use to anybody.
            Room.Cancel(session);
        }
    }

    private async Task<IResult> ContinueAsync(string method, string name, string session)
    {
        if (method == HttpMethods.Delete)
        {
            return Room.Cancel(session) ? Results.NoContent() : RegistryError.UploadUnknown(session);
        }

        try
        {
            using var file = Room.Open(session);
            if (file is null)
            {
                return RegistryError.UploadUnknown(session);
            }

            if (!Continues(file.Length))
            {
                http.Response.Headers.Location = Address($"/v2/{name}/blobs/uploads/{session}");
                http.Response.Headers.Range = RangeOf(file.Length);
                return RegistryError.RangeInvalid(file.Length);
            }

            if (method != HttpMethods.Put)
            {
                return await AppendAsync(file) ?? Accepted(name, session, file.Length);
            }

            // Before anything is taken: who corrects the digest sends the same chunk once more.
            string digest = http.Request.Query["digest"].ToString();
            return Digest.TryParse(digest, out var expected)
                ? await AppendAsync(file) ?? Finish(file, name, session, expected)
                : RegistryError.DigestInvalid(digest);
        }
        catch (IOException e) when (e.HResult is Busy)
        {
            return RegistryError.UploadBusy(session);
        }
    }

    /// <summary>Of .NET, where another has the file for himself: EAGAIN, EWOULDBLOCK.</summary>
    private const int Busy = 11;

    /// <summary>Where a session stands.</summary>
    public static IResult Progress(Site site, HttpContext http, string name, string session)
    {
        if (site.Options.Writing is null || !AskingOf(http).May(TokenScopes.Push))
        {
            return RegistryError.UploadUnknown(session);
        }

        var endpoints = new PushEndpoints(site, http);
        try
        {
            using var file = endpoints.Room.Open(session);
            if (file is null)
            {
                return RegistryError.UploadUnknown(session);
            }

            endpoints.Accepted(name, session, file.Length);
            return Results.NoContent();
        }
        catch (IOException e) when (e.HResult is Busy)
        {
            return RegistryError.UploadBusy(session);
        }
    }

    /// <summary>Whether the token's owner has sent this blob, and nothing names it yet.</summary>
    public static string? FindSent(Site site, HttpContext http, Digest blob) =>
        site.Options.Writing is not null && AskingOf(http) is { } asking && asking.May(TokenScopes.Push)
            && new UploadRoom(site.Options.Layout, asking.Token!.Owner, site.Options.Sync) is { } room && room.Blobs.Contains(blob)
            ? room.Blobs.Layout.BlobPath(blob)
            : null;

    /// <summary>Not the site's: many tokens read the same and may do different things.</summary>
    private static Audience AskingOf(HttpContext http) => http.RequestServices.GetRequiredService<Visit>().Audience;

    /// <summary>distribution-spec, "Pushing a blob in chunks": the field has no unit, and each chunk begins where the last ended.</summary>
    private bool Continues(long length)
    {
        string range = http.Request.Headers.ContentRange.ToString();
        return range.Length == 0 || (range.Split('-') is [var from, var to]
            && long.TryParse(from, NumberStyles.None, CultureInfo.InvariantCulture, out long first)
            && long.TryParse(to, NumberStyles.None, CultureInfo.InvariantCulture, out long last)
            && first == length && last >= first && (http.Request.ContentLength is not { } bytes || bytes == last - first + 1));
    }

    /// <returns>Null when all of the body was written; else why not, and then nothing of it was.</returns>
    private async Task<IResult?> AppendAsync(FileStream file)
    {
        http.Features.GetRequiredFeature<IHttpMaxRequestBodySizeFeature>().MaxRequestBodySize = null;
        return await Budget.AppendAsync(http.Request, file) ? null : RegistryError.Denied($"{Token.Owner} may not keep more here");
    }

    private IResult Finish(FileStream file, string name, string session, Digest expected)
    {
        try
        {
            Room.Finish(file, session, expected, Budget);
            return Created($"/v2/{name}/blobs/{expected}", expected);
        }
        catch (DigestMismatchException e)
        {
            Room.Cancel(session);
            return RegistryError.ContentInvalid(e.Message);
        }
    }

    private async Task<IResult> PutManifestAsync(string name, string reference)
    {
        string mediaType = http.Request.ContentType?.Split(';')[0].Trim() ?? "";
        if (!ManifestContent.IsKnown(mediaType))
        {
            return RegistryError.ManifestInvalid($"'{mediaType}' is no type of a manifest");
        }

        byte[]? bytes = await ReadManifestAsync();
        if (bytes is null)
        {
            return RegistryError.TooLarge($"a manifest has at most {ManifestContent.MostBytes} bytes");
        }

        bool isDigest = reference.Contains(':', StringComparison.Ordinal);
        var digest = Digest.Of(bytes);
        if (isDigest ? reference != digest.ToString() : !RepositoryName.IsTag(reference))
        {
            return isDigest ? RegistryError.ContentInvalid($"the manifest is '{digest}', and not '{reference}'") : RegistryError.ManifestUnknown(reference);
        }

        string[] tags = [.. isDigest ? http.Request.Query["tag"].OfType<string>() : [reference]];
        var catalogue = site.Registry;
        if (tags.Length > MostTags || !tags.All(RepositoryName.IsTag))
        {
            return RegistryError.ManifestInvalid($"a tag is none, or there are more than {MostTags}");
        }

        // To where it points already anybody may point a tag: nothing comes of it, and it is nobody else's then; but one of his may become public.
        string[] moved = [.. tags.Where(tag => catalogue.FindTag(name, tag)?.Digest != digest || IsHisAlone(name, tag))];
        if (Array.Find(moved, tag => !MayMove(catalogue, name, tag)) is { } taken)
        {
            return RegistryError.TagTaken(name, taken, Token.Owner);
        }

        var content = ManifestContent.Parse(bytes, mediaType);
        var intake = new ManifestIntake(site, Token, Room, Budget);
        if (await Task.Run(() => intake.Take(name, moved, content, bytes, catalogue)) is { } error)
        {
            return error;
        }

        Tell(content, tags, intake.Warnings);
        return Created($"/v2/{name}/manifests/{reference}", digest);
    }

    private void Tell(ManifestContent content, string[] tags, IEnumerable<string> warnings)
    {
        var headers = http.Response.Headers;
        if (content.Subject is { } subject)
        {
            headers["OCI-Subject"] = subject.ToString();
        }

        foreach (string tag in tags)
        {
            headers.Append("OCI-Tag", tag);
        }

        // "A registry MUST NOT send more than 4096 bytes of warning data": distribution-spec v1.1.1, "Warnings".
        foreach (string warning in warnings.Take(MostWarnings))
        {
            // RFC 7234 §5.5: a quoted string in ASCII.
            string text = string.Concat(warning.Select(letter => letter is >= ' ' and <= '~' and not ('"' or '\\') ? letter : '\''));
            headers.Append("Warning", $"299 - \"{text[..Math.Min(text.Length, MostWarningLetters)]}\"");
        }
    }

    private async Task<byte[]?> ReadManifestAsync()
    {
        http.Features.GetRequiredFeature<IHttpMaxRequestBodySizeFeature>().MaxRequestBodySize = null;
        using var content = new MemoryStream();
        byte[] buffer = new byte[BufferBytes];
        int read;
        while ((read = await http.Request.Body.ReadAsync(buffer, http.RequestAborted)) > 0)
        {
            if (content.Length + read > ManifestContent.MostBytes)
            {
                return null;
            }

            await content.WriteAsync(buffer.AsMemory(0, read), http.RequestAborted);
        }

        return content.ToArray();
    }

    /// <summary>A tag is whoever's it first was; images that were imported here belong to the archive's keeper.</summary>
    private bool MayMove(Catalogue catalogue, string repository, string tag) =>
        AskingOf(http).May(TokenScopes.Admin)
        || (new PushedManifests(_options.Layout, _options.Time).OwnerOfTag(repository, tag) is { } owner
            ? owner == Token.Owner
            : catalogue.FindTag(repository, tag) is null && !catalogue.IsTaken(repository, tag));

    private bool IsHisAlone(string repository, string tag) =>
        new PushedManifests(_options.Layout, _options.Time).FindTag(repository, tag) is { } found
        && found.Owner == Token.Owner && !found.MayBeReadBy(null, _options.Time.GetUtcNow());

    private IResult Delete(string name, string reference)
    {
        var pushed = new PushedManifests(_options.Layout, _options.Time);
        var manifest = pushed.List().FirstOrDefault(one => one.Repository == name && one.Manifest.Digest.ToString() == reference);
        bool isTag = !reference.Contains(':', StringComparison.Ordinal);
        string? owner = isTag ? pushed.OwnerOfTag(name, reference) : manifest?.Owner;
        if (owner is null || (owner != Token.Owner && !AskingOf(http).May(TokenScopes.Admin)))
        {
            return RegistryError.ManifestUnknown(reference);
        }

        if (isTag ? pushed.RemoveTag(name, reference) : pushed.Remove(name, manifest!.Manifest.Digest))
        {
            Unname(name, isTag ? reference : null, manifest?.Manifest.Digest);
            return Results.Accepted();
        }

        return RegistryError.ManifestUnknown(reference);
    }

    /// <summary>The image that was imported under the tag loses the name; its record stays.</summary>
    private void Unname(string repository, string? tag, Digest? manifest)
    {
        using var reader = site.Shelf.Open();
        foreach (var image in reader.Images.List().Where(image => image.Name is not null))
        {
            if (RepositoryName.Find(image.Name!) is { } name && name.Repository == repository && (name.Tag == tag || image.Manifest.Digest == manifest))
            {
                reader.Images.Remove(image.Name!);
            }
        }

        if (tag is not null && reader.Images.FindIndex(RepositoryName.NameOf(repository, tag)) is not null)
        {
            reader.Images.Remove(RepositoryName.NameOf(repository, tag));
        }
    }

    private string Address(string path) => site.AddressOf(http.Request, path);

    private static string RangeOf(long length) => $"0-{Math.Max(0, length - 1)}";

    private IResult Accepted(string name, string session, long length)
    {
        http.Response.Headers.Location = Address($"/v2/{name}/blobs/uploads/{session}");
        http.Response.Headers.Range = RangeOf(length);
        http.Response.Headers["Docker-Upload-UUID"] = session;
        return Results.StatusCode(StatusCodes.Status202Accepted);
    }

    private IResult Created(string path, Digest digest)
    {
        http.Response.Headers.Location = Address(path);
        http.Response.Headers["Docker-Content-Digest"] = digest.ToString();
        return Results.StatusCode(StatusCodes.Status201Created);
    }
}
