using Provenance.Archive.Content;
using Provenance.Archive.Images;
using Provenance.Archive.Records;
using Provenance.Runtime.Binaries;
using Provenance.Runtime.Rootfs;

namespace Provenance.Runtime.Analysis;

/// <summary>What a program of an image asks of a machine, without running it.</summary>
public static class ImageRequirements
{
    /// <summary>An interpreter of an interpreter is as far as the kernel goes; one more is enough for us.</summary>
    private const int MostInterpreters = 5;

    private const string DefaultPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

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
        string searchPath = Variable(image, "PATH") ?? DefaultPath;
        string folder = image.Config.WorkingDir ?? "/";
        string path = Locate(files, named, searchPath, folder)
            ?? throw new RuntimeException($"program '{named}': is not in the image");
        var set = new LoadSet(files, Variable(image, "LD_LIBRARY_PATH"));
        string? next = path;
        for (int i = 0; next is not null && i < MostInterpreters; i++)
        {
            set.AddProgram(next);
            string[] words = InterpreterLine(files, next);
            next = words.Length == 0 ? null : files.Resolve(words[0]);
            if (next is not null && StartedByEnv(words) is { } started)
            {
                set.AddProgram(next);
                next = Locate(files, started, searchPath, folder);
            }
        }

        if (set.Objects.Count == 0)
        {
            throw new RuntimeException($"program '{path}': is no program for x86-64 or arm64");
        }

        var cache = new AnalysisCache(new StoreLayout(layout.Root, new RootfsStore(layout).CacheFolder).AnalysisCache);
        GpuCode[] gpuCode = [.. set.Objects.Select(loaded => FatBinary.TryFind(loaded.HostPath, loaded.Path)).OfType<GpuCode>()];
        return (path, new RequirementsAnalyser(cache, clock).Analyse(set, null, cancellation), gpuCode.Length == 0 ? null : gpuCode);
    }

    private static string? Locate(ContainerFiles files, string name, string searchPath, string folder)
    {
        if (name.Contains('/', StringComparison.Ordinal))
        {
            return files.Resolve(name.StartsWith('/') ? name : $"{folder.TrimEnd('/')}/{name}");
        }

        return searchPath.Split(':').Select(place => files.Resolve($"{place.TrimEnd('/')}/{name}")).FirstOrDefault(found => found is not null);
    }

    /// <summary>What stands after <c>#!/usr/bin/env</c>; null where that is not the interpreter.</summary>
    private static string? StartedByEnv(string[] words) => Path.GetFileName(words[0]) == "env"
        ? words.Skip(1).FirstOrDefault(word => !word.StartsWith('-') && !word.Contains('=', StringComparison.Ordinal))
        : null;

    /// <summary>The program that a script is for, and its arguments: execve(2), "Interpreter scripts". None of what is no script.</summary>
    private static string[] InterpreterLine(ContainerFiles files, string script)
    {
        const int LongestLine = 256;
        using var file = File.OpenHandle(files.HostPath(script));
        Span<byte> start = stackalloc byte[LongestLine];
        start = start[..RandomAccess.Read(file, start, 0)];
        int end = start.IndexOf((byte)'\n');
        if (end < 0 || !start.StartsWith("#!"u8))
        {
            return [];
        }

        return System.Text.Encoding.UTF8.GetString(start[2..end]).Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
    }

    private static string? Variable(StoredImage image, string name) =>
        image.Config.Env.LastOrDefault(entry => entry.StartsWith(name + "=", StringComparison.Ordinal))?[(name.Length + 1)..];
}
