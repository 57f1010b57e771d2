using System.Net;
using Provenance.Archive.Content;
using Provenance.Archive.Records;

namespace Provenance.Web;

/// <summary>Which archive is served, and how.</summary>
public sealed record ServeOptions
{
    public required StoreLayout Layout { get; init; }

    /// <summary>Makes names durable, where the server brings log and catalog up to date.</summary>
    public required FolderSync Sync { get; init; }

    public required TimeProvider Time { get; init; }

    /// <summary>This program, as its pages name it.</summary>
    public required Recorder Program { get; init; }

    /// <summary>Where it listens: <c>http://127.0.0.1:8080</c>, or <c>https:</c> with <see cref="Tls"/>. Port 0 takes a free one.</summary>
    public required IReadOnlyList<string> Urls { get; init; }

    /// <summary>What it proves its name with at addresses of https; null when there is none.</summary>
    public TlsFiles? Tls { get; init; }

    /// <summary>Where its operator reads metrics, apart from what readers reach; null for nowhere. Port 0 takes a free one.</summary>
    public IPEndPoint? MetricsAddress { get; init; }

    /// <summary>As readers reach it, without a slash at the end, when that is not what their requests say; null where it is.</summary>
    public string? PublicUrl { get; init; }

    /// <summary>How what is sent is taken in; null where nothing is.</summary>
    public WriteOptions? Writing { get; init; }

    /// <summary>Whose tokens let people in too; null for nobody else's than the archive's own.</summary>
    public OidcOptions? Oidc { get; init; }

    /// <summary>What the archive is called on its pages.</summary>
    public string Title { get; init; } = "prov";

    /// <summary>Requests that one client address may make in a second, on average; 0 for any number.</summary>
    public int RequestsPerSecond { get; init; } = 50;
}
