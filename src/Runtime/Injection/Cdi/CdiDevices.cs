using Provenance.Runtime.Sandbox;

namespace Provenance.Runtime.Injection.Cdi;

/// <summary>Turns the specifications of the devices that are asked for into parts of a container.</summary>
/// <param name="root">Below which the host's files are; empty for the host's root.</param>
/// <param name="environment">Set as the specifications say.</param>
internal sealed class CdiDevices(string root, EnvironmentEdits environment)
{
    private const string Reason = "device";

    private readonly DeviceParts _parts = new();
    private readonly List<(string Spec, string Path)> _gone = [];

    /// <param name="names"><c>vendor/class=name</c> each.</param>
    /// <param name="specs">Where they are described.</param>
    /// <exception cref="CdiException">One is not described, or its description is broken.</exception>
    public DeviceParts Gather(IReadOnlyList<string> names, CdiSpecs specs)
    {
        var begun = new HashSet<string>(StringComparer.Ordinal);
        foreach (string name in names)
        {
            var found = specs.Find(name);
            // SPEC.md, "OCI Edits": those of the specification are made when any of its devices is asked for.
            if (begun.Add(found.Path))
            {
                Apply(found.Spec.ContainerEdits, found.Path);
            }

            Apply(found.Device.ContainerEdits, found.Path);
        }

        foreach (var stale in _gone.GroupBy(gone => gone.Spec, gone => gone.Path))
        {
            string[] paths = [.. stale.Distinct()];
            string driver = NvidiaDriver.ReadVersion(root) is { } version ? $"; the NVIDIA driver that is loaded is {version}" : "";
            _parts.Findings.Add(InjectionFinding.Refuse(
                "INJ-11",
                $"'{stale.Key}' names {InjectionFinding.Names(paths)}, which this host does not have{driver}",
                paths,
                "make the specification again, for NVIDIA's with 'nvidia-ctk cdi generate'",
                canForce: false));
        }

        return _parts;
    }

    private void Apply(CdiEdits? edits, string spec)
    {
        foreach (string variable in edits?.Env ?? [])
        {
            int equals = variable.IndexOf('=', StringComparison.Ordinal);
            environment.Set(new EnvironmentEntry(variable[..equals], variable[(equals + 1)..]));
        }

        foreach (var node in edits?.DeviceNodes ?? [])
        {
            string source = root + (node.HostPath ?? node.Path);
            if (Exists(source, spec))
            {
                _parts.AddPlace("device", source, node.Path, readOnly: false, Reason);
            }
        }

        foreach (var mount in edits?.Mounts ?? [])
        {
            Apply(mount, spec);
        }

        foreach (var hook in edits?.Hooks ?? [])
        {
            Apply(hook, spec);
        }

        TellOfTheRest(edits, spec);
    }

    private void Apply(CdiMount mount, string spec)
    {
        if (mount.Type is "tmpfs" or "proc" or "sysfs")
        {
            _parts.Findings.Add(InjectionFinding.Refuse(
                "CDI-1", $"'{spec}' mounts a {mount.Type} at {mount.ContainerPath}, which is not done here", [mount.ContainerPath], canForce: true));
            return;
        }

        string source = root + mount.HostPath;
        if (!Exists(source, spec))
        {
            return;
        }

        bool readOnly = mount.Options?.Contains("ro") == true;
        if (Directory.Exists(source))
        {
            _parts.AddPlace("folder", source, mount.ContainerPath, readOnly, Reason);
        }
        else if (FileStatus.Look(Resolve(source)).Kind == FileKind.Special)
        {
            string kind = source.StartsWith($"{root}/dev/", StringComparison.Ordinal) ? "device" : "socket";
            _parts.AddPlace(kind, source, mount.ContainerPath, readOnly && kind == "socket", Reason);
        }
        else if (ElfObject.TryRead(source, source, isFromHost: true) is { File.Soname: not null } library)
        {
            _parts.Libraries.Add(new HostLibrary
            {
                Object = library,
                Reason = Reason,
                Names = [.. new[] { library.Name, Path.GetFileName(mount.ContainerPath) }.Distinct()],
                Destination = mount.ContainerPath,
                IsOptional = library.Name != "libcuda.so.1",
            });
        }
        else
        {
            _parts.Files.Add(new PlannedFile { HostPath = source, ContainerPath = mount.ContainerPath, Reason = Reason });
        }
    }

    private void Apply(CdiHook hook, string spec)
    {
        var action = CdiHookAction.Of(hook);
        if (!action.IsKnown)
        {
            string command = $"{hook.Path} {string.Join(' ', (hook.Args ?? []).Skip(1))}";
            _parts.Findings.Add(action.IsNewerOfNvidia
                ? InjectionFinding.Warn("CDI-2", $"'{spec}' wants '{command}' to be run ({hook.HookName}), which is not known and is left out", [hook.Path])
                : InjectionFinding.Refuse(
                    "CDI-2",
                    $"'{spec}' wants '{command}' to be run ({hook.HookName}), of which it is not known what it does",
                    [hook.Path],
                    "with --force the device is given without it"));
            return;
        }

        foreach (var (target, link) in action.Links)
        {
            _parts.AddLink(link, target, Reason);
        }

        foreach (string folder in action.Folders)
        {
            AddSonameLinks(folder);
            _parts.LibraryFolders.Add(folder);
        }
    }

    /// <summary>As ldconfig(8): a library's SONAME leads to its file.</summary>
    private void AddSonameLinks(string folder)
    {
        foreach (var library in _parts.Libraries.Where(library => Path.GetDirectoryName(library.Destination) == folder))
        {
            string file = Path.GetFileName(library.Destination!);
            if (library.Object.Name != file)
            {
                _parts.AddLink($"{folder}/{library.Object.Name}", file, Reason);
            }
        }
    }

    private void TellOfTheRest(CdiEdits? edits, string spec)
    {
        if (edits?.NetDevices is { Count: > 0 })
        {
            _parts.Findings.Add(InjectionFinding.Refuse("CDI-3", $"'{spec}' moves network interfaces into the container, which is not done here", []));
        }

        if (edits?.IntelRdt is not null)
        {
            _parts.Findings.Add(InjectionFinding.Warn("CDI-3", $"'{spec}' sets shares of cache and memory bandwidth (intelRdt), which is left out", []));
        }

        if (edits?.AdditionalGids?.Where(group => group != 0).ToArray() is { Length: > 0 } groups)
        {
            _parts.Findings.Add(InjectionFinding.Warn(
                "CDI-3",
                $"'{spec}' wants the job in the groups {string.Join(", ", groups)}; it has those of its caller and no others",
                groups.Select(group => $"{group}")));
        }
    }

    private bool Exists(string source, string spec)
    {
        if (Path.Exists(source))
        {
            return true;
        }

        _gone.Add((spec, source));
        return false;
    }

    private static string Resolve(string path) => File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path;
}
