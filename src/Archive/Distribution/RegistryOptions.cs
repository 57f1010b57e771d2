using System.Security.Cryptography.X509Certificates;

namespace Provenance.Archive.Distribution;

/// <summary>How registries are spoken to.</summary>
public sealed record RegistryOptions
{
    /// <summary>Who we are there.</summary>
    public required string UserAgent { get; init; }

    /// <summary>Who the caller is there.</summary>
    public required RegistryCredentials Credentials { get; init; }

    /// <summary>A token of the caller's for the registry that is named, and for no other; null for none.</summary>
    public string? BearerToken { get; init; }

    /// <summary>False where the caller says that anybody may be at the other end; plain HTTP is then tried where TLS is not spoken.</summary>
    public bool VerifyTls { get; init; } = true;

    /// <summary>Authorities that are believed beside those of this machine.</summary>
    public IReadOnlyList<X509Certificate2> Authorities { get; init; } = [];

    public RegistrySettings Settings { get; init; } = new();

    /// <summary>How often a request is made in all before it has failed; each that brings something on counts as the first again.</summary>
    public int Attempts { get; init; } = 5;

    /// <summary>Before the second attempt; doubled for each further.</summary>
    public TimeSpan Pause { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long nothing may come or go. It is no bound on the whole.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>What a registry may make us wait by Retry-After; longer, and the request has failed.</summary>
    public TimeSpan MaxRetryAfter { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Larger blobs are sent in pieces of this size, so that a lost connection costs one piece. In bytes.</summary>
    public int ChunkBytes { get; init; } = 16 << 20;

    public TimeProvider Time { get; init; } = TimeProvider.System;
}
