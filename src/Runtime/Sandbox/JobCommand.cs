using System.Text.Json;

namespace Provenance.Runtime.Sandbox;

/// <summary>Composes what runs from the image's ENTRYPOINT and CMD and from what was typed, as podman does.</summary>
/// <remarks>Source: podman-run(1), --entrypoint; podman's makeCommand.</remarks>
public static class JobCommand
{
    /// <param name="arguments">What was typed after the image; replaces the image's CMD.</param>
    /// <param name="entrypoint">What --entrypoint says: a program, a JSON array, or empty for none; null keeps the image's.</param>
    /// <exception cref="SandboxException">Nothing is left to run.</exception>
    public static IReadOnlyList<string> Compose(
        ImageDefaults image, IReadOnlyList<string> arguments, string? entrypoint = null)
    {
        var first = entrypoint is null ? image.Entrypoint : ParseEntrypoint(entrypoint);
        // The image's CMD are arguments for the image's own entry point, not for another.
        var rest = arguments.Count == 0 && entrypoint is null ? image.Cmd : arguments;
        List<string> command = [.. first.Count == 1 && first[0].Length == 0 ? [] : first, .. rest];
        return command.Count > 0
            ? command
            : throw new SandboxException("no command: none was given, and the image has neither ENTRYPOINT nor CMD");
    }

    /// <summary>What is no JSON array of strings is the name of a program, as podman takes it.</summary>
    private static IReadOnlyList<string> ParseEntrypoint(string text)
    {
        if (!text.StartsWith('['))
            return [text];
        try
        {
            using var json = JsonDocument.Parse(text);
            return [.. json.RootElement.EnumerateArray().Select(item => item.GetString() ?? "")];
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return [text];
        }
    }
}
