using System.Diagnostics;
using Provenance.Archive.Records;
using Provenance.Runtime.Analysis;
using Provenance.Runtime.Binaries;
using Provenance.Runtime.Injection;
using Provenance.Runtime.Tests.Recording;
using Xunit;
using LoadSet = Provenance.Runtime.Analysis.LoadSet;

namespace Provenance.Runtime.Tests.Analysis;

/// <summary>What would be loaded for a command line, and what the dynamic linker asks before: files of real compilers.</summary>
public sealed class ExpectedLoadTests : IDisposable
{
    private const string Loader = "/lib64/ld-linux-x86-64.so.2", MuslLoader = "/lib/ld-musl-x86_64.so.1";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>The levels that it is compiled for, as glibc's own source asks for them; what is found.</summary>
    [Theory]
    [InlineData("gcc", "-O2", 0, null)]
    [InlineData("gcc", "-O2", 2, "v2")]
    [InlineData("gcc", "-O2", 3, "v3")]
    [InlineData("gcc", "-O3", 4, "v4")]
    [InlineData("gcc", "-Os", 3, "v3")]
    [InlineData("clang", "-O2", 3, "v3")]
    public void The_level_that_a_loader_was_built_for_is_found_in_it(string compiler, string optimise, int level, string? found)
    {
        string calls = string.Concat(Enumerable.Range(2, Math.Max(0, level - 1)).Select(each =>
            $"if (!(isa & {1 << each})) stop(\"Fatal glibc error: CPU does not support x86-64-v%d\\n\", {each});"));
        string library = Compile(compiler, "ld.so", $$"""
            #include <unistd.h>
            extern void stop(const char *text, ...) __attribute__((noreturn));
            __attribute__((noinline)) void stop(const char *text, ...) { write(2, text, 5); _exit(127); }
            volatile unsigned isa;
            const char *other = "CPU ISA level is lower than required";
            void check(void) { {{calls}} }
            """, optimise, "-fPIC", "-shared", "-Wl,-soname,ld-linux-x86-64.so.2");

        var checks = LoaderChecks.Of(new ElfImage(File.ReadAllBytes(library)));

        Assert.Equal((true, found), (checks?.ReadsMarks, checks?.Level));
    }

    [Fact]
    public void This_distributions_loader_reads_marks_and_asks_for_no_level()
    {
        Assert.SkipUnless(File.Exists(Loader), "no glibc for x86-64 here");

        var checks = LoaderChecks.Of(new ElfImage(File.ReadAllBytes(Loader)));

        Assert.Equal(new LoaderChecks { ReadsMarks = true, Level = null }, checks);
        Assert.Null(LoaderChecks.Of(new ElfImage(File.ReadAllBytes("/bin/true"))));
        Assert.Null(LoaderChecks.Of(new ElfImage(File.ReadAllBytes("/lib/x86_64-linux-gnu/libm.so.6"))));
    }

    /// <summary>A mark is nobody's where no loader reads it.</summary>
    [Theory]
    [InlineData("gcc", "v3")]
    [InlineData("musl-gcc", null)]
    public void A_mark_counts_where_the_programs_own_loader_reads_it(string compiler, string? needs)
    {
        Assert.SkipUnless(compiler != "musl-gcc" || File.Exists(MuslLoader), "musl is not installed");
        string program = Compile(compiler, "marked", "int main(void) { return 0; }", "-Wl,-z,x86-64-v3");
        Assert.NotNull(ElfFile.Read(program).IsaNeeded);

        var found = Requirements(Set("/", program)).Start.SingleOrDefault(demand => demand.Kind == "isa-note" && demand.Path == program);

        Assert.Equal((needs, needs is null ? null : new ContainerFiles("/", []).Resolve(Loader)), (found?.Needs, found?.By));
    }

    [Fact]
    public void A_loader_of_a_level_asks_it_of_every_program()
    {
        string loader = Compile("gcc", "ld-linux-x86-64.so.2", """
            #include <unistd.h>
            extern void stop(const char *text, ...) __attribute__((noreturn));
            __attribute__((noinline)) void stop(const char *text, ...) { write(2, text, 5); _exit(127); }
            volatile unsigned isa;
            void check(void) { if (!(isa & 2)) stop("Fatal glibc error: CPU does not support x86-64-v%d\n", 2); }
            """, "-O2", "-fPIC", "-shared", "-nostartfiles", "-Wl,-soname,ld-linux-x86-64.so.2");
        string program = Compile("gcc", "plain", "int main(void) { return 0; }", $"-Wl,--dynamic-linker={loader}", "-Wl,-z,x86-64-v3");

        var start = Requirements(Set("/", program)).Start;

        Assert.Contains(new StartDemand { Path = loader, Kind = "libc-level", Needs = "v2" }, start);
        // It has no message about marks, as glibc before 2.33.
        Assert.DoesNotContain(start, demand => demand.Kind == "isa-note");
    }

    /// <summary>The smallest alignment of all files of the set; that of the linker's -z max-page-size.</summary>
    [Theory]
    [InlineData(4096)]
    [InlineData(65536)]
    public void The_largest_page_is_that_of_the_file_that_takes_the_smallest_alone(int bytes)
    {
        string program = Compile("gcc", "aligned", "int main(void) { return 0; }", "-static", $"-Wl,-z,max-page-size={bytes}", "-Wl,-z,common-page-size=4096");

        var page = Assert.Single(Requirements(Set("/", program)).Start, demand => demand.Kind == "page");

        Assert.Equal((program, $"{bytes}"), (page.Path, page.Needs));
    }

    [Theory]
    [InlineData("int main(void) { return 0; }", "", false)]
    [InlineData("#include <dlfcn.h>\nint main(void) { return dlopen(\"x\", 1) == 0; }", "", true)]
    [InlineData("#include <stdlib.h>\nint main(void) { return system(\"x\"); }", "", true)]
    [InlineData("#include <unistd.h>\nint main(void) { return execlp(\"x\", \"x\", (char *)0); }", "", true)]
    [InlineData("int main(void) { return 0; }", "-static", true)]
    public void What_can_load_more_than_the_set_has_is_named(string source, string option, bool can)
    {
        string program = Compile("gcc", "program", source, option.Length == 0 ? [] : [option]);

        Assert.Equal(can ? [program] : [], Requirements(Set("/", program)).MayLoadMore);
        var seen = new LoadSet(new ContainerFiles("/", []), null);
        seen.AddProgram(program);
        Assert.Null(Requirements(seen).MayLoadMore);
    }

    /// <summary>Folders, in the order of ld.so(8), of a library that only one of them has; and of one that all have.</summary>
    [Fact]
    public void Libraries_are_looked_for_where_the_loader_does()
    {
        string Library(string folder, string name)
        {
            Directory.CreateDirectory(_folder.At(folder));
            return Compile("gcc", $"{folder}/lib{name}.so", $"int {name}(void) {{ return 1; }}", "-shared", "-fPIC", $"-Wl,-soname,lib{name}.so");
        }

        string[] own = [Library("run", "one"), Library("path", "two")];
        string both = Library("path", "three");
        Library("run", "three");
        string program = Compile(
            "gcc", "main", "int one(void), two(void), three(void); int main(void) { return one() + two() + three(); }",
            $"-L{_folder.At("run")}", $"-L{_folder.At("path")}", "-Wl,--no-as-needed", "-lone", "-ltwo", "-lthree", "-Wl,--enable-new-dtags", "-Wl,-rpath,$ORIGIN/run");

        var set = new LoadSet(new ContainerFiles("/", []), _folder.At("path")) { IsExpected = true };
        set.AddProgram(program);

        string[] found = [.. set.Objects.Select(o => o.Path).Where(path => path.StartsWith(_folder.Path, StringComparison.Ordinal))];
        Assert.Equal(new[] { program, own[0], own[1], both }.Order(StringComparer.Ordinal), found);
        Assert.Empty(set.Unread);
    }

    /// <summary>Command lines, and the programs that they start.</summary>
    [Theory]
    [InlineData("tool", "/bin/tool")]
    [InlineData("./local -v", "/work/local")]
    [InlineData("./script.sh", "/work/script.sh /bin/sh")]
    [InlineData("./script.py", "/work/script.py /usr/bin/env /bin/python3")]
    [InlineData("env A=1 tool", "/usr/bin/env /bin/tool")]
    [InlineData("nice -n 5 ./local", "/bin/nice /work/local")]
    [InlineData("sh -c tool;./local|missing>out", "/bin/sh /bin/tool /work/local")]
    [InlineData("tool ./data.txt /nowhere", "/bin/tool")]
    [InlineData("tool local", "/bin/tool")]
    [InlineData("missing", "")]
    public void Programs_are_those_that_the_command_line_names(string command, string programs)
    {
        foreach (string name in new[] { "image/bin/tool", "image/bin/sh", "image/bin/python3", "image/bin/nice", "image/usr/bin/env", "host/local" })
        {
            Executable(name, "\u007fELF");
        }

        Executable("host/script.sh", "#!/bin/sh -e\necho\n");
        Executable("host/script.py", "#!/usr/bin/env -S python3\nprint()\n");
        _folder.Write("host/data.txt", "x");
        // The image has no such folder: it is made when the container is.
        var mount = new Mount { Kind = "bind", Source = _folder.At("host"), Destination = "/work", ReadOnly = false, Purpose = "bind", IsFile = false };
        var files = new ContainerFiles(_folder.At("image"), [mount]);

        var found = new StartedPrograms(files, "/work", "/usr/bin:/bin").OfCommand(command.StartsWith("sh -c ", StringComparison.Ordinal)
            ? ["sh", "-c", command["sh -c ".Length..]]
            : command.Split(' '));

        Assert.Equal(programs, string.Join(' ', found));
    }

    /// <summary>What is put in from the host stands before the image's own.</summary>
    [Fact]
    public void Injected_files_are_those_of_the_host()
    {
        _folder.Write("image/usr/lib/libx.so.1", "image");
        string real = _folder.Write("host/libx.so.1.2", "host");
        File.CreateSymbolicLink(_folder.At("host/libx.so.1"), "libx.so.1.2");
        PlannedFile[] injected =
        [
            new() { HostPath = _folder.At("host/libx.so.1"), ContainerPath = "/usr/lib/libx.so.1", Reason = "inject" },
            new() { HostPath = _folder.At("host/libx.so.1"), ContainerPath = "/run/prov/lib/libx.so.1", Reason = "inject" },
        ];

        var files = new ContainerFiles(_folder.At("image"), [], injected);

        Assert.Equal(real, files.HostPath(files.Resolve("/usr/lib/libx.so.1")!));
        Assert.Equal(real, files.HostPath(files.Resolve("/run/prov/lib/libx.so.1")!));
        Assert.Null(files.Resolve("/run/prov/lib/liby.so.1"));
    }

    private static LoadSet Set(string root, string program)
    {
        var set = new LoadSet(new ContainerFiles(root, []), null) { IsExpected = true };
        set.AddProgram(program);
        return set;
    }

    private static Requirements Requirements(LoadSet set) =>
        new RequirementsAnalyser(new AnalysisCache(null), TimeProvider.System).Analyse(set, null, TestContext.Current.CancellationToken);

    private void Executable(string name, string content) =>
        File.SetUnixFileMode(_folder.Write(name, content), UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.OtherExecute);

    /// <summary>Skips the test where this host has no such compiler for x86-64.</summary>
    private string Compile(string compiler, string name, string source, params string[] options)
    {
        Assert.SkipUnless(File.Exists($"/usr/bin/{compiler}") && File.Exists(Loader), $"{compiler} is not installed, or is for another machine");
        string file = _folder.Write(name + ".c", source), output = _folder.At(name);
        using var process = Process.Start(new ProcessStartInfo($"/usr/bin/{compiler}", ["-o", output, file, .. options]) { RedirectStandardError = true })!;
        string errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, errors);
        return output;
    }
}
