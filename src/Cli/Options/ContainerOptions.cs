using System.CommandLine;
using Provenance.Archive.Images;
using Provenance.Runtime.Injection;
using Provenance.Runtime.Recording;
using Provenance.Runtime.Sandbox;

namespace Provenance.Cli.Options;

/// <summary>How the container is made, spelled as podman and apptainer users know it.</summary>
internal sealed class ContainerOptions
{
    private readonly BindOption _binds = new("show a file or folder of this machine in the container; may be given again");
    private readonly EnvironmentOptions _environment = new("set a variable, or pass on this machine's; may be given again");
    private readonly Option<string> _workdir = SharedOptions.Single(
        "--workdir", "-w", "DIR", "the job's working folder in the container [the current folder, which is mounted at its own path]");

    private readonly Option<string> _entrypoint = SharedOptions.Single(
        "--entrypoint", null, "PROGRAM", "in place of the image's entry point; '' for none");

    private readonly Option<string> _user = SharedOptions.Single(
        "--user", "-u", "USER[:GROUP]", "who the job is in the container [the image's user, else you]");

    private readonly Choice<ContainerNetwork> _network = new(
        "--network", "what of the network the job sees", ("host", ContainerNetwork.Host), ("none", ContainerNetwork.None));

    private readonly Option<bool> _writable = new("--writable")
    {
        Description = "let the job write anywhere; the image does not change, and what it wrote is gone afterwards",
    };

    private readonly Option<bool> _readOnly = new("--read-only")
    {
        Description = "let the job change nothing of this machine: every folder is mounted read-only; "
            + "without IMAGE, all but the working folder, /tmp, /var/tmp and /dev/shm",
    };

    private readonly TmpfsOption _tmpfs = new();
    private readonly Option<string> _home = SharedOptions.Single("--home", null, "DIR", "mount this folder at its own path as the job's home [none]");
    private readonly InjectOptions _inject = new();
    private readonly Option<string> _hostname = SharedOptions.Single("--hostname", null, "NAME", "give the container a name of its own");

    private readonly Option<bool> _allowNesting = new("--allow-nesting")
    {
        Description = "let the job make namespaces and mounts of its own: for a job that starts containers, or a sandbox, itself",
    };

    public void AddTo(Command command)
    {
        foreach (Option option in (Option[])
        [
            _binds.Option, _environment.Variables, _environment.Files, _workdir, _entrypoint, _user, _network.Option,
            _writable, _readOnly, _tmpfs.Option, _home, _hostname, _allowNesting, .. _inject.All,
        ])
        {
            command.Options.Add(option);
        }
    }

    /// <summary>Reads every option now, before an image is looked for: what is wrong with the command line is said first.</summary>
    /// <returns>What is asked for of an image, given it and the folder it is unpacked in.</returns>
    public Func<StoredImage?, string, JobRequest> Read(CommandCall call, string? reference)
    {
        Option? ofImages = ((Option[])[_entrypoint, _writable, _home, .. _inject.All]).FirstOrDefault(o => call.Parsed.GetResult(o) is { Implicit: false });
        if (reference is null && ofImages is not null)
        {
            throw new UsageException($"option '{ofImages.Name}' needs an IMAGE");
        }

        var binds = _binds.Read(call);
        var environment = _environment.Read(call);
        string? workdir = Absolute("--workdir", call.Value(_workdir));
        var network = _network.Read(call);
        var tmpfs = _tmpfs.Read(call);
        return (image, rootfs) => new JobRequest
        {
            Reference = reference,
            Image = image,
            Rootfs = rootfs,
            Arguments = call.Job ?? [],
            Binds = binds,
            Environment = environment,
            WorkingDirectory = workdir,
            Entrypoint = call.Value(_entrypoint),
            User = call.Value(_user),
            Network = network,
            Writable = call.Value(_writable) ? new WritableRoot { CopyFolder = Path.GetTempPath() } : null,
            ReadOnly = call.Value(_readOnly),
            Tmpfs = tmpfs,
            HomeFolder = call.Value(_home) is { } home ? Path.GetFullPath(home) : null,
            Hostname = call.Value(_hostname),
            AllowNesting = call.Value(_allowNesting),
        };
    }

    /// <summary>What of this machine is put into the container; null for nothing.</summary>
    public InjectionRequest? ReadInjection(CommandCall call) => _inject.Read(call);

    private static string? Absolute(string option, string? path) => path is null || Path.IsPathRooted(path)
        ? path
        : throw new UsageException($"option '{option}': '{path}' is not an absolute path");
}
