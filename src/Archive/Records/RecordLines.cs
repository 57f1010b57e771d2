using System.Text.Json.Serialization.Metadata;
using Provenance.Archive.Images;
using Provenance.Archive.Upkeep;

namespace Provenance.Archive.Records;

/// <summary>The lists too long for a record: one canonical JSON object a line, each line ended by a single line feed.</summary>
public static class RecordLines
{
    /// <summary>A longer line is refused, in bytes. A path has at most 4096 bytes, extended attributes 64 KiB each.</summary>
    public const int MaxLineBytes = 1 << 20;

    private static RecordJsonContext Context => RecordJsonContext.Default;

    /// <summary>The line with its line feed.</summary>
    public static byte[] Serialize(TreeEntry entry) => Line(entry, Context.TreeEntry);

    /// <summary>The line with its line feed.</summary>
    public static byte[] Serialize(UsedFile file) => Line(file, Context.UsedFile);

    /// <summary>The line with its line feed.</summary>
    public static byte[] Serialize(GeneratedFile file) => Line(file, Context.GeneratedFile);

    /// <summary>The line with its line feed.</summary>
    public static byte[] Serialize(SoughtPath path) => Line(path, Context.SoughtPath);

    /// <summary>The line with its line feed.</summary>
    public static byte[] Serialize(ExecutedProgram program) => Line(program, Context.ExecutedProgram);

    /// <summary>The line with its line feed.</summary>
    public static byte[] Serialize(DroppedBlob blob) => Line(blob, Context.DroppedBlob);

    /// <summary>The line with its line feed.</summary>
    public static byte[] Serialize(OwningPackage package) => Line(package, Context.OwningPackage);

    /// <summary>The line with its line feed.</summary>
    public static byte[] Serialize(ImagePackage package) => Line(package, Context.ImagePackage);

    /// <summary>All lines, in the order given.</summary>
    public static byte[] Serialize(IEnumerable<UsedFile> files) => Lines(files, Context.UsedFile);

    /// <summary>All lines, in the order given.</summary>
    public static byte[] Serialize(IEnumerable<GeneratedFile> files) => Lines(files, Context.GeneratedFile);

    /// <summary>Reads as it is enumerated. The stream stays open and is read to its end, so that a verifying one proves itself.</summary>
    /// <exception cref="RecordFormatException">A line is not what we would have written.</exception>
    public static IEnumerable<TreeEntry> ReadTree(Stream lines) => Read(lines, Context.TreeEntry, "tree manifest");

    /// <inheritdoc cref="ReadTree"/>
    public static IEnumerable<UsedFile> ReadUsed(Stream lines) => Read(lines, Context.UsedFile, "list of used files");

    /// <inheritdoc cref="ReadTree"/>
    public static IEnumerable<GeneratedFile> ReadGenerated(Stream lines) =>
        Read(lines, Context.GeneratedFile, "list of generated files");

    /// <inheritdoc cref="ReadTree"/>
    public static IEnumerable<DroppedBlob> ReadDropped(Stream lines) =>
        Read(lines, Context.DroppedBlob, "list of dropped blobs");

    /// <inheritdoc cref="ReadTree"/>
    public static IEnumerable<SoughtPath> ReadSought(Stream lines) => Read(lines, Context.SoughtPath, "list of sought paths");

    /// <inheritdoc cref="ReadTree"/>
    public static IEnumerable<ExecutedProgram> ReadExecuted(Stream lines) =>
        Read(lines, Context.ExecutedProgram, "list of executed programs");

    /// <inheritdoc cref="ReadTree"/>
    public static IEnumerable<OwningPackage> ReadPackages(Stream lines) => Read(lines, Context.OwningPackage, "list of packages");

    /// <inheritdoc cref="ReadTree"/>
    public static IEnumerable<ImagePackage> ReadImagePackages(Stream lines) => Read(lines, Context.ImagePackage, "list of an image's packages");

    /// <summary>The lines as they stand, each good until the next is asked for.</summary>
    /// <exception cref="RecordFormatException">A line is too long, or the last one has no line feed.</exception>
    public static IEnumerable<ReadOnlyMemory<byte>> Split(Stream lines, string what)
    {
        var reader = new LineReader(lines, MaxLineBytes, what);
        while (reader.Next() is { } line)
        {
            yield return line;
        }
    }

    private static byte[] Line<T>(T value, JsonTypeInfo<T> type) => [.. RecordJson.Write(value, type), (byte)'\n'];

    private static byte[] Lines<T>(IEnumerable<T> values, JsonTypeInfo<T> type)
    {
        using var lines = new MemoryStream();
        foreach (var value in values)
        {
            lines.Write(Line(value, type));
        }

        return lines.ToArray();
    }

    private static IEnumerable<T> Read<T>(Stream lines, JsonTypeInfo<T> type, string what)
    {
        var reader = new LineReader(lines, MaxLineBytes, what);
        for (int number = 1; reader.Next() is { } line; number++)
        {
            yield return RecordJson.Read(line.Span, type, $"{what}, line {number}");
        }
    }
}
