using Provenance.Archive.Records;
using Provenance.Runtime.Native;

namespace Provenance.Runtime.Recording;

/// <summary>Files of a run that had several names (hard links): a replay lays each out once, and gives it the others.</summary>
internal sealed class SharedNames
{
    /// <summary>By the first name: the input that the content is best taken from. Under some names nobody may have looked into it.</summary>
    private readonly Dictionary<string, LocatedInput> _contents = new(StringComparer.Ordinal);

    /// <summary>By the first name: where it is laid out.</summary>
    private readonly Dictionary<string, string> _places = new(StringComparer.Ordinal);

    /// <param name="used">What the run found.</param>
    /// <param name="inputs">Those of it that were found again, by path.</param>
    public SharedNames(IReadOnlyList<UsedFile> used, IReadOnlyDictionary<string, LocatedInput> inputs)
    {
        foreach (var file in used.Where(file => file.LinkedTo is not null))
        {
            if (inputs.TryGetValue(file.Path, out var input) && inputs.TryGetValue(file.LinkedTo!, out var first) && IsOneFile(first, input))
            {
                var best = _contents.GetValueOrDefault(file.LinkedTo!, first);
                _contents[file.LinkedTo!] = best.File.Use == FileUse.Present && input.File.Use != FileUse.Present ? input : best;
            }
        }
    }

    /// <summary>Whether its very file stands there already.</summary>
    public bool IsLaidOutAt(LocatedInput input, string path) => _places.GetValueOrDefault(FirstOf(input)) == path;

    /// <summary>Where its content is to be taken from: from itself, as a rule.</summary>
    public LocatedInput ContentOf(LocatedInput input) =>
        _contents.TryGetValue(FirstOf(input), out var content) && IsOneFile(content, input) ? content : input;

    /// <summary>Tells where a file was laid out.</summary>
    public void Add(LocatedInput input, string path)
    {
        if (_contents.ContainsKey(FirstOf(input)))
        {
            _places.TryAdd(FirstOf(input), path);
        }
    }

    /// <summary>Gives what is laid out a further name.</summary>
    /// <returns>False when it is to be laid out.</returns>
    /// <exception cref="SyscallException">The name is taken.</exception>
    public bool TryLink(LocatedInput input, string path)
    {
        string first = FirstOf(input);
        if (!_places.TryGetValue(first, out string? place) || !IsOneFile(_contents[first], input))
        {
            return false;
        }

        using var from = Files.OpenFolder(Path.GetDirectoryName(place)!);
        using var to = Files.OpenFolder(Path.GetDirectoryName(path)!);
        Files.Link(from, Path.GetFileName(place), to, Path.GetFileName(path));
        return true;
    }

    private static string FirstOf(LocatedInput input) => input.File.LinkedTo ?? input.File.Path;

    /// <summary>Not what a chain has made anew, and not what was another file by the time it was read.</summary>
    private static bool IsOneFile(LocatedInput one, LocatedInput other) => !one.IsFed && !other.IsFed
        && one.File.Size == other.File.Size && one.File.Mode == other.File.Mode
        && (one.File.Digest is not { } then || other.File.Digest is not { } now || then == now);
}
