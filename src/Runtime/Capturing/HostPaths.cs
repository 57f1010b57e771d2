using Microsoft.Win32.SafeHandles;
using Provenance.Runtime.Native;

namespace Provenance.Runtime.Capturing;

/// <summary>Looks up paths of the host name by name, as path_resolution(7) has it, so that every link on the way is seen.</summary>
internal sealed class HostPaths : IDisposable
{
    // path_resolution(7): the kernel's own limit.
    private const int MaxLinks = 40;

    private readonly Dictionary<string, (FileStatus Status, string? Target)?> _known = new(StringComparer.Ordinal);

    /// <summary>The root folder, opened.</summary>
    public SafeFileHandle Root { get; } = Files.OpenFolder("/");

    /// <summary>Every link on the way and, last, what stands at the end; less where a name is not there, or not for us to see.</summary>
    /// <param name="path">Absolute.</param>
    public IReadOnlyList<HostStep> Trace(string path)
    {
        var steps = new List<HostStep>();
        var pending = new Stack<string>(Split(path).Reverse());
        string at = "";
        int links = 0;
        while (pending.TryPop(out string? name))
        {
            if (name == "..")
            {
                at = at.Length == 0 ? "" : at[..at.LastIndexOf('/')];
                continue;
            }

            string here = $"{at}/{name}";
            if (Look(here) is not var (status, target))
            {
                return steps;
            }

            if (target is not null && links++ < MaxLinks)
            {
                steps.Add(new HostStep(here, status, target));
                foreach (string part in Split(target).Reverse())
                {
                    pending.Push(part);
                }

                at = target.StartsWith('/') ? "" : at;
                continue;
            }

            at = here;
            if (pending.Count == 0)
            {
                steps.Add(new HostStep(here, status, target));
            }
        }

        return steps;
    }

    /// <summary>What stands there; a link is not followed. Null when nothing does, or it is not for us to see.</summary>
    /// <param name="path">Absolute, without links before its last name.</param>
    public (FileStatus Status, string? Target)? Look(string path)
    {
        if (_known.TryGetValue(path, out var known))
        {
            return known;
        }

        (FileStatus, string?)? found = null;
        if (Files.TryStatus(Root, path[1..], out var status) == Errno.None)
        {
            found = (status, status.IsLink ? Files.ReadLink(Root, path[1..]) : null);
        }

        return _known[path] = found;
    }

    /// <summary>Looks again from now on.</summary>
    public void Forget(string path) => _known.Remove(path);

    public void Dispose() => Root.Dispose();

    private static IEnumerable<string> Split(string path) =>
        path.Split('/', StringSplitOptions.RemoveEmptyEntries).Where(part => part != ".");
}
