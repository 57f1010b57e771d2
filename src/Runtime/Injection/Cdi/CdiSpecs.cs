namespace Provenance.Runtime.Injection.Cdi;

/// <summary>The specifications of a host: every <c>*.json</c> and <c>*.yaml</c> of their folders.</summary>
internal sealed class CdiSpecs
{
    /// <summary>Most specifications of one folder.</summary>
    private const int MostFiles = 1000;

    private readonly List<(int Priority, string Path, CdiSpec Spec)> _specs = [];
    private readonly List<CdiException> _broken = [];
    private readonly IReadOnlyList<string> _folders;

    private CdiSpecs(IReadOnlyList<string> folders) => _folders = folders;

    /// <param name="folders">What stands in a later one goes before what stands in an earlier.</param>
    public static CdiSpecs Read(IReadOnlyList<string> folders)
    {
        var specs = new CdiSpecs(folders);
        foreach (var (priority, folder) in folders.Index())
        {
            foreach (string path in FilesOf(folder))
            {
                try
                {
                    specs._specs.Add((priority, path, CdiReader.Read(path)));
                }
                catch (CdiException e)
                {
                    // It may describe what nobody asks for: only when a device is missing is it told.
                    specs._broken.Add(e);
                }
            }
        }

        return specs;
    }

    /// <param name="name"><c>vendor/class=name</c>.</param>
    /// <exception cref="CdiException">It is in no specification, or in two of the same folder.</exception>
    public FoundDevice Find(string name)
    {
        string[] parts = name.Split('=');
        if (parts.Length != 2 || !parts[0].Contains('/', StringComparison.Ordinal))
        {
            throw new CdiException(name, "is not VENDOR/CLASS=NAME");
        }

        var found =
            from candidate in _specs
            where candidate.Spec.Kind == parts[0]
            from device in candidate.Spec.Devices
            where device.Name == parts[1]
            orderby candidate.Priority descending
            select (candidate.Priority, Found: new FoundDevice(candidate.Path, candidate.Spec, device));
        return found.ToArray() switch
        {
            [] => throw NotFound(name, parts[0]),
            [var first, var second, ..] when first.Priority == second.Priority => throw new CdiException(
                name, $"is described in '{first.Found.Path}' and in '{second.Found.Path}'"),
            [var first, ..] => first.Found,
        };
    }

    private CdiException NotFound(string name, string kind)
    {
        if (_broken.Count > 0)
        {
            return new CdiException(name, $"is in no specification that can be read: {_broken[0].Message}", _broken[0]);
        }

        string[] known =
        [
            .. _specs.Where(candidate => candidate.Spec.Kind == kind).SelectMany(candidate => candidate.Spec.Devices)
                .Select(device => device.Name).Distinct(),
        ];
        string folders = string.Join(" and ", _folders);
        return known.Length == 0
            ? new CdiException(name, $"no specification of '{kind}' is in {folders}")
            : new CdiException(name, $"the specifications in {folders} have of '{kind}' only {string.Join(", ", known)}");
    }

    private static string[] FilesOf(string folder)
    {
        try
        {
            return
            [
                .. Directory.EnumerateFiles(folder)
                    .Where(path => Path.GetExtension(path) is ".json" or ".yaml")
                    .Order(StringComparer.Ordinal).Take(MostFiles),
            ];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
