using Provenance.Archive.Records;
using Provenance.Runtime.Analysis;
using Provenance.Runtime.Binaries;
using Provenance.Runtime.Observing;
using Provenance.Runtime.Rootfs;
using FileAccess = Provenance.Runtime.Observing.FileAccess;

namespace Provenance.Runtime.Recording;

/// <summary>Finds the code for NVIDIA GPUs in what a job started, loaded and opened. Only headers are read.</summary>
internal sealed class JobGpuCode
{
    private const int MostFiles = 4000;

    private static readonly string[] Modules = [".fatbin", ".cubin", ".ptx"];

    private readonly ContainerFiles? _files;
    private readonly HashSet<string> _ofDriver;
    private readonly HashSet<string> _paths = new(StringComparer.Ordinal);

    public JobGpuCode(RootfsStore rootfs, RecorderPlan plan)
    {
        string? root = plan.Image is null ? "/" : rootfs.Find(plan.Image.Tree);
        _files = root is null ? null : new ContainerFiles(root, plan.Mounts, plan.Injected);
        // The driver's own libraries are the host's, and fit its GPU.
        _ofDriver = plan.Injected.Where(file => file.Reason is "gpu" or "device").Select(file => file.ContainerPath).ToHashSet(StringComparer.Ordinal);
    }

    public void Observe(ObservedEvent observed)
    {
        if (_paths.Count < MostFiles && observed is FileTouched { Before: not null } touched
            && (touched.Access.HasFlag(FileAccess.Execute) || (touched.Access == FileAccess.Read && IsModule(touched.Path))))
        {
            _paths.Add(touched.Path);
        }
    }

    /// <summary>In order of the path; null for none.</summary>
    public IReadOnlyList<GpuCode>? Find()
    {
        if (_files is null)
        {
            return null;
        }

        var resolved = _paths.Select(_files.Resolve).OfType<string>().Where(path => !_ofDriver.Contains(path)).Distinct().Order(StringComparer.Ordinal);
        GpuCode[] found = [.. resolved.Select(path => FatBinary.TryFind(_files.HostPath(path), path)).OfType<GpuCode>()];
        return found.Length == 0 ? null : found;
    }

    private static bool IsModule(string path) =>
        LibraryPlaces.IsLibraryName(path) || Modules.Any(ending => path.EndsWith(ending, StringComparison.Ordinal));
}
