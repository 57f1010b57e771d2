using System.Net;
using System.Text.Json;

namespace Provenance.Archive.Distribution;

/// <summary>A registry's refusal in words.</summary>
internal static class RegistryAnswer
{
    /// <summary>Of a body that tells what is wrong.</summary>
    public const int MaxBytes = 1 << 16;

    private const int MaxWords = 300;

    /// <param name="response">The answer.</param>
    /// <param name="read">Its body, bounded.</param>
    public static string Describe(HttpResponseMessage response, Func<byte[]> read)
    {
        string words = Words(response, read);
        return response.StatusCode switch
        {
            HttpStatusCode.NotFound => $"there is none{words}",
            HttpStatusCode.Unauthorized => $"wants a login{words}",
            HttpStatusCode.Forbidden => $"is denied{words}",
            _ => $"answers with HTTP status {(int)response.StatusCode}{words}",
        };
    }

    /// <summary>Source: OCI distribution-spec v1.1.1, "Error codes". A stranger's words: shortened, and on one line.</summary>
    private static string Words(HttpResponseMessage response, Func<byte[]> read)
    {
        if (response.Content.Headers.ContentType?.MediaType != "application/json")
        {
            return "";
        }

        try
        {
            var errors = JsonElement.Parse(read()).GetProperty("errors").EnumerateArray().Take(3).Select(error =>
                $"{Text(error, "code")} {Text(error, "message")}".Trim());
            string words = string.Join("; ", errors).ReplaceLineEndings(" ");
            return words.Length == 0 ? "" : $": {(words.Length > MaxWords ? words[..MaxWords] + "…" : words)}";
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or ArchiveException or IOException)
        {
            return "";
        }
    }

    private static string? Text(JsonElement error, string name) =>
        error.TryGetProperty(name, out var member) && member.ValueKind == JsonValueKind.String ? member.GetString() : null;
}
