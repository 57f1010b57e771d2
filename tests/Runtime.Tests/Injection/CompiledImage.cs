using System.Diagnostics;
using Provenance.Runtime.Injection;
using Provenance.Runtime.Sandbox;
using Provenance.Runtime.Tests.Recording;
using Xunit;

namespace Provenance.Runtime.Tests.Injection;

/// <summary>A folder that stands for an image, with the C library of this host, and another that stands for a host; both filled by gcc.</summary>
internal sealed class CompiledImage : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public CompiledImage()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/gcc"), "gcc is not installed");
        foreach (string folder in (string[])["bin", "usr/lib", "run", "tmp", "proc", "sys", "dev", "etc"])
            Directory.CreateDirectory(_folder.At($"image/{folder}"));
        foreach (string line in Output("ldd", "/bin/true"))
        {
            string? path = line.Split(' ', '\t', '\n').FirstOrDefault(word => word.StartsWith('/'));
            if (path is not null)
            {
                string copy = _folder.At("image" + path);
                Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
                File.Copy(path, copy, overwrite: true);
            }
        }
    }

    public string Root => _folder.At("image");

    /// <summary>Below which the host's files are, as --driver-root has it.</summary>
    public string Host => _folder.At("host");

    public string At(string name) => _folder.At(name);

    public string Write(string name, string content) => _folder.Write(name, content);

    /// <summary>A shared library.</summary>
    /// <param name="name">Of the file, below the folder.</param>
    /// <param name="soname">DT_SONAME.</param>
    /// <param name="source">In C.</param>
    /// <param name="options">Further arguments of gcc: libraries, version scripts.</param>
    /// <returns>Its path.</returns>
    public string Library(string name, string soname, string source, params string[] options)
    {
        string path = _folder.At(name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        string file = _folder.Write("source.c", source);
        Run("gcc", ["-shared", "-fPIC", $"-Wl,-soname,{soname}", "-o", path, file, .. options]);
        return path;
    }

    /// <returns>Its path in the image.</returns>
    public string Program(string name, string source, params string[] options)
    {
        string file = _folder.Write("source.c", source);
        Run("gcc", ["-o", _folder.At($"image/bin/{name}"), file, .. options]);
        return $"/bin/{name}";
    }

    public InjectionPlan Plan(string program, InjectionRequest request, params EnvironmentEntry[] environment) => InjectionPlanner.Plan(Spec(program, environment), request);

    public ContainerSpec Spec(string program, params EnvironmentEntry[] environment) => new()
    {
        Rootfs = Root,
        Argv = [program],
        Environment = [new("PATH", "/bin"), .. environment],
        User = new ContainerUser { Uid = 0, Gid = 0, Name = "root", Home = "/" },
    };

    public void Dispose() => _folder.Dispose();

    internal static string[] Output(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        string text = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return text.Split('\n');
    }

    private static void Run(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }
}
