using Provenance.Archive.Compatibility;
using Provenance.Archive.Records;
using Xunit;

namespace Provenance.Archive.Tests.Compatibility;

/// <summary>Runs of one machine judged for another.</summary>
public sealed class AssessorTests
{
    /// <summary>Recorded on, replayed on, verdict, runs, same results, rules that do not say OK.</summary>
    public static TheoryData<string, string, Verdict, Answer, Answer, string> Pairs => new()
    {
        { "haswell", "haswell", Verdict.Ok, Answer.Yes, Answer.Yes, "" },
        { "a64fx", "a64fx", Verdict.Ok, Answer.Yes, Answer.Yes, "" },
        { "haswell", "nehalem", Verdict.Refuse, Answer.No, Answer.No, "CPU-13" },
        { "skylake_avx512", "haswell", Verdict.Refuse, Answer.No, Answer.No, "CPU-13" },
        { "zen5", "zen3", Verdict.Refuse, Answer.No, Answer.No, "CPU-13" },
        { "haswell", "skylake_avx512", Verdict.Warn, Answer.Yes, Answer.Unknown, "NUM-1" },
        { "zen", "zen3", Verdict.Warn, Answer.Yes, Answer.Unknown, "NUM-1" },
        { "haswell", "zen3", Verdict.Warn, Answer.Yes, Answer.Unknown, "NUM-1 NUM-2" },
        { "neoverse_n1", "neoverse_v1", Verdict.Warn, Answer.Yes, Answer.Unknown, "NUM-1" },
        { "a64fx", "neoverse_v1", Verdict.Warn, Answer.Unknown, Answer.Unknown, "PAGE-1 NUM-1 NUM-2 NUM-4" },
        { "a64fx", "neoverse_n1", Verdict.Refuse, Answer.No, Answer.No, "PAGE-1 CPU-13 NUM-1 NUM-2" },
        { "neoverse_n1", "a64fx", Verdict.Refuse, Answer.No, Answer.No, "PAGE-1 CPU-13 NUM-1 NUM-2" },
        { "neoverse_n1", "haswell", Verdict.Refuse, Answer.No, Answer.No, "ARCH-1" },
        { "nehalem", "a64fx", Verdict.Refuse, Answer.No, Answer.No, "ARCH-1" },
    };

    [Theory]
    [MemberData(nameof(Pairs))]
    public void A_run_of_one_machine_is_judged_for_another(
        string then, string here, Verdict verdict, Answer runs, Answer sameResults, string rules)
    {
        var assessment = Assessor.Assess(RunSamples.RunOn(Profiles.Host(then)), Profiles.Host(here));

        Assert.Equal(rules, string.Join(' ', assessment.Findings.Where(f => f.Verdict != Verdict.Ok).Select(f => f.Rule)));
        Assert.Equal((verdict, runs, sameResults), (assessment.Verdict, assessment.Runs, assessment.SameResults));
    }

    [Fact]
    public void A_missing_feature_is_named_with_both_processors_and_a_remedy()
    {
        var finding = Find(RunSamples.RunOn(Profiles.Host("skylake_avx512")), Profiles.Host("haswell"), "CPU-13");

        Assert.Equal(
            "the run was recorded on Intel(R) Xeon(R) Gold 6132 CPU @ 2.60GHz (skylake_avx512, x86-64-v4); this CPU, "
            + "Intel(R) Xeon(R) CPU E5-2680 v3 @ 2.50GHz (haswell, x86-64-v3), lacks adx, avx512bw, avx512cd, avx512dq, avx512f, "
            + "avx512vl, which the job's programs may use without asking",
            finding.Message);
        Assert.Equal(["adx", "avx512bw", "avx512cd", "avx512dq", "avx512f", "avx512vl"], finding.Evidence);
        Assert.Equal(
            "replay it on any x86-64-v4 host (Intel Skylake-SP 2017, AMD Zen 4 2022, or newer servers) with adx", finding.Remedy);
    }

    /// <summary>Others reach the same level and give other digits.</summary>
    [Theory]
    [InlineData("haswell", "for the same digits replay it on a haswell host")]
    [InlineData("x86_64_v2", "for the same digits replay it on a host with the same CPU, Intel(R) Xeon(R) CPU E5-2680 v3 @ 2.50GHz")]
    public void For_the_same_digits_a_model_is_named_and_no_level(string name, string expected)
    {
        var then = Profiles.Host("haswell");
        then = then with { Cpu = then.Cpu with { Microarchitecture = name } };

        Assert.Equal(expected, Find(RunSamples.RunOn(then), Profiles.Host("zen3"), "NUM-2").Remedy);
    }

    [Fact]
    public void Another_architecture_cannot_be_forced()
    {
        var assessment = Assessor.Assess(RunSamples.RunOn(Profiles.Host("neoverse_n1")), Profiles.Host("haswell"));

        Assert.Null(Assessor.Forced(assessment));
    }

    [Fact]
    public void A_missing_feature_can_be_forced_and_the_rule_is_named()
    {
        var assessment = Assessor.Assess(RunSamples.RunOn(Profiles.Host("haswell")), Profiles.Host("nehalem"));

        Assert.Equal(["CPU-13"], Assessor.Forced(assessment));
    }

    [Fact]
    public void Nothing_is_forced_where_nothing_refuses() =>
        Assert.Equal([], Assessor.Forced(Assessor.Assess(RunSamples.RunOn(Profiles.Host("zen")), Profiles.Host("zen"))));

    [Fact]
    public void Strict_refuses_what_was_warned_of()
    {
        var strict = Assessor.Strict(Assessor.Assess(RunSamples.RunOn(Profiles.Host("haswell")), Profiles.Host("zen3")));

        Assert.Equal(Verdict.Refuse, strict.Verdict);
        Assert.Equal(["NUM-1", "NUM-2"], strict.Findings.Where(f => f.Verdict == Verdict.Refuse).Select(f => f.Rule));
    }

    /// <summary>Such as of its inputs and its standard input, which a replay looks at.</summary>
    [Theory]
    [InlineData("STDIN-1", Verdict.Warn, Answer.Yes, Answer.Unknown)]
    [InlineData("INPUT-1", Verdict.Refuse, Answer.No, Answer.No)]
    public void What_was_found_besides_still_counts_when_other_findings_are_settled(string rule, Verdict verdict, Answer runs, Answer sameResults)
    {
        var assessment = Assessor.Assess(RunSamples.RunOn(Profiles.Host("haswell")), Profiles.Host("skylake_avx512"));
        Finding besides = new() { Rule = rule, Verdict = verdict, Message = "besides", Evidence = [], CanForce = true };
        assessment = assessment with { Findings = [.. assessment.Findings, besides], Runs = runs, SameResults = sameResults };

        var settled = Assessor.Settle(assessment, ["NUM-1"], "shown another");
        var provided = Assessor.Provide(settled, "CPU-", "done by qemu");
        var tried = Assessor.Tried(settled, _ => false, "it was tried");

        Assert.All([settled, provided, tried], one => Assert.Equal((verdict, runs, sameResults), (one.Verdict, one.Runs, one.SameResults)));
    }

    [Fact]
    public void Without_lzcnt_wrong_numbers_are_warned_of()
    {
        var haswell = Profiles.Host("haswell");
        var without = haswell with { Cpu = haswell.Cpu with { Features = [.. haswell.Cpu.Features.Where(f => f != "abm")] } };

        Assert.EndsWith(
            "without abm an lzcnt instruction gives wrong numbers and no error",
            Find(RunSamples.RunOn(haswell), without, "CPU-13").Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_feature_that_the_system_switched_off_is_not_called_missing()
    {
        var then = Profiles.Host("zen5");
        string[] off = [.. then.Cpu.Features.Where(f => f.StartsWith("avx512", StringComparison.Ordinal))];
        var here = then with
        {
            Cpu = then.Cpu with { Level = "v3", Features = [.. then.Cpu.Features.Except(off)], FeaturesDisabled = off },
            Kernel = then.Kernel with { CpuOptions = ["clearcpuid=avx512f"] },
        };
        var assessment = Assessor.Assess(RunSamples.RunOn(then), here);

        Assert.Equal(["CPU-10"], assessment.Findings.Where(f => f.Verdict == Verdict.Refuse).Select(f => f.Rule));
        Assert.Contains("clearcpuid=avx512f", assessment.Findings[0].Message, StringComparison.Ordinal);
        Assert.Equal(off, assessment.Findings[0].Evidence);
    }

    [Fact]
    public void What_programs_ask_for_first_is_only_noted()
    {
        var then = Profiles.Host("zen3");
        var here = then with { Cpu = then.Cpu with { Features = [.. then.Cpu.Features.Except(["rdseed", "pku", "smep"])] } };
        var assessment = Assessor.Assess(RunSamples.RunOn(then), here);

        Assert.Equal(Verdict.Ok, assessment.Verdict);
        Assert.Equal(["pku", "rdseed"], Assert.Single(assessment.Findings).Evidence);
    }

    [Fact]
    public void The_features_of_all_nodes_are_asked_for()
    {
        var run = RunSamples.RunOn(Profiles.Host("haswell"), Profiles.Host("skylake_avx512"));

        Assert.Contains("avx512f", Find(run, Profiles.Host("haswell"), "CPU-13").Evidence);
        Assert.Equal(2, Find(run, Profiles.Host("haswell"), "CPU-11").Evidence.Count);
        Assert.StartsWith("for the same digits", Find(run, Profiles.Host("haswell"), "CPU-11").Remedy, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("OPENBLAS_CORETYPE", "Haswell", true)]
    [InlineData("OPENBLAS_CORETYPE", "SKYLAKEX", true)]
    [InlineData("OPENBLAS_CORETYPE", "Nehalem", false)]
    [InlineData("OPENBLAS_CORETYPE", "Zen5", false)]
    public void A_kernel_pinned_by_the_environment_must_run_here(string name, string value, bool refused)
    {
        var nehalem = Profiles.Host("nehalem");
        var run = RunSamples.RunOn(nehalem) with { Environment = [new() { Name = name, Value = value }] };

        Assert.Equal(refused, Rules(Assessor.Assess(run, nehalem)).Contains("CPU-9"));
    }

    [Theory]
    [InlineData(10L << 30, Verdict.Ok)]
    [InlineData(60L << 30, Verdict.Warn)]
    [InlineData(65L << 30, Verdict.Refuse)]
    public void Memory_must_hold_the_recorded_peak(long peakBytes, Verdict verdict)
    {
        var host = Profiles.Host("zen");
        var run = RunSamples.RunOn(host);

        Assert.Equal(verdict, Assessor.Assess(run with { Outcome = run.Outcome with { PeakMemoryBytes = peakBytes } }, host).Verdict);
    }

    [Theory]
    [InlineData("0-7", 8, 8, false)]
    [InlineData("0-7", 8, 4, true)]
    [InlineData("0-7", 8, 16, true)]
    [InlineData("0-3", 8, 16, true)]
    [InlineData("0-3", 8, 2, true)]
    [InlineData("0-3", 8, 4, false)]
    [InlineData("0-3", 8, 16, false, 4)]
    [InlineData("0-7", 8, 8, true, 4)]
    [InlineData("0-7", 8, 8, false, 0)]
    [InlineData("nonsense", 8, 2, false)]
    public void Thread_counts_that_the_job_would_notice_are_warned_of(string affinity, int then, int here, bool warned, int? allowedHere = null)
    {
        var host = Profiles.Host("zen");
        var run = RunSamples.RunOn(host with { Cpu = host.Cpu with { Threads = then } });
        run = run with { Invocation = run.Invocation with { Affinity = affinity } };
        var now = host with { Cpu = host.Cpu with { Threads = here } };

        Assert.Equal(warned, Rules(Assessor.Assess(run, now, cpusHere: allowedHere)).Contains("NUM-3"));
        Assert.DoesNotContain(
            "NUM-3",
            Rules(Assessor.Assess(run with { Environment = [new() { Name = "OMP_NUM_THREADS", Value = "8" }] }, now, cpusHere: allowedHere)));
    }

    [Fact]
    public void Emulation_is_warned_of_then_and_now()
    {
        var host = Profiles.Host("haswell");
        var emulated = host with { Emulated = true, Hypervisor = "TCGTCGTCGTCG" };

        Assert.Equal(["EMU-2"], Rules(Assessor.Assess(RunSamples.RunOn(host), emulated)));
        Assert.Equal(["REC-1"], Rules(Assessor.Assess(RunSamples.RunOn(emulated), host)));
        Assert.StartsWith("for the same digits", Find(RunSamples.RunOn(emulated), host, "REC-1").Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void An_image_variant_above_the_host_is_refused()
    {
        var host = Profiles.Host("nehalem");
        var run = RunSamples.RunOn(host);
        run = run with { Image = run.Image with { Platform = run.Image.Platform with { Variant = "v3" } } };

        Assert.Equal(["IMG-2"], Rules(Assessor.Assess(run, host)));
    }

    [Fact]
    public void Injected_files_are_compared_when_somebody_looked()
    {
        var host = Profiles.Host("zen");
        string a = new('a', 64), b = new('b', 64);
        var run = RunSamples.RunOn(host) with { Injected = [RunSamples.Library("libmpi.so.12", a, "MPI_1", "MPI_2")] };

        Assert.Equal(["INJ-12"], Rules(Assessor.Assess(run, host)));
        Assert.Equal(["INJ-2"], Rules(Assessor.Assess(run, host, [])));
        Assert.Equal([], Rules(Assessor.Assess(run, host, run.Injected)));
        Assert.Equal(
            ["INJ-3", "INJ-8"], Rules(Assessor.Assess(run, host, [RunSamples.Library("libmpi.so.12", b, "MPI_1")])));
    }

    [Fact]
    public void What_the_job_took_from_an_injected_library_must_be_in_the_one_of_this_host()
    {
        var host = Profiles.Host("zen");
        var then = RunSamples.Library("libmpi.so.12", new('a', 64)) with { SymbolsUsed = ["MPI_Init", "MPI_Send"] };
        var run = RunSamples.RunOn(host) with { Injected = [then] };

        Assert.Equal([], Rules(Assessor.Assess(run, host, [then])));
        var refused = Assessor.Assess(run, host, [then with { SymbolsUsed = ["MPI_Init"] }]);
        Assert.Equal(["INJ-5"], Rules(refused));
        Assert.Equal(["MPI_Send"], refused.Findings[0].Evidence);
        Assert.Equal(Answer.No, refused.Runs);
    }

    [Fact]
    public void A_library_that_needs_more_than_the_image_defines_is_refused_without_the_image()
    {
        var host = Profiles.Host("zen");
        var then = RunSamples.Library("libmpi.so.12", new('a', 64)) with { VersionsNeeded = ["libc.so.6:GLIBC_2.34"] };
        var run = RunSamples.RunOn(host) with { Injected = [then], Injection = Injection("libc.so.6:GLIBC_2.34", "libc.so.6:GLIBC_2.36") };

        Assert.Equal([], Rules(Assessor.Assess(run, host, [then with { VersionsNeeded = ["libc.so.6:GLIBC_2.36", "libfabric.so.1:FABRIC_1.7"] }])));
        var refused = Assessor.Assess(run, host, [then with { VersionsNeeded = ["libc.so.6:GLIBC_2.38"] }]);
        Assert.Equal(["INJ-3"], Rules(refused));
        Assert.Equal(Verdict.Refuse, refused.Verdict);
        Assert.Equal(["libc.so.6:GLIBC_2.38"], refused.Findings[0].Evidence);
    }

    [Fact]
    public void One_mpi_interface_has_several_names()
    {
        var host = Profiles.Host("zen");
        var then = RunSamples.Library("libmpich.so.12", new('a', 64)) with { Reason = "mpi" };

        Assert.Equal([], Rules(Assessor.Assess(RunSamples.RunOn(host) with { Injected = [then] }, host, [then with { Soname = "libmpi.so.12" }])));
    }

    [Fact]
    public void A_gpu_that_was_given_by_option_counts_as_given()
    {
        var with = Profiles.Host("zen") with { Gpus = [Gpu("NVIDIA A100", "10de:20b0", "535.161.08")] };
        var place = new InjectedPlace { Kind = "device", HostPath = "/dev/nvidia0", ContainerPath = "/dev/nvidia0", ReadOnly = false, Reason = "gpu" };
        var run = RunSamples.RunOn(with) with { Injection = Injection() with { Places = [place] } };

        Assert.Equal(["GPU-1"], Rules(Assessor.Assess(run, Profiles.Host("zen"))));
    }

    private static RunInjection Injection(params string[] imageVersions) => new()
    {
        Options = new InjectionOptions(),
        Places = [],
        Variables = [],
        ImageVersions = imageVersions,
        Findings = [],
        Forced = [],
    };

    [Fact]
    public void A_gpu_counts_only_when_the_job_was_given_it()
    {
        var with = Profiles.Host("zen") with { Gpus = [Gpu("NVIDIA A100", "10de:20b0", "535.161.08")] };
        var given = RunSamples.RunOn(with) with { Mounts = [Device("/dev/nvidia0")] };

        Assert.Equal([], Rules(Assessor.Assess(RunSamples.RunOn(with), Profiles.Host("zen"))));
        Assert.Equal(["GPU-1"], Rules(Assessor.Assess(given, Profiles.Host("zen"))));
        Assert.Equal([], Rules(Assessor.Assess(given, with)));
        Assert.Equal(
            ["GPU-7", "GPU-9"],
            Rules(Assessor.Assess(given, with with { Gpus = [Gpu("NVIDIA V100", "10de:1db4", "470.82.01")] })));
    }

    /// <summary>A workstation's processor often has a GPU of its own, which the job has nothing of.</summary>
    [Theory]
    [InlineData("/dev/nvidia0", "nvidia", "")]
    [InlineData("/dev/nvidia0", "intel", "GPU-1")]
    [InlineData("/dev/kfd", "nvidia", "GPU-1")]
    [InlineData("/dev/dri", "nvidia", "")]
    [InlineData("/dev/dri", "none", "GPU-1")]
    public void A_gpu_that_the_job_was_not_given_is_not_asked_for(string device, string here, string rules)
    {
        var nvidia = Gpu("NVIDIA A100", "10de:20b0", "535.161.08");
        var with = Profiles.Host("zen") with
        {
            Gpus = [nvidia with { Vendor = "intel", Model = "Arc", PciId = "8086:56a0" }, nvidia, nvidia with { Vendor = "amd", Model = "MI210", PciId = "1002:740f" }],
        };
        var run = RunSamples.RunOn(with) with { Mounts = [Device(device)] };

        Assert.Equal(rules, string.Join(' ', Rules(Assessor.Assess(run, with with { Gpus = [.. with.Gpus.Where(g => g.Vendor == here)] }))));
    }

    [Fact]
    public void The_driver_is_judged_beside_a_gpu_of_another_vendor()
    {
        var nvidia = Gpu("NVIDIA A100", "10de:20b0", "470.82.01");
        var with = Profiles.Host("zen") with { Gpus = [nvidia with { Vendor = "intel", Model = "Arc", PciId = "8086:56a0" }, nvidia] };
        var run = RunSamples.RunOn(with) with
        {
            Injected = [RunSamples.Library("libcuda.so.1", new('a', 64)) with { Reason = "gpu" }],
            Environment = [new() { Name = "CUDA_VERSION", Value = "12.4.1" }],
        };

        Assert.Contains("GPU-2", Rules(Assessor.Assess(run, with)));
    }

    private static Finding Find(RunRecord run, HostProfile here, string rule) =>
        Assert.Single(Assessor.Assess(run, here).Findings, f => f.Rule == rule);

    private static string[] Rules(Assessment assessment) => [.. assessment.Findings.Select(f => f.Rule)];

    private static GpuProfile Gpu(string model, string pciId, string driver) => new()
    {
        Vendor = "nvidia",
        Model = model,
        PciAddress = "0000:01:00.0",
        PciId = pciId,
        DriverVersion = driver,
    };

    private static Mount Device(string path) => new()
    {
        Kind = "bind",
        Source = path,
        Destination = path,
        ReadOnly = false,
        Purpose = "bind",
        IsFile = true,
    };
}
