using Provenance.Archive.Content;
using Provenance.Archive.Images;
using Provenance.Archive.Records;
using Provenance.Runtime.Binaries;
using Provenance.Runtime.Rootfs;
using Provenance.Runtime.Sandbox;

namespace Provenance.Runtime.Analysis;

/// <summary>What a program of an image asks of a machine, without running it.</summary>
public static class ImageRequirements
{
    /// <summary>Of all files of an image's program when it is imported: it may have been made to cost any amount.</summary>
    private const long MostBytes = 512L << 20;

    private const int LargestRequirements = 1 << 20;

    /// <summary>Whether programs for an architecture, as OCI names it, are analysed.</summary>
    public static bool Knows(string architecture) => LoadSet.Knows(architecture);

    /// <param name="image">Unpacked.</param>
    /// <param name="rootfs">Where; an absolute path on the host.</param>
    /// <param name="program">A path in the image, or a name to look for in its PATH; null for its entry point, or its command.</param>
    /// <param name="layout">Of the archive, in whose cache the results are kept.</param>
    /// <param name="clock">Measures nothing here: there is no bound.</param>
    /// <param name="cancellation">Ends the work with an exception.</param>
    /// <exception cref="RuntimeException">There is no such program.</exception>
    public static (string Program, Requirements Requirements) Find(
        StoredImage image, string rootfs, string? program, StoreLayout layout, TimeProvider clock, CancellationToken cancellation)
    {
        var (path, requirements, _) = FindAll(image, rootfs, program, layout, clock, cancellation);
        return (path, requirements);
    }

    /// <summary>The same with its code for NVIDIA GPUs; null for none.</summary>
    /// <inheritdoc cref="Find" path="/param"/>
    /// <exception cref="RuntimeException">There is no such program.</exception>
    public static (string Program, Requirements Requirements, IReadOnlyList<GpuCode>? GpuCode) FindAll(
        StoredImage image, string rootfs, string? program, StoreLayout layout, TimeProvider clock, CancellationToken cancellation)
    {
        string named = program ?? ProgramOf(image.Config)
            ?? throw new RuntimeException("image: names no program to run; say which with --program");
        var files = new ContainerFiles(rootfs, []);
        var programs = ProgramsOf(image.Config, files);
        string path = programs.Locate(named) ?? throw new RuntimeException($"program '{named}': is not in the image");
        var set = SetOf(image.Config, files, programs.Of(path));
        return set.Objects.Count == 0
            ? throw new RuntimeException($"program '{path}': is no program for x86-64 or arm64")
            : (path, AnalyserOf(layout, clock).Analyse(set, null, cancellation), GpuCodeOf(set));
    }

    /// <summary>An image's record with what its own program asks for, or why that is not known.</summary>
    /// <param name="record">Without.</param>
    /// <param name="config">Of the image.</param>
    /// <param name="rootfs">Where it is unpacked; null where it is not: then nothing is said of its program.</param>
    /// <param name="layout">Of the archive, in whose cache the results are kept.</param>
    /// <param name="clock">Measures nothing here: the same image gives the same record.</param>
    /// <param name="cancellation">Ends the work with an exception.</param>
    public static ImageRecord Describe(
        ImageRecord record, ImageConfig config, string? rootfs, StoreLayout layout, TimeProvider clock, CancellationToken cancellation)
    {
        if (ProgramOf(config) is not { } named)
        {
            return record with { NoRequirements = "its config names no program" };
        }

        if (!Knows(record.Platform.Architecture))
        {
            return record with { NoRequirements = "only programs for amd64 and arm64 are analysed" };
        }

        if (rootfs is null)
        {
            return record;
        }

        try
        {
            return Analysed(record, config, named, rootfs, AnalyserOf(layout, clock), cancellation);
        }
        catch (Exception e) when (e is RuntimeException or IOException or UnauthorizedAccessException)
        {
            // Whatever stands in an image, it can be imported.
            return record with { NoRequirements = "its program could not be analysed" };
        }
    }

    private static ImageRecord Analysed(
        ImageRecord record, ImageConfig config, string named, string rootfs, RequirementsAnalyser analyser, CancellationToken cancellation)
    {
        var files = new ContainerFiles(rootfs, []);
        var programs = ProgramsOf(config, files);
        if (programs.Locate(named) is not { } path)
        {
            return record with { NoRequirements = "the program that its config names is not in it" };
        }

        var set = SetOf(config, files, programs.Of(path));
        if (set.Objects.Count == 0)
        {
            return record with { NoRequirements = "neither its program nor an interpreter of it is one for amd64 or arm64" };
        }

        var requirements = analyser.Analyse(set, null, cancellation, MostBytes);
        return RequirementsJson.Serialize(requirements).Length > LargestRequirements
            ? record with { NoRequirements = "what its program asks for takes more than 1 MiB to say" }
            : record with { Program = path, Requirements = requirements, GpuCode = GpuCodeOf(set) };
    }

    private static string? ProgramOf(ImageConfig config) => config.Entrypoint.Concat(config.Cmd).FirstOrDefault();

    private static StartedPrograms ProgramsOf(ImageConfig config, ContainerFiles files) =>
        new(files, config.WorkingDir ?? "/", Variable(config, "PATH") ?? JobEnvironment.DefaultPath);

    private static LoadSet SetOf(ImageConfig config, ContainerFiles files, IEnumerable<string> programs)
    {
        var set = new LoadSet(files, Variable(config, "LD_LIBRARY_PATH"));
        foreach (string started in programs)
        {
            set.AddProgram(started);
        }

        return set;
    }

    private static RequirementsAnalyser AnalyserOf(StoreLayout layout, TimeProvider clock) =>
        new(new AnalysisCache(new StoreLayout(layout.Root, new RootfsStore(layout).CacheFolder).AnalysisCache), clock);

    private static GpuCode[]? GpuCodeOf(LoadSet set)
    {
        GpuCode[] found = [.. set.Objects.Select(loaded => FatBinary.TryFind(loaded.HostPath, loaded.Path)).OfType<GpuCode>()];
        return found.Length == 0 ? null : found;
    }

    private static string? Variable(ImageConfig config, string name) =>
        config.Env.LastOrDefault(entry => entry.StartsWith(name + "=", StringComparison.Ordinal))?[(name.Length + 1)..];
}
