using Provenance.Archive.Compatibility;
using Provenance.Archive.Records;
using Provenance.Runtime.Binaries;
using Provenance.Runtime.Injection.Cdi;
using Provenance.Runtime.Recording;
using Provenance.Runtime.Sandbox;

namespace Provenance.Runtime.Injection;

/// <summary>Decides what of the host goes where in a container, and asks every rule before anything starts.</summary>
/// <remarks>
/// 1 look at the files the job will see · 2 find its programs and what they load · 3 find what is wanted on the host · 4 find what must
/// come along · 5 ask the rules · 6 put each over the image's own, or into a folder of ours that the dynamic linker is told of.
/// </remarks>
public sealed class InjectionPlanner
{
    /// <summary>Where libraries go that the image has none of: in a tmpfs that every container has.</summary>
    internal const string LibraryFolder = "/run/prov/lib";

    /// <summary>Where a driver's programs go.</summary>
    internal const string ProgramFolder = "/run/prov/bin";

    private readonly ContainerSpec _spec;
    private readonly InjectionRequest _request;
    private readonly ContainerView _view;
    private readonly string _workingDirectory;
    private readonly ContainerView _hostView = new();
    private readonly LibrarySearch _image;
    private readonly LibrarySearch _host;
    private readonly List<Finding> _findings = [];
    private readonly List<PlannedFile> _files = [];
    private readonly List<InjectedPlace> _places = [];
    private readonly EnvironmentEdits _environment;
    private readonly LoaderCache _hostCache;
    private IReadOnlyList<GpuProfile> _gpus = [];

    private InjectionPlanner(ContainerSpec spec, InjectionRequest request)
    {
        (_spec, _request) = (spec, request);
        var tree = new HostTree();
        var mounts = MountPlan.Compute(spec, HostFacts.Read(spec), tree);
        (_view, _workingDirectory) = (mounts.View, mounts.WorkingDirectory);
        _hostView.Mount(new TreeLayer("/", LayerPurpose.Data, tree, request.HostRoot.TrimEnd('/')));
        _environment = new EnvironmentEdits(spec.Environment);
        string? cache = Locate(_view, "/etc/ld.so.cache");
        _image = new LibrarySearch(
            path => Locate(_view, path), cache is null ? LoaderCache.Empty : LoaderCache.Read(cache), _environment.Folders("LD_LIBRARY_PATH"), isHost: false);
        _hostCache = LoaderCache.Read(Root + "/etc/ld.so.cache");
        _host = new LibrarySearch(
            path => Locate(_hostView, path), _hostCache, HostMpi.Folders(request.Environment), isHost: true);
    }

    /// <summary>Empty for the host's root.</summary>
    private string Root => _request.HostRoot.TrimEnd('/');

    /// <exception cref="CommandException">The job's program is not there.</exception>
    /// <exception cref="InjectionRefusedException">It does not fit, and was not forced.</exception>
    /// <exception cref="RuntimeException">Something that is asked for is not there.</exception>
    public static InjectionPlan Plan(ContainerSpec spec, InjectionRequest request) =>
        request.IsEmpty ? InjectionPlan.None : new InjectionPlanner(spec, request).Plan();

    /// <summary>The job with everything put in.</summary>
    /// <inheritdoc cref="Plan(ContainerSpec, InjectionRequest)" path="/exception"/>
    public static JobPlan Apply(JobPlan job, InjectionRequest request)
    {
        var plan = Plan(job.Spec, request);
        return job with { Spec = plan.ApplyTo(job.Spec), Injection = plan };
    }

    /// <summary>Of a job that nothing is put into: whether its MPI learns of the launcher that started us. Nothing where none did.</summary>
    public static IReadOnlyList<Finding> CheckLaunch(ContainerSpec spec, IReadOnlyList<EnvironmentEntry> callers)
    {
        var launcher = MpiLauncher.Of(callers);
        if (!launcher.IsThere || HostMpi.LauncherVariables(spec.Environment).Any())
        {
            return [];
        }

        var planner = new InjectionPlanner(spec, new InjectionRequest());
        var programs = new JobPrograms(planner._view, planner._workingDirectory, spec.Environment, planner._image).Find(spec.Argv);
        return [.. launcher.CheckUntold(LoadSet.Of(programs, [], planner._image, new Dictionary<string, HostLibrary>()))];
    }

    private InjectionPlan Plan()
    {
        // :: Step 2
        var programs = new JobPrograms(_view, _workingDirectory, _spec.Environment, _image).Find(_spec.Argv);
        ElfObject[] opened = [.. _request.Opened.Select(_image.Read).OfType<ElfObject>().Where(found => programs.All(program => found.IsLike(program.File)))];
        var before = LoadSet.Of(programs, opened, _image, new Dictionary<string, HostLibrary>());

        // :: Step 3
        List<HostLibrary> wanted = [.. GivenFiles(), .. Mpi(programs, before)];
        DeviceParts[] devices = [.. Devices()];
        wanted.AddRange(devices.SelectMany(parts => parts.Libraries));
        RefuseStatic(programs, wanted);

        // :: Steps 4 and 5
        var solver = new InjectionSolver(programs, opened, _image, _host, Root);
        var after = solver.Solve(wanted);
        _findings.AddRange(new InjectionCheck(programs, before, after, solver, Importers(wanted, after), _host).Check());
        _findings.AddRange(MpiLauncher.Of(_request.Environment).Check(after, solver.PlugIns));
        _findings.AddRange(GpuCodeRules.Find(GpuCodeOf(after), _gpus));

        // :: Step 6
        foreach (var library in solver.Given.Values.Concat(wanted).Distinct().Where(library => !library.IsPlugIn))
        {
            Place(library, before, after);
        }

        foreach (var folder in solver.PlugIns)
        {
            Place(folder);
        }

        foreach (var parts in devices)
        {
            Place(parts);
        }

        if (_files.Exists(file => Path.GetDirectoryName(file.ContainerPath) == LibraryFolder))
        {
            _environment.Prepend("LD_LIBRARY_PATH", LibraryFolder);
        }

        if (_files.Exists(file => Path.GetDirectoryName(file.ContainerPath) == ProgramFolder))
        {
            _environment.Append("PATH", ProgramFolder);
        }

        return new InjectionPlan
        {
            Options = _request.ToOptions(),
            Files = [.. _files.OrderBy(file => file.ContainerPath, StringComparer.Ordinal)],
            Places = [.. _places.OrderBy(place => place.ContainerPath, StringComparer.Ordinal)],
            Environment = _environment.Changed,
            ImageVersions = ImageVersions(after),
            Findings = _findings,
            Forced = Forced(),
        };
    }

    /// <exception cref="InjectionRefusedException">A rule refuses, and was not or cannot be forced.</exception>
    private string[] Forced()
    {
        var refused = _findings.Where(finding => finding.Verdict == Verdict.Refuse).ToArray();
        return refused.Length == 0 || (_request.Force && Array.TrueForAll(refused, finding => finding.CanForce))
            ? [.. refused.Select(finding => finding.Rule).Distinct().Order(StringComparer.Ordinal)]
            : throw new InjectionRefusedException(_findings);
    }

    private IEnumerable<HostLibrary> GivenFiles()
    {
        foreach (var file in _request.Files)
        {
            if (!File.Exists(file.Source))
            {
                throw new InjectionException(file.Source, "no such file on this host");
            }

            var found = ElfObject.TryRead(file.Source, file.Source, isFromHost: true);
            if (found?.File.Soname is not null)
            {
                string[] names = [found.Name, .. file.Destination is null ? [] : new[] { Path.GetFileName(file.Destination) }];
                yield return new HostLibrary { Object = found, Reason = "inject", Names = [.. names.Distinct()], Destination = file.Destination };
            }
            else if (file.Destination is { } destination)
            {
                Add(new PlannedFile { HostPath = file.Source, ContainerPath = destination, Reason = "inject" });
            }
            else
            {
                throw new InjectionException(file.Source, "is no shared library with a name of its own, so it must be said where it goes");
            }
        }
    }

    private IEnumerable<DeviceParts> Devices()
    {
        if (_request.Devices.Count > 0)
        {
            yield return new CdiDevices(Root, _environment).Gather(_request.Devices, CdiSpecs.Read(_request.CdiFolders));
        }

        if (_request.Gpu)
        {
            var gpus = new HostGpus(Root, _host, _hostCache, _environment);
            yield return gpus.Gather(
                [.. _spec.Environment.Select(entry => (entry.Name, entry.Value))], Locate(_view, $"{HostGpus.NewerLibraryFolder}/libcuda.so.1"));
            _gpus = gpus.Gpus;
        }
    }

    /// <summary>No library can be put into a program that loads none; what is only a device can be given to it.</summary>
    private void RefuseStatic(IReadOnlyList<ElfObject> programs, List<HostLibrary> wanted)
    {
        string[] names =
        [
            .. wanted.Select(library => library.Object.Name),
            .. _request.HostMpi && wanted.TrueForAll(library => library.Reason != "mpi") ? ["the MPI library"] : Array.Empty<string>(),
        ];
        // What a shell starts may load libraries although the shell does not.
        foreach (var program in programs.Where(program => program.File.IsStatic && names.Length > 0))
        {
            if (JobPrograms.StartsOthers(program))
            {
                if (programs.All(other => other.File.IsStatic))
                {
                    _findings.Add(InjectionFinding.Warn(
                        "INJ-1",
                        $"'{program.Path}' is statically linked: {InjectionFinding.Names(names)} of this host can be used only by what it starts",
                        names));
                }

                continue;
            }

            _findings.Add(InjectionFinding.Refuse(
                "INJ-1",
                $"'{program.Path}' is statically linked: {InjectionFinding.Names(names)} of this host cannot be put into it",
                names,
                "run a program that is linked dynamically"));
        }
    }

    /// <summary>Of what is loaded at the start; a module that is opened later is known from an earlier run's record alone.</summary>
    private GpuCode[] GpuCodeOf(LoadSet set) => _gpus.Count == 0
        ? []
        : [.. set.Objects.Where(found => !found.IsFromHost).Select(found => FatBinary.TryFind(found.HostPath, found.Path)).OfType<GpuCode>()];

    private IReadOnlyList<HostLibrary> Mpi(IReadOnlyList<ElfObject> programs, LoadSet before)
    {
        if (!_request.HostMpi || (programs.Count > 0 && programs.All(program => program.File.IsStatic && !JobPrograms.StartsOthers(program))))
        {
            return [];
        }

        var mpi = new HostMpi(_image, _host, before);
        var found = mpi.Find();
        _findings.AddRange(mpi.Findings);
        foreach (var entry in HostMpi.LauncherVariables(_request.Environment))
        {
            _environment.SetDefault(entry);
        }

        AddLauncher(MpiLauncher.Of(_request.Environment), found);

        return found;
    }

    private void AddLauncher(MpiLauncher launcher, IReadOnlyList<HostLibrary> found)
    {
        if (launcher.SharedFolder is { } folder)
        {
            _places.Add(new InjectedPlace { Kind = "folder", HostPath = folder, ContainerPath = folder, ReadOnly = false, Reason = "mpi" });
        }

        // A single process of Open MPI 4 would start orted, the host's, to be the launcher of its children; this tells it that it has none.
        if (!launcher.IsThere && found.Any(library => MpiFamily.IsOpenMpiLibrary(library.Object)))
        {
            _environment.SetDefault(new EnvironmentEntry("OMPI_MCA_ess_singleton_isolated", "1"));
        }
    }

    private void Place(HostLibrary library, LoadSet before, LoadSet after)
    {
        var file = new PlannedFile
        {
            HostPath = library.Object.HostPath,
            ContainerPath = library.Destination ?? "",
            Reason = library.Reason,
            SymbolsUsed = SymbolsUsed(library, after),
        };
        if (library.Destination is not null)
        {
            Add(file);
        }

        var copies = library.Names.SelectMany(name => LoadSet.Copies(before, _image, name)).DistinctBy(copy => copy.HostPath).ToArray();
        foreach (var copy in copies)
        {
            string path = _view.Resolve(copy.Path).Path;
            if (path == library.Destination)
            {
                continue;
            }

            Add(file with
            {
                ContainerPath = path,
                Replaces = new ReplacedFile { Path = path, Soname = copy.File.Soname, BuildId = copy.File.BuildId },
            });
        }

        var asked = after.Links.Where(link => link.Found == library.Object).Select(link => Path.GetFileName(link.Name)).Append(library.Object.Name);
        foreach (string name in copies.Length > 0 || library.Destination is not null ? [] : asked.Distinct())
        {
            Add(file with { ContainerPath = $"{LibraryFolder}/{name}" });
        }
    }

    /// <summary>Looked for only where something of the image is replaced: of what it has not, its own libraries ask nothing.</summary>
    private IReadOnlyList<ElfObject> Importers(List<HostLibrary> wanted, LoadSet after)
    {
        var names = wanted.Where(library => library.Reason is "mpi" or "inject").SelectMany(library => library.Names).ToHashSet(StringComparer.Ordinal);
        return names.Count == 0 || _spec.Rootfs == ContainerSpec.HostRoot ? [] : new ImageImporters(_spec.Rootfs, _image).Find(names, after.Objects);
    }

    private void Place(PlugInFolder folder)
    {
        _places.Add(new InjectedPlace
        {
            Kind = "folder",
            HostPath = folder.HostPath,
            ContainerPath = folder.Path,
            ReadOnly = true,
            Reason = folder.Reason,
        });
        if (folder.Variable is { } variable)
        {
            _environment.SetDefault(new EnvironmentEntry(variable, folder.Path));
        }
    }

    private void Place(DeviceParts parts)
    {
        _findings.AddRange(parts.Findings);
        foreach (var file in parts.Files)
        {
            Add(file);
        }

        for (int i = 0; i < _files.Count; i++)
        {
            if (parts.DriverVersions.TryGetValue(_files[i].HostPath, out string? version))
            {
                _files[i] = _files[i] with { DriverVersion = version };
            }
        }

        _places.AddRange(parts.Places.Where(place => _places.TrueForAll(other => other.ContainerPath != place.ContainerPath)
            && _files.TrueForAll(file => file.ContainerPath != place.ContainerPath)));
        foreach (string folder in parts.LibraryFolders.Distinct())
        {
            _environment.Append("LD_LIBRARY_PATH", folder);
        }
    }

    /// <exception cref="InjectionException">The file cannot be read: the record must say which it was.</exception>
    private void Add(PlannedFile file)
    {
        try
        {
            using var readable = File.OpenHandle(file.HostPath);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InjectionException(file.HostPath, "cannot be read");
        }

        if (_files.All(other => other.ContainerPath != file.ContainerPath))
        {
            _files.Add(file);
        }
    }

    private static string[] SymbolsUsed(HostLibrary library, LoadSet after) =>
    [
        .. after.Links.Where(link => link.Found == library.Object && !link.By.IsFromHost)
            .SelectMany(link => link.By.Wishes.Where(library.Object.Exports.Contains))
            .Distinct().Order(StringComparer.Ordinal),
    ];

    private static string[] ImageVersions(LoadSet after) =>
    [
        .. after.Links.Where(link => link.By.IsFromHost && !link.Found.IsFromHost)
            .SelectMany(link => link.Found.File.VersionsDefined.Select(version => $"{link.Name}:{version}"))
            .Distinct().Order(StringComparer.Ordinal),
    ];

    /// <summary>The file on the host that stands at a path of a view, its links followed; null for none.</summary>
    private static string? Locate(ContainerView view, string path)
    {
        try
        {
            var found = view.Resolve(path);
            return found.Node.Kind == Sandbox.FileKind.File ? view.HostPath(found.Path) : null;
        }
        catch (Exception e) when (e is SandboxException or Native.SyscallException)
        {
            return null;
        }
    }
}
