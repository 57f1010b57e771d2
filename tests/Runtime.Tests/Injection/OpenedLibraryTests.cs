using Provenance.Archive.Records;
using Provenance.Runtime.Injection;
using Provenance.Runtime.Sandbox;
using Xunit;

namespace Provenance.Runtime.Tests.Injection;

/// <summary>What is opened while a job runs: plug-ins of the host's libraries, and the image's own libraries that ask for what is put in.</summary>
public sealed class OpenedLibraryTests : IDisposable
{
    private const string One = "int one(void){return 1;}";
    private const string OneTwo = "int one(void){return 1;} int two(void){return 2;}";
    private const string UseOne = "int one(void); int main(void){return one();}";
    private const string UseTwo = "int two(void); int module(void){return two();}";

    private readonly CompiledImage _image = new();

    public void Dispose() => _image.Dispose();

    [Theory]
    [InlineData("libopen-pal.so.40", "openmpi", null)]
    [InlineData("libopen-pal.so.40", "openmpi/lib/openmpi3", null)]
    [InlineData("libpmix.so.2", "pmix", null)]
    [InlineData("libucs.so.0", "ucx", "UCX_MODULE_DIR")]
    [InlineData("libfabric.so.1", "libfabric", "FI_PROVIDER_PATH")]
    public void Plug_ins_of_a_library_come_along_where_it_looks_for_them(string library, string folder, string? variable)
    {
        string extra = _image.Library("host/usr/lib/libextra.so.1", "libextra.so.1", "int extra(void){return 1;}");
        _image.Library($"host/usr/lib/{folder}/mca_one.so", "mca_one.so", "int extra(void); int open(void){return extra();}", extra);

        var plan = Inject(library);

        Assert.Equal([$"folder /usr/lib/{folder} {_image.Host}/usr/lib/{folder}"], plan.Places.Select(place => $"{place.Kind} {place.ContainerPath} {place.HostPath}"));
        Assert.Equal(["/run/prov/lib/libextra.so.1", $"/usr/lib/{library}"], plan.Files.Select(file => file.ContainerPath));
        Assert.Equal(variable is null ? [] : [$"/usr/lib/{folder}"], plan.Environment.Where(entry => entry.Name == variable).Select(entry => entry.Value));
        Assert.Empty(plan.Findings);
    }

    /// <summary>Open MPI passes over a component that it cannot load: so do we, but not in silence.</summary>
    [Fact]
    public void A_plug_in_that_cannot_be_loaded_is_told_of_and_stops_nothing()
    {
        string script = _image.Write("versions", "GLIBC_2.99 { global: newer; };");
        string libc = _image.Library("stub/libc.so.6", "libc.so.6", "int newer(void){return 0;}", "-nostdlib", $"-Wl,--version-script={script}");
        string net = _image.Library("host/usr/lib/libnet.so.1", "libnet.so.1", "int newer(void); int net(void){return newer();}", "-nostdlib", libc);
        _image.Library("host/usr/lib/openmpi/mca_net.so", "mca_net.so", "int net(void); int open(void){return net();}", "-nostdlib", net, "-Wl,--allow-shlib-undefined");
        _image.Library("host/usr/lib/openmpi/mca_self.so", "mca_self.so", "int open(void){return 1;}");
        string gone = _image.Library("stub/libgone.so.1", "libgone.so.1", "int gone(void){return 1;}");
        _image.Library("host/usr/lib/openmpi/mca_gone.so", "mca_gone.so", "int gone(void); int open(void){return gone();}", gone);

        var plan = Inject("libopen-pal.so.40");

        var finding = Assert.Single(plan.Findings);
        Assert.Equal(("INJ-15", Verdict.Warn), (finding.Rule, finding.Verdict));
        Assert.Equal(
            "2 of 3 plug-ins of libopen-pal.so.40 of this host cannot be loaded in the image: mca_gone.so (libgone.so.1 is missing), mca_net.so (libc.so.6 lacks GLIBC_2.99)",
            finding.Message);
        Assert.DoesNotContain(plan.Files, file => file.ContainerPath.Contains("libnet", StringComparison.Ordinal));
    }

    /// <summary>An extension module, say of Python: no program asks for it, and nothing shows before it is opened whether it is.</summary>
    [Fact]
    public void A_module_of_the_image_that_would_miss_something_is_told_of()
    {
        string own = _image.Library("image/usr/lib/libone.so.1", "libone.so.1", OneTwo);
        string program = _image.Program("app", UseOne, own);
        _image.Library("image/usr/lib/python3/module.so", "module.so", UseTwo, own);
        string library = _image.Library("host/libone.so.1", "libone.so.1", One);

        var finding = Assert.Single(_image.Plan(program, new InjectionRequest { Files = [new(library)] }).Findings, finding => finding.Verdict != Verdict.Ok);

        Assert.Equal(("INJ-16", Verdict.Warn), (finding.Rule, finding.Verdict));
        Assert.StartsWith("'/usr/lib/python3/module.so' of the image, which a program may open while it runs, uses two, which '", finding.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_an_earlier_run_is_known_to_have_opened_is_refused()
    {
        string own = _image.Library("image/usr/lib/libone.so.1", "libone.so.1", OneTwo);
        string program = _image.Program("app", UseOne, own);
        _image.Library("image/usr/lib/python3/module.so", "module.so", UseTwo, own);
        string library = _image.Library("host/libone.so.1", "libone.so.1", One);
        var request = new InjectionRequest { Files = [new(library)], Opened = ["/usr/lib/python3/module.so", "/usr/lib/gone.so"] };

        var refused = Assert.Throws<InjectionRefusedException>(() => _image.Plan(program, request)).Findings;

        Assert.Equal(["INJ-5"], refused.Where(finding => finding.Verdict != Verdict.Ok).Select(finding => finding.Rule));
        Assert.Contains("'/usr/lib/python3/module.so' of the image uses two", refused[0].Message, StringComparison.Ordinal);
    }

    /// <summary>An MPI that only an extension module asks for is exchanged when it is known that the module is opened.</summary>
    [Fact]
    public void An_mpi_that_an_opened_module_asks_for_is_exchanged()
    {
        string own = _image.Library("image/opt/libmpich.so.12", "libmpich.so.12", "int MPI_Init(void){return 1;}");
        string program = _image.Program("python3", "int main(void){return 0;}");
        _image.Library("image/usr/lib/mpi4py/MPI.so", "MPI.so", "int MPI_Init(void); int f(void){return MPI_Init();}", own, "-Wl,-rpath,/opt");
        _image.Library("host/opt/mpi/lib/libmpich.so.12", "libmpich.so.12", "int MPI_Init(void){return 0;}");
        var request = new InjectionRequest
        {
            HostMpi = true,
            HostRoot = _image.Host,
            Environment = [new("MPI_HOME", "/opt/mpi")],
            Opened = ["/usr/lib/mpi4py/MPI.so"],
        };

        var plan = _image.Plan(program, request);

        Assert.Equal(["/opt/libmpich.so.12"], plan.Files.Select(file => file.ContainerPath));
        Assert.Equal(["MPI_Init"], plan.Files[0].SymbolsUsed);
    }

    /// <summary>A note of the packaging kind says beforehand what a library opens.</summary>
    [Fact]
    public void What_a_note_says_that_a_program_opens_is_checked()
    {
        string own = _image.Library("image/usr/lib/libone.so.1", "libone.so.1", OneTwo);
        _image.Library("image/usr/lib/libmodule.so.1", "libmodule.so.1", UseTwo, own);
        const string Note = """[{"feature":"module","priority":"recommended","soname":["libmodule.so.1"]}]""";
        string note = _image.Write("note.s", $"""
            .section .note.dlopen, "a"
            .balign 4
            .long 4, 9f - 8f, 0x407c0c0a
            .asciz "FDO"
            8: .asciz "{Note.Replace("\"", "\\\"", StringComparison.Ordinal)}"
            9: .balign 4
            .section .note.GNU-stack,"",@progbits

            """);
        string program = _image.Program("app", UseOne, own, note);
        string library = _image.Library("host/libone.so.1", "libone.so.1", One);

        var refused = Assert.Throws<InjectionRefusedException>(() => _image.Plan(program, new InjectionRequest { Files = [new(library)] })).Findings;

        Assert.Contains(refused, finding => finding.Rule == "INJ-5" && finding.Message.Contains("'/usr/lib/libmodule.so.1' of the image uses two", StringComparison.Ordinal));
    }

    /// <summary>Variables of the launcher, those that the library looks at, and the rule.</summary>
    [Theory]
    [InlineData("PMI_RANK=1 PMI_FD=5 PMI_SIZE=2", "PMI_FD", "")]
    [InlineData("PMI_RANK=1 PMI_PORT=h:1 PMI_SIZE=2", "PMIX_NAMESPACE", "MPI-2")]
    [InlineData("PMIX_RANK=1 PMIX_NAMESPACE=x OMPI_COMM_WORLD_SIZE=2", "PMI_FD", "MPI-2")]
    [InlineData("PMIX_RANK=0 PMIX_NAMESPACE=x OMPI_COMM_WORLD_SIZE=1", "PMI_FD", "")]
    [InlineData("PMIX_RANK=1 PMIX_NAMESPACE=x", "PMIX_NAMESPACE", "")]
    [InlineData("PMIX_RANK=1 PMIX_NAMESPACE=x", "neither", "")]
    [InlineData("SLURM_JOB_ID=7", "PMI_FD", "")]
    public void A_library_that_does_not_understand_the_launcher_is_refused(string launcher, string understood, string rule)
    {
        string own = _image.Library("image/usr/lib/libmpich.so.12", "libmpich.so.12", "int MPI_Init(void){return 1;}");
        string program = _image.Program("app", "int MPI_Init(void); int main(void){return MPI_Init();}", own);
        _image.Library("host/opt/mpi/lib/libmpich.so.12", "libmpich.so.12", $"const char *name = \"{understood}\"; int MPI_Init(void){{return 0;}}");
        var request = new InjectionRequest
        {
            HostMpi = true,
            HostRoot = _image.Host,
            Force = true,
            Environment = [new("MPI_HOME", "/opt/mpi"), .. launcher.Split(' ').Select(pair => new EnvironmentEntry(pair.Split('=')[0], pair.Split('=')[1]))],
        };

        Assert.Equal(rule, string.Join(' ', _image.Plan(program, request).Findings.Where(finding => finding.Verdict != Verdict.Ok).Select(finding => finding.Rule)));
    }

    [Fact]
    public void A_rank_whose_mpi_is_not_told_of_the_launcher_is_warned()
    {
        string own = _image.Library("image/usr/lib/libmpich.so.12", "libmpich.so.12", "int MPI_Init(void){return 1;}");
        string program = _image.Program("app", "int MPI_Init(void); int main(void){return MPI_Init();}", own);
        EnvironmentEntry[] launched = [new("PMI_RANK", "1"), new("PMI_FD", "5"), new("PMI_SIZE", "4")];

        var told = InjectionPlanner.CheckLaunch(_image.Spec(program), launched);

        Assert.Equal(
            "this is rank 1 of 4 of a launcher, of which '/usr/lib/libmpich.so.12' of the image is not told: every rank would believe it is alone",
            Assert.Single(told).Message);
        Assert.Empty(InjectionPlanner.CheckLaunch(_image.Spec(program, launched), launched));
        Assert.Empty(InjectionPlanner.CheckLaunch(_image.Spec(program), []));
        Assert.Empty(InjectionPlanner.CheckLaunch(_image.Spec(_image.Program("plain", "int main(void){return 0;}")), launched));
    }

    /// <summary>A library of the host in place of the image's, with a program that asks for it.</summary>
    private InjectionPlan Inject(string library)
    {
        string program = _image.Program("app", UseOne, _image.Library($"image/usr/lib/{library}", library, One));
        string host = _image.Library($"host/usr/lib/{library}", library, One);
        return _image.Plan(program, new InjectionRequest { Files = [new(host)], HostRoot = _image.Host });
    }
}
