using Provenance.Archive.Catalog;
using Provenance.Archive.Content;
using Provenance.Archive.Lineage;
using Provenance.Archive.Records;

namespace Provenance.Cli;

/// <summary>Where a lineage begins: at a run, or at a content and the run that made it.</summary>
internal sealed record LineageStart
{
    /// <summary>Null when a run was named.</summary>
    public Digest? Content { get; init; }

    /// <summary>As it was typed; what the file's digest is does not say which file was meant.</summary>
    public required string Name { get; init; }

    /// <summary>The run named, or the one that made the content last; null when none did.</summary>
    public Digest? Run { get; init; }

    /// <summary>Other runs that made the same content, the latest first.</summary>
    public IReadOnlyList<Digest> Others { get; init; } = [];

    /// <summary>Tells runs from contents: a record is found by its digits, a file that is here by its bytes.</summary>
    /// <exception cref="RecordNotFoundException">It is neither.</exception>
    /// <exception cref="UsageException">It is another record than a run.</exception>
    public static LineageStart Find(string name, RecordFinder finder)
    {
        string? hex = ContentName.HexOf(name, finder);
        if ((File.Exists(name) ? finder.Find(hex!) : finder.Find(name)) is { } record)
        {
            return OfRecord(name, record);
        }

        var content = ContentOf(name, hex, finder) ?? throw new RecordNotFoundException(name);
        var makers = new LineageFinder(finder, LineageLimits.Default).MakersOf(content);
        return new LineageStart
        {
            Name = name,
            Content = content,
            Run = makers.Count > 0 ? makers[0].Run : null,
            Others = [.. makers.Skip(1).Select(file => file.Run)],
        };
    }

    private static LineageStart OfRecord(string name, RecordRow record) => record.Kind == RecordKind.Run
        ? new LineageStart { Name = name, Run = record.Record }
        : throw new UsageException($"record '{record.Record.Abbreviated}': is no run but {Word(record.Kind)}");

    /// <summary>By a digest of any kind, or by an absolute path in the container, where the file made last counts.</summary>
    private static Digest? ContentOf(string name, string? hex, RecordFinder finder)
    {
        if (hex is not null)
        {
            return Digest.TryParseHex(hex, out var digest) ? digest : finder.FilesByDigest(hex, 1).Select(file => file.Sha256).FirstOrDefault();
        }

        return Path.IsPathRooted(name)
            ? finder.FilesByPath(name).FirstOrDefault(file => file.Role == FileRole.Generated && file.Sha256 is not null)?.Sha256
            : null;
    }

    private static string Word(RecordKind kind) => kind == RecordKind.Replay ? "a replay" : "an image";
}
