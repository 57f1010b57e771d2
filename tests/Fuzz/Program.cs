using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using Provenance.Fuzz;
using SharpFuzz;

// What is instrumented writes here until afl-fuzz gives a place: seeds are made before. By its name, for what refers to it is taken to be instrumented.
unsafe
{
    void* map = NativeMemory.AllocZeroed(1 << 16);
    Type.GetType("SharpFuzz.Common.Trace, SharpFuzz.Common")!.GetField("SharedMem")!.SetValue(null, Pointer.Box(map, typeof(byte*)));
}

// What each is for: README.md.
return args switch
{
    ["list"] => List(),
    ["target", string name] => Serve(name),
    ["replay", string name, .. var paths] => Replay(name, paths),
    ["seeds", string name, string folder] => WriteSeeds(name, folder),
    ["run", string seconds, .. var names] => new FuzzRun(
        TimeSpan.FromSeconds(int.Parse(seconds, CultureInfo.InvariantCulture)), Folder("corpus"), Path.GetFullPath("artifacts/fuzz")).Run(names),
    _ => Usage(),
};

static int List()
{
    foreach (var target in Targets.All)
        Console.WriteLine(target.Name);
    return 0;
}

// Under afl-fuzz: one input after the other, in a process that is started again when it dies.
static int Serve(string name)
{
    var target = Get(name);
    Fuzzer.OutOfProcess.Run(stream =>
    {
        using var input = new MemoryStream();
        stream.CopyTo(input);
        target.Try(input.ToArray());
    });
    return 0;
}

// Each input once; what escapes is shown, and ends it.
static int Replay(string name, string[] paths)
{
    var target = Get(name);
    foreach (string path in paths)
    {
        var before = Environment.CpuUsage.TotalTime;
        bool understood = target.Try(File.ReadAllBytes(path));
        Console.WriteLine($"{path}: {(understood ? "understood" : "refused")}, {(Environment.CpuUsage.TotalTime - before).TotalMilliseconds:0} ms");
    }

    return 0;
}

static int WriteSeeds(string name, string folder)
{
    FuzzRun.WriteSeeds(Get(name), folder);
    return 0;
}

static int Usage()
{
    Console.Error.WriteLine("usage: Provenance.Fuzz list | run SECONDS [TARGET…] | replay TARGET FILE… | seeds TARGET FOLDER | target TARGET");
    return 2;
}

static FuzzTarget Get(string name) => Targets.Find(name) ?? throw new ArgumentException($"there is no target '{name}'; 'list' names them");

// Not by CallerFilePath: a build on CI maps the paths of its sources.
static string Folder(string name) => Path.Combine(AppContext.BaseDirectory.Split("/artifacts/")[0], "tests", "Fuzz", name);
