using Provenance.Archive.Records;
using Provenance.Runtime.Observing;

namespace Provenance.Runtime.Recording.Calls;

/// <summary>What in a job's calls may keep it from being reproduced, with what was seen and what would help.</summary>
/// <param name="log">What the job did.</param>
/// <param name="places">Where paths belong.</param>
internal sealed class CallHazards(CallLog log, PathPlaces places)
{
    private const int MaxEvidence = 20;

    private static readonly string[] RandomDevices = ["/dev/random", "/dev/urandom"];
    private static readonly string[] ThreadVariables =
    [
        "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "BLIS_NUM_THREADS", "GOTO_NUM_THREADS", "VECLIB_MAXIMUM_THREADS",
        "OMP_THREAD_LIMIT",
    ];

    /// <summary>By the name of a <see cref="CallNoted"/>: what it means for a person.</summary>
    private static readonly Dictionary<string, (string Message, string? Remedy)> Notes = new(StringComparer.Ordinal)
    {
        ["io-uring-refused"] = (
            "the job asked for io_uring, through which files cannot be observed, and was refused: it may have gone another way than it does elsewhere",
            "have it use read and write: containers refuse io_uring always, as those of other runtimes do"),
        ["random"] = ("the job asked the kernel for random numbers", "give its programs a fixed seed"),
        ["chroot"] = ("the job changed its root folder: paths are those it would have outside", null),
        ["own-namespaces"] = ("the job made namespaces or mounts of its own: paths in them are those it has there", null),
    };

    /// <summary>A hazard with at most twenty pieces of evidence, and the number of the others.</summary>
    public static Hazard Of(string id, string message, IReadOnlyList<string> evidence, string? remedy = null) => new()
    {
        Id = id,
        Message = message,
        Evidence = evidence.Count == 0 ? null : evidence.Count <= MaxEvidence
            ? evidence
            : [.. evidence.Take(MaxEvidence), $"and {evidence.Count - MaxEvidence} more"],
        Remedy = remedy,
    };

    /// <param name="network">With the names that were found.</param>
    /// <param name="environment">What the job saw.</param>
    /// <param name="processors">How many it could use.</param>
    public IEnumerable<Hazard> OfTheJob(
        NetworkUse network, IReadOnlyList<EnvironmentVariable> environment, int processors) =>
    [
        .. OfNetwork(network),
        .. OfRandomness(),
        .. OfTime(),
        .. OfThreads(environment, processors),
        .. Notes.Where(note => note.Key != "random" && log.Notes.ContainsKey(note.Key))
            .Select(note => Of(note.Key, note.Value.Message, [], note.Value.Remedy)),
    ];

    /// <param name="used">What the job read, with class and digest.</param>
    /// <param name="isKept">Whether a content is in the archive.</param>
    public IEnumerable<Hazard> OfInputs(IReadOnlyList<TouchedPath> used, Func<TouchedPath, bool> isKept)
    {
        var data = used.Where(file => file.Kind == FileKind.File && places.IsData(file.Path)).ToList();
        var paths = data.Select(file => file.Path).ToList();
        var settings = paths.Where(path => places.ClassOfUsed(path) == FileClass.Configuration || places.IsInHome(path)).ToList();
        var elsewhere = paths.Where(path => !places.IsInWorkingFolder(path) && !places.IsInHome(path)).ToList();
        var writable = paths.Where(path => places.MountOf(path) is { ReadOnly: false }).ToList();
        string[] lost = [.. data.AsParallel().AsOrdered().Where(file => !isKept(file)).Select(file => file.Path)];
        return Given(
            (lost, "inputs-not-kept", $"the job read {Files(lost.Length)} whose content is not in the archive", "keep them with --keep all"),
            (settings, "home-configuration", $"the job read {Files(settings.Count)} of the user's own settings and programs",
                "put what is needed into the image or the working folder"),
            (elsewhere, "host-files", $"the job read {Files(elsewhere.Count)} of the host outside the working folder",
                "keep them with --keep all, or beside the job"),
            (writable, "writable-inputs", $"the job read {Files(writable.Count)} where it could have changed them",
                "show inputs with -v SRC:DST:ro, or use --read-only"));
    }

    public static IEnumerable<Hazard> OfSources(IReadOnlyList<SourceTree> sources)
    {
        string[] dirty =
        [
            .. sources.Where(source => source.Dirty == true)
                .Select(source => $"{source.Path}: {string.Join(", ", source.Changed ?? [])}"),
        ];
        return Given(
            (dirty, "source-uncommitted", "scripts or inputs are under git, and not as their commit has them", "commit before the run"));
    }

    private static IEnumerable<Hazard> Given(
        params (IReadOnlyList<string> Evidence, string Id, string Message, string Remedy)[] hazards) =>
        hazards.Where(hazard => hazard.Evidence.Count > 0)
            .Select(hazard => Of(hazard.Id, hazard.Message, hazard.Evidence, hazard.Remedy));

    private static string Files(int count) => count == 1 ? "1 file" : $"{count} files";

    private static IEnumerable<Hazard> OfNetwork(NetworkUse network)
    {
        var contacted = network.Peers.Where(peer => !peer.Bound).ToList();
        if (contacted.Count > 0 || network.Names.Count > 0)
        {
            yield return Of(
                "network",
                $"the job contacted {contacted.Count} addresses and asked for {network.Names.Count} host names; what came from there is not recorded",
                [.. contacted.Select(Word), .. network.Names.Select(name => $"asked for {name}")],
                "fetch what it needs before the run, and use --network none");
        }

        // Resolvers bind the socket they ask from to any free port: nobody can know it, to send there unasked.
        var bound = network.Peers.Where(peer => peer is { Bound: true, Family: "ipv4" or "ipv6" } and not { Protocol: "udp", Port: 0 }).ToList();
        if (bound.Count > 0)
        {
            yield return Of("network-listener", "the job waited for others on the network", [.. bound.Select(Word)]);
        }
    }

    private static string Word(NetworkPeer peer)
    {
        string place = peer.Port == 0 ? peer.Address : peer.Family == "ipv6" ? $"[{peer.Address}]:{peer.Port}" : $"{peer.Address}:{peer.Port}";
        return $"{place} {peer.Protocol}{(peer.Name is null ? "" : $" ({peer.Name})")}";
    }

    private IEnumerable<Hazard> OfRandomness()
    {
        string[] devices = [.. RandomDevices.Where(path => log.Paths.TryGetValue(path, out var touched) && touched.Use == FileUse.Read)];
        if (devices.Length > 0 || log.Notes.ContainsKey("random"))
        {
            var (message, remedy) = Notes["random"];
            yield return Of("random", message, devices.Length > 0 ? devices : ["getrandom(2)"], remedy);
        }
    }

    private IEnumerable<Hazard> OfTime()
    {
        if (log.Clocks.Count > 0)
        {
            yield return Of(
                "clock",
                "the job asked for the date",
                [.. log.Clocks.Order(StringComparer.Ordinal)],
                "keep the date out of results, or take it from SOURCE_DATE_EPOCH");
        }
    }

    /// <param name="outputs">Those whose content counts.</param>
    public IEnumerable<Hazard> OfRaces(IEnumerable<string> outputs)
    {
        string[] shared = [.. outputs.Where(log.SharedWrites.Paths.Contains)];
        return Given((shared, "race", "processes that ran side by side wrote to one file: what stands in it may depend on which was first",
            "let each write to a file of its own, and put them together afterwards"));
    }

    private IEnumerable<Hazard> OfThreads(IReadOnlyList<EnvironmentVariable> environment, int processors)
    {
        string[] libraries = [.. log.Libraries.Named.Keys.Where(LibraryRoles.IsThreaded)];
        if (libraries.Length > 0 && processors > 1 && !environment.Any(variable => ThreadVariables.Contains(variable.Name)))
        {
            yield return Of(
                "threads-not-pinned",
                $"numerical libraries chose the number of threads themselves, from {processors} processors: sums may come out in another order",
                libraries,
                "set -e OMP_NUM_THREADS=N, the number you want");
        }
    }
}
