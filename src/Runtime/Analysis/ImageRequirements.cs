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
        string named = program ?? image.Config.Entrypoint.Concat(image.Config.Cmd).FirstOrDefault()
            ?? throw new RuntimeException("image: names no program to run; say which with --program");
        var files = new ContainerFiles(rootfs, []);
        var programs = new StartedPrograms(files, image.Config.WorkingDir ?? "/", Variable(image, "PATH") ?? JobEnvironment.DefaultPath);
        string path = programs.Locate(named) ?? throw new RuntimeException($"program '{named}': is not in the image");
        var set = new LoadSet(files, Variable(image, "LD_LIBRARY_PATH"));
        foreach (string started in programs.Of(path))
        {
            set.AddProgram(started);
        }

        if (set.Objects.Count == 0)
        {
            throw new RuntimeException($"program '{path}': is no program for x86-64 or arm64");
        }

        var cache = new AnalysisCache(new StoreLayout(layout.Root, new RootfsStore(layout).CacheFolder).AnalysisCache);
        GpuCode[] gpuCode = [.. set.Objects.Select(loaded => FatBinary.TryFind(loaded.HostPath, loaded.Path)).OfType<GpuCode>()];
        return (path, new RequirementsAnalyser(cache, clock).Analyse(set, null, cancellation), gpuCode.Length == 0 ? null : gpuCode);
    }

    private static string? Variable(StoredImage image, string name) =>
        image.Config.Env.LastOrDefault(entry => entry.StartsWith(name + "=", StringComparison.Ordinal))?[(name.Length + 1)..];
}
