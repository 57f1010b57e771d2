using System.Text.Json.Serialization;

namespace Provenance.Web.Registry;

/// <summary>What clients of registries are handed to go on with. Source: Docker Registry v2 token authentication.</summary>
/// <param name="Token">To be sent as Bearer.</param>
/// <param name="AccessToken">The same, as OAuth 2.0 (RFC 6749 §5.1) calls it.</param>
/// <param name="ExpiresIn">In seconds: for so long it need not be asked for again.</param>
internal sealed record TokenAnswer(
    string Token, [property: JsonPropertyName("access_token")] string AccessToken, [property: JsonPropertyName("expires_in")] int ExpiresIn);
