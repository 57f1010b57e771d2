namespace Provenance.Runtime.Sandbox;

/// <summary>What an image's configuration says about running it.</summary>
/// <remarks>Source: OCI image-spec v1.1.1, config.md#properties.</remarks>
public sealed record ImageDefaults
{
    /// <summary>An image that says nothing, as a plain folder is.</summary>
    public static ImageDefaults None { get; } = new();

    /// <summary><c>NAME=value</c> each.</summary>
    public IReadOnlyList<string> Env { get; init; } = [];

    public IReadOnlyList<string> Entrypoint { get; init; } = [];

    public IReadOnlyList<string> Cmd { get; init; } = [];

    /// <summary>Empty when the image does not say.</summary>
    public string WorkingDir { get; init; } = "";

    /// <summary>Empty when the image does not say. See <see cref="ImageUser"/> for its forms.</summary>
    public string User { get; init; } = "";
}
