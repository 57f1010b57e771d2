using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Provenance.Archive.Content;

namespace Provenance.Runtime.Analysis;

/// <summary>Results by the digest of what they were made from, so that a file is looked into once. What cannot be kept is made again.</summary>
/// <param name="folder">Null for nowhere.</param>
internal sealed class AnalysisCache(string? folder)
{
    private const int LargestResult = 4 << 20;

    internal T? Find<T>(Digest key, JsonTypeInfo<T> type)
        where T : class => Read(key) is { } content ? Parse(content, type) : null;

    /// <summary>The bytes as they were put; null when there are none.</summary>
    internal byte[]? Read(Digest key)
    {
        try
        {
            return folder is not null && new FileInfo(PathOf(key)) is { Exists: true, Length: <= LargestResult } file
                ? File.ReadAllBytes(file.FullName)
                : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    internal void Put<T>(Digest key, T value, JsonTypeInfo<T> type)
        where T : class => Write(key, JsonSerializer.SerializeToUtf8Bytes(value, type));

    /// <summary>Under its final name at once, and not made durable: a result that a crash takes is made again.</summary>
    internal void Write(Digest key, byte[] content)
    {
        if (folder is null || content.Length > LargestResult)
        {
            return;
        }

        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(PathOf(key))!);
            string temporary = $"{PathOf(key)}.{Environment.ProcessId}.{Environment.CurrentManagedThreadId}";
            using (var file = File.OpenHandle(temporary, FileMode.Create, System.IO.FileAccess.Write))
            {
                RandomAccess.Write(file, content, 0);
            }

            File.Move(temporary, PathOf(key), overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A full or foreign disk costs time, and nothing else.
        }
    }

    private string PathOf(Digest key) => Path.Combine(folder!, key.Hex[..2], key.Hex);

    private static T? Parse<T>(byte[] content, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(content, type);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
