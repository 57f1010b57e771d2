using Provenance.Archive.Records;
using Provenance.Runtime.Injection;
using Provenance.Runtime.Sandbox;
using Xunit;

namespace Provenance.Runtime.Tests.Injection;

/// <summary>Libraries that gcc makes, put into a folder that stands for an image: what goes where, and what is refused.</summary>
public sealed class InjectionPlannerTests : IDisposable
{
    private const string One = "int one(void){return 1;}";
    private const string Two = "int two(void){return 2;}";
    private const string UseOne = "int one(void); int main(void){return one();}";

    private readonly CompiledImage _image = new();

    public void Dispose() => _image.Dispose();

    [Fact]
    public void A_host_library_goes_over_the_images_own()
    {
        string program = ProgramWithOne(One + Two);

        var plan = Inject(program, _image.Library("host/libone.so.1", "libone.so.1", One));

        var file = Assert.Single(plan.Files);
        Assert.Equal(("/usr/lib/libone.so.1", "inject"), (file.ContainerPath, file.Reason));
        Assert.Equal("/usr/lib/libone.so.1", file.Replaces?.Path);
        Assert.Equal(["one"], file.SymbolsUsed);
        Assert.Empty(plan.Environment);
        // It lacks a name that the image's has, and nobody uses it.
        Assert.Equal([("INJ-9", Verdict.Ok)], plan.Findings.Select(finding => (finding.Rule, finding.Verdict)));
    }

    [Fact]
    public void Every_copy_that_the_dynamic_linker_could_take_is_covered()
    {
        string program = ProgramWithOne(One);
        _image.Library("image/usr/lib/glibc-hwcaps/x86-64-v3/libone.so.1", "libone.so.1", One);

        var plan = Inject(program, _image.Library("host/libone.so.1", "libone.so.1", One));

        Assert.Equal(
            ["/usr/lib/glibc-hwcaps/x86-64-v3/libone.so.1", "/usr/lib/libone.so.1"], plan.Files.Select(file => file.ContainerPath));
    }

    [Fact]
    public void A_library_that_a_runpath_leads_to_is_covered_where_it_is()
    {
        string own = _image.Library("image/opt/lib/libone.so.1", "libone.so.1", One);
        string program = _image.Program("app", UseOne, own, "-Wl,-rpath,$ORIGIN/../opt/lib");

        var plan = Inject(program, _image.Library("host/libone.so.1", "libone.so.1", One));

        Assert.Equal("/opt/lib/libone.so.1", Assert.Single(plan.Files).ContainerPath);
    }

    [Fact]
    public void What_the_image_has_none_of_goes_into_a_folder_of_ours_with_what_it_needs()
    {
        string inner = _image.Library("host/libinner.so.1", "libinner.so.1", Two);
        string outer = _image.Library("host/libone.so.1", "libone.so.1", "int two(void); int one(void){return two();}", inner, $"-Wl,-rpath,{_image.Host}");
        string program = _image.Program("app", UseOne, outer, $"-Wl,-rpath-link,{_image.Host}");

        var plan = Inject(program, outer);

        Assert.Equal(
            [("/run/prov/lib/libinner.so.1", "closure"), ("/run/prov/lib/libone.so.1", "inject")],
            plan.Files.Select(file => (file.ContainerPath, file.Reason)));
        Assert.Equal([new EnvironmentEntry("LD_LIBRARY_PATH", "/run/prov/lib")], plan.Environment);
        Assert.DoesNotContain(plan.Findings, finding => finding.Verdict == Verdict.Refuse);
    }

    [Fact]
    public void A_dependency_that_the_image_has_too_old_comes_along()
    {
        string old = Versioned("image/usr/lib/libinner.so.1", "INNER_1");
        string recent = Versioned("host/libinner.so.1", "INNER_1", "INNER_2");
        string host = _image.Library("host/libone.so.1", "libone.so.1", "int inner_2(void); int one(void){return inner_2();}", recent, $"-Wl,-rpath,{_image.Host}");
        string own = _image.Library("image/usr/lib/libone.so.1", "libone.so.1", "int inner_1(void); int one(void){return inner_1();}", old);
        string program = _image.Program("app", UseOne, own, $"-Wl,-rpath-link,{_image.Root}/usr/lib");

        var plan = Inject(program, host);

        Assert.Equal(["/usr/lib/libinner.so.1", "/usr/lib/libone.so.1"], plan.Files.Select(file => file.ContainerPath));
        Assert.Equal(["closure", "inject"], plan.Files.Select(file => file.Reason));
    }

    [Fact]
    public void A_symbol_that_the_job_uses_and_the_host_lacks_is_named()
    {
        string program = ProgramWithOne(One);

        var refused = Refuse(program, _image.Library("host/libone.so.1", "libone.so.1", Two));

        Assert.Equal("INJ-5", refused.Rule);
        Assert.Equal(["one"], refused.Evidence);
        Assert.True(refused.CanForce);
    }

    [Fact]
    public void A_refusal_can_be_forced_and_is_told()
    {
        string program = ProgramWithOne(One);
        string library = _image.Library("host/libone.so.1", "libone.so.1", Two);

        var plan = _image.Plan(program, new InjectionRequest { Files = [new(library)], Force = true });

        Assert.Equal(["INJ-5"], plan.Forced);
        Assert.Equal("INJ-5", plan.ToRecord()!.Findings.Single(finding => finding.Verdict == Verdict.Refuse).Rule);
    }

    [Fact]
    public void Versions_that_the_images_c_library_does_not_define_are_named()
    {
        string program = ProgramWithOne(One);

        var refused = Refuse(program, NeedsNewerGlibc());

        Assert.Equal("INJ-3", refused.Rule);
        Assert.Equal(["GLIBC_2.99"], refused.Evidence);
        Assert.Contains("of the image defines up to GLIBC_2.", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_the_images_libraries_define_is_recorded()
    {
        string program = ProgramWithOne(One);
        string library = _image.Library("host/libone.so.1", "libone.so.1", "#include <stdlib.h>\nint one(void){return (int)(long)malloc(1);}");

        Assert.Contains(Inject(program, library).ImageVersions, version => version.StartsWith("libc.so.6:GLIBC_2.", StringComparison.Ordinal));
    }

    [Fact]
    public void A_part_of_the_c_library_is_refused_even_by_force()
    {
        string program = ProgramWithOne(One);
        string libc = CompiledImage.Output("ldd", "/bin/true").Select(line => line.Trim().Split(' ')).First(words => words[0] == "libc.so.6")[2];

        var request = new InjectionRequest { Files = [new(libc)], Force = true };
        var refused = Assert.Throws<InjectionRefusedException>(() => _image.Plan(program, request));

        Assert.Contains(refused.Findings, finding => finding is { Rule: "INJ-13", CanForce: false });
        Assert.False(refused.CanForce);
    }

    [Fact]
    public void A_static_program_is_refused()
    {
        string program = _image.Program("still", "int main(void){return 0;}", "-static");

        Assert.Equal("INJ-1", Refuse(program, _image.Library("host/libone.so.1", "libone.so.1", One)).Rule);
    }

    [Fact]
    public void What_a_static_shell_starts_counts()
    {
        string program = ProgramWithOne(One);
        _image.Program("sh", "int main(void){return 0;}", "-static");
        var request = new InjectionRequest { Files = [new(_image.Library("host/libone.so.1", "libone.so.1", One))] };

        var plan = InjectionPlanner.Plan(_image.Spec("sh") with { Argv = ["sh", "-c", $"exec {program} >out.txt"] }, request);
        Assert.Equal(["one"], Assert.Single(plan.Files).SymbolsUsed);
        Assert.Empty(plan.Findings);

        var unknown = InjectionPlanner.Plan(_image.Spec("sh") with { Argv = ["sh", "-c", "eval $x"] }, request);
        Assert.Contains(unknown.Findings, finding => finding is { Rule: "INJ-1", Verdict: Verdict.Warn });
    }

    [Fact]
    public void A_library_that_nothing_asks_for_is_told_of()
    {
        string program = ProgramWithOne(One);

        var plan = Inject(program, _image.Library("host/libone.so.2", "libone.so.2", One));

        var finding = Assert.Single(plan.Findings);
        Assert.Equal(("INJ-6", Verdict.Warn), (finding.Rule, finding.Verdict));
        Assert.Contains("libone.so.1", finding.Message, StringComparison.Ordinal);
        Assert.Equal("/run/prov/lib/libone.so.2", Assert.Single(plan.Files).ContainerPath);
    }

    [Fact]
    public void A_library_of_another_architecture_is_refused()
    {
        string? foreign = Directory.Exists("/usr/aarch64-linux-gnu/lib") && OperatingSystem.IsLinux()
            && System.Runtime.InteropServices.RuntimeInformation.OSArchitecture == System.Runtime.InteropServices.Architecture.X64
            ? Directory.EnumerateFiles("/usr/aarch64-linux-gnu/lib", "libgcc_s.so.1").FirstOrDefault()
            : null;
        Assert.SkipWhen(foreign is null, "no library of another architecture is installed");

        var refused = Refuse(ProgramWithOne(One), foreign!);

        Assert.Equal(("INJ-14", false), (refused.Rule, refused.CanForce));
        Assert.Equal(["arm64", "amd64"], refused.Evidence);
    }

    [Fact]
    public void A_dependency_that_is_nowhere_is_named()
    {
        string inner = _image.Library("elsewhere/libgone.so.1", "libgone.so.1", Two);
        string library = _image.Library("host/libone.so.1", "libone.so.1", "int two(void); int one(void){return two();}", inner);

        var refused = Refuse(ProgramWithOne(One), library);

        Assert.Equal("INJ-4", refused.Rule);
        Assert.Equal(["libgone.so.1"], refused.Evidence);
    }

    [Fact]
    public void A_symbol_that_the_images_own_dependency_lacks_brings_the_hosts()
    {
        string small = _image.Library("image/usr/lib/libinner.so.1", "libinner.so.1", One);
        string large = _image.Library("host/libinner.so.1", "libinner.so.1", One + Two);
        string host = _image.Library("host/libouter.so.1", "libouter.so.1", "int two(void); int outer(void){return two();}", large, $"-Wl,-rpath,{_image.Host}");
        string own = _image.Library("image/usr/lib/libouter.so.1", "libouter.so.1", "int one(void); int outer(void){return one();}", small);
        string program = _image.Program("app", "int outer(void); int main(void){return outer();}", own, $"-Wl,-rpath-link,{_image.Root}/usr/lib");

        Assert.Equal(["/usr/lib/libinner.so.1", "/usr/lib/libouter.so.1"], Inject(program, host).Files.Select(file => file.ContainerPath));
    }

    [Fact]
    public void A_scripts_interpreter_is_the_program()
    {
        ProgramWithOne(One);
        _image.Write("image/bin/script", "#!/bin/app -x\n");
        File.SetUnixFileMode(_image.At("image/bin/script"), (UnixFileMode)0x1ED);

        var plan = Inject("/bin/script", _image.Library("host/libone.so.1", "libone.so.1", One));

        Assert.Equal(["one"], Assert.Single(plan.Files).SymbolsUsed);
    }

    [Fact]
    public void A_file_that_is_no_library_must_be_said_where_it_goes()
    {
        string program = ProgramWithOne(One);
        string data = _image.Write("host/data", "x");

        Assert.Throws<InjectionException>(() => Inject(program, data));
        var plan = _image.Plan(program, new InjectionRequest { Files = [new(data, "/etc/data")] });
        Assert.Equal("/etc/data", Assert.Single(plan.Files).ContainerPath);
    }

    [Theory]
    [InlineData("libmpi.so.12", "libmpich.so.12", "", null)]
    [InlineData("libmpich.so.12", "libmpi.so.12", "", null)]
    [InlineData("libmpi.so.40", "libmpi.so.40", "int ompi_mpi_comm_world;", null)]
    [InlineData("libmpich.so.12", "libmpi.so.40", "int ompi_mpi_comm_world;", "MPI-3")]
    [InlineData("libmpi.so.40", "libmpich.so.12", "", "MPI-3")]
    [InlineData("libmpi.so.12", "libmpi.so.12", "int ompi_mpi_comm_world;", "MPI-3")]
    public void An_mpi_is_exchanged_within_one_interface_only(string asked, string offered, string mark, string? refusal)
    {
        const string Mpi = "int MPI_Init(void*a,void*b){return 0;}";
        string own = _image.Library($"image/usr/lib/{asked}", asked, Mpi);
        string program = _image.Program("app", "int MPI_Init(void*,void*); int main(void){return MPI_Init(0,0);}", own);
        _image.Library($"host/opt/mpi/lib/{offered}", offered, Mpi + mark);
        var request = new InjectionRequest { HostMpi = true, HostRoot = _image.Host, Environment = [new("MPI_HOME", "/opt/mpi"), new("PMI_RANK", "3")] };

        if (refusal is not null)
        {
            var refused = Assert.Throws<InjectionRefusedException>(() => _image.Plan(program, request));
            Assert.Equal(refusal, refused.Findings[0].Rule);
            return;
        }

        var plan = _image.Plan(program, request);
        var file = Assert.Single(plan.Files);
        Assert.Equal(($"/usr/lib/{asked}", "mpi"), (file.ContainerPath, file.Reason));
        Assert.Equal($"{_image.Host}/opt/mpi/lib/{offered}", file.HostPath);
        Assert.Contains(new EnvironmentEntry("PMI_RANK", "3"), plan.Environment);
    }

    private string ProgramWithOne(string source) => _image.Program("app", UseOne, _image.Library("image/usr/lib/libone.so.1", "libone.so.1", source));

    /// <summary>With one function a version.</summary>
    private string Versioned(string name, params string[] versions)
    {
        string script = _image.Write("versions", string.Join('\n', versions.Select(v => $"{v} {{ global: {v.ToLowerInvariant()}; }};")));
        string source = string.Join('\n', versions.Select(v => $"int {v.ToLowerInvariant()}(void){{return 0;}}"));
        return _image.Library(name, "libinner.so.1", source, $"-Wl,--version-script={script}");
    }

    private string NeedsNewerGlibc()
    {
        string script = _image.Write("versions", "GLIBC_2.99 { global: newer; };");
        string libc = _image.Library("stub/libc.so.6", "libc.so.6", "int newer(void){return 0;}", "-nostdlib", $"-Wl,--version-script={script}");
        return _image.Library("host/libone.so.1", "libone.so.1", "int newer(void); int one(void){return newer();}", "-nostdlib", libc);
    }

    private InjectionPlan Inject(string program, string library) => _image.Plan(program, new InjectionRequest { Files = [new(library)] });

    private Finding Refuse(string program, string library)
    {
        var refused = Assert.Throws<InjectionRefusedException>(() => Inject(program, library));
        return refused.Findings.First(finding => finding.Verdict == Verdict.Refuse);
    }
}
