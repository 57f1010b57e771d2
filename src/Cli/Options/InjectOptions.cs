using System.CommandLine;
using Provenance.Runtime.Injection;
using Provenance.Runtime.Sandbox;

namespace Provenance.Cli.Options;

/// <summary>What of this machine's libraries and devices is put into a container.</summary>
internal sealed class InjectOptions
{
    private readonly Option<string[]> _files = SharedOptions.Repeatable(
        "--inject", null, "FILE[:DST]", "put a library of this machine into the container, in place of the image's own; may be given again");

    private readonly Choice<bool> _mpi = new("--mpi", "whose MPI the job uses: the image's, or this machine's", ("none", false), ("host", true));
    private readonly Option<string[]> _devices = SharedOptions.Repeatable(
        "--device", null, "VENDOR/CLASS=NAME", "give the job a device that a CDI specification describes; may be given again");

    private readonly Option<string[]> _cdiFolders = SharedOptions.Repeatable(
        "--cdi-spec-dir", null, "DIR", "look for CDI specifications there [/etc/cdi and /var/run/cdi]");

    private readonly Option<bool> _gpu = new("--gpu") { Description = "give the job this machine's GPUs, with the libraries of their driver" };
    private readonly Option<string> _driverRoot = SharedOptions.Single(
        "--driver-root", null, "DIR", "where the GPU driver's files are, when it is installed below another folder [/]");

    private readonly Option<bool> _force = new("--force")
    {
        Description = "run the job although this machine's libraries do not fit the image; the record says so",
    };

    public IReadOnlyList<Option> All => [_files, _mpi.Option, _devices, _cdiFolders, _gpu, _driverRoot, _force];

    /// <returns>Null when nothing is to be put in.</returns>
    public InjectionRequest? Read(CommandCall call)
    {
        string[] folders = [.. call.Values(_cdiFolders).Select(Path.GetFullPath)];
        var request = new InjectionRequest
        {
            Files = [.. call.Values(_files).Select(Parse)],
            HostMpi = _mpi.Read(call),
            Devices = [.. call.Values(_devices)],
            CdiFolders = folders.Length > 0 ? folders : InjectionRequest.DefaultCdiFolders,
            Gpu = call.Value(_gpu),
            HostRoot = call.Value(_driverRoot) is { } root ? Path.GetFullPath(root) : "/",
            Force = call.Value(_force),
        };
        return request.IsEmpty ? null : request with { Environment = ReadEnvironment() };
    }

    private static FileToInject Parse(string text)
    {
        string[] parts = text.Split(':');
        if (parts.Length > 2 || parts[0].Length == 0 || (parts.Length == 2 && !Path.IsPathRooted(parts[1])))
        {
            throw new UsageException($"option '--inject': '{text}' is not FILE[:DST] with an absolute DST");
        }

        return new FileToInject(Path.GetFullPath(parts[0]), parts.Length == 2 ? Path.GetFullPath(parts[1]) : null);
    }

    /// <summary>The caller's own.</summary>
    public static EnvironmentEntry[] ReadEnvironment() =>
    [
        .. Environment.GetEnvironmentVariables().Cast<System.Collections.DictionaryEntry>()
            .Select(variable => new EnvironmentEntry((string)variable.Key, (string?)variable.Value ?? ""))
            .OrderBy(entry => entry.Name, StringComparer.Ordinal),
    ];
}
