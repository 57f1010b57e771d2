using Provenance.Archive.Compatibility;
using Provenance.Archive.Records;
using Xunit;

namespace Provenance.Archive.Tests.Compatibility;

/// <summary>Runs whose record says what their programs ask for, judged for another machine.</summary>
public sealed class RequirementRuleTests
{
    private const string Library = "/usr/lib/libfit.so";

    /// <summary>Recorded on, replayed on, what was found, verdict, rules that do not say OK.</summary>
    public static TheoryData<string, string, string, Verdict, string> Rows => new()
    {
        { "skylake_avx512", "haswell", "nothing", Verdict.Ok, "" },
        { "skylake_avx512", "nehalem", "nothing", Verdict.Ok, "" },
        { "skylake_avx512", "haswell", "strong avx512f", Verdict.Refuse, "CPU-2" },
        { "skylake_avx512", "haswell", "strong avx2", Verdict.Ok, "" },
        { "skylake_avx512", "nehalem", "strong avx2", Verdict.Refuse, "CPU-2" },
        { "haswell", "nehalem", "strong abm", Verdict.Refuse, "CPU-3" },
        { "haswell", "nehalem", "weak avx2", Verdict.Warn, "CPU-4" },
        { "haswell", "nehalem", "shared avx2", Verdict.Warn, "CPU-8" },
        { "haswell", "nehalem", "narrow avx2", Verdict.Ok, "" },
        { "haswell", "haswell", "narrow avx2", Verdict.Ok, "" },
        { "haswell", "nehalem", "may avx2", Verdict.Warn, "NUM-1" },
        { "haswell", "nehalem", "c-library avx2", Verdict.Ok, "" },
        { "haswell", "nehalem", "isa-note v3", Verdict.Refuse, "CPU-1" },
        { "haswell", "nehalem", "isa-note v2", Verdict.Ok, "" },
        { "haswell", "nehalem", "libc-level v3", Verdict.Refuse, "CPU-1" },
        { "haswell", "nehalem", "libc-level v2", Verdict.Ok, "" },
        { "haswell", "haswell", "libc-level v3", Verdict.Ok, "" },
        { "haswell", "nehalem", "go v3", Verdict.Refuse, "CPU-6" },
        { "haswell", "nehalem", "kernel 3.2.0", Verdict.Ok, "" },
        { "haswell", "nehalem", "kernel 99.0.0", Verdict.Refuse, "KERN-1" },
        { "haswell", "nehalem", "makes-code", Verdict.Warn, "CPU-7 NUM-1" },
        { "haswell", "haswell", "makes-code", Verdict.Ok, "" },
        { "haswell", "nehalem", "makes-code asking", Verdict.Warn, "NUM-1" },
        { "haswell", "nehalem", "unread", Verdict.Warn, "CPU-12 NUM-1" },
        { "haswell", "haswell", "unread", Verdict.Ok, "" },
        { "haswell", "nehalem", "unseen", Verdict.Ok, "" },
        { "haswell", "nehalem", "unseen /bin/sh", Verdict.Warn, "CPU-12 NUM-1" },
        { "haswell", "haswell", "unseen /bin/sh", Verdict.Ok, "" },
        { "haswell", "skylake_avx512", "unseen", Verdict.Ok, "" },
        { "haswell", "skylake_avx512", "unseen /bin/sh", Verdict.Warn, "NUM-1" },
        { "haswell", "skylake_avx512", "nothing", Verdict.Ok, "" },
        { "haswell", "skylake_avx512", "may avx2", Verdict.Ok, "" },
        { "haswell", "skylake_avx512", "may avx512f", Verdict.Warn, "NUM-1" },
        { "haswell", "skylake_avx512", "c-library avx512f", Verdict.Ok, "" },
        { "haswell", "skylake_avx512", "unread", Verdict.Warn, "NUM-1" },
        { "haswell", "zen3", "nothing", Verdict.Ok, "" },
        { "haswell", "zen3", "approximate", Verdict.Warn, "NUM-2" },
    };

    [Theory]
    [MemberData(nameof(Rows))]
    public void What_the_programs_ask_for_decides(string then, string here, string found, Verdict verdict, string rules)
    {
        var run = RunSamples.RunOn(Profiles.Host(then)) with { Requirements = Found(found) };

        var assessment = Assessor.Assess(run, Profiles.Host(here));

        Assert.Equal(rules, string.Join(' ', assessment.Findings.Where(f => f.Verdict != Verdict.Ok).Select(f => f.Rule)));
        Assert.Equal(verdict, assessment.Verdict);
    }

    [Fact]
    public void A_use_is_told_with_file_function_instruction_and_what_is_present_and_missing()
    {
        var run = RunSamples.RunOn(Profiles.Host("skylake_avx512")) with { Requirements = Found("strong avx512f") };

        var finding = Assert.Single(Assessor.Assess(run, Profiles.Host("haswell")).Findings, f => f.Rule == "CPU-2");

        Assert.Equal(
            "'/usr/lib/libfit.so' uses avx512f without checking (dot at 0x1120: vfmadd231pd ymm0,ymm1,[rsi], called by another file); this CPU, "
            + "Intel(R) Xeon(R) CPU E5-2680 v3 @ 2.50GHz (haswell, x86-64-v3), lacks avx512f",
            finding.Message);
        Assert.Equal(["avx512f", "/usr/lib/libfit.so:0x1120 vfmadd231pd ymm0,ymm1,[rsi]"], finding.Evidence);
        Assert.StartsWith("replay it on any x86-64-v4 host", finding.Remedy, StringComparison.Ordinal);
    }

    /// <summary>Whoever has no newest machine must not be sent for one.</summary>
    [Theory]
    [InlineData("strong avx2", "any x86-64-v3 host (")]
    [InlineData("strong avx512f", "any x86-64-v4 host (")]
    [InlineData("strong sha_ni", "a host that has sha_ni, or build")]
    public void The_remedy_is_the_oldest_level_that_has_what_is_missing(string found, string machines)
    {
        var run = RunSamples.RunOn(Profiles.Host("skylake_avx512")) with { Requirements = Found(found) };

        var finding = Assert.Single(Assessor.Assess(run, Profiles.Host("nehalem")).Findings, f => f.Rule == "CPU-2");

        Assert.StartsWith($"replay it on {machines}", finding.Remedy, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("weak avx2", Verdict.Ok, Answer.Yes)]
    [InlineData("strong avx2", Verdict.Refuse, Answer.No)]
    public void What_was_tried_is_no_longer_warned_of_and_what_is_certain_stays(string found, Verdict verdict, Answer runs)
    {
        var haswell = Profiles.Host("haswell");
        var run = RunSamples.RunOn(haswell) with { Requirements = Found(found) };
        var here = haswell with { Cpu = haswell.Cpu with { Features = [.. haswell.Cpu.Features.Where(f => f != "avx2")] } };

        var tried = Assessor.Tried(Assessor.Assess(run, here), finding => finding.Rule.StartsWith("CPU-", StringComparison.Ordinal), "it was tried");

        Assert.Equal((verdict, runs), (tried.Verdict, tried.Runs));
        Assert.Equal(runs == Answer.Yes, tried.Findings.Any(finding => finding.Message.EndsWith("; it was tried", StringComparison.Ordinal)));
    }

    [Fact]
    public void What_the_system_has_switched_off_is_told_only_where_the_programs_use_it()
    {
        var here = Profiles.Host("skylake_avx512");
        var off = here with
        {
            Cpu = here.Cpu with { Features = [.. here.Cpu.Features.Where(f => f != "avx512f")], FeaturesDisabled = ["avx512f"] },
        };
        var run = RunSamples.RunOn(here);

        Assert.Contains(Assessor.Assess(run with { Requirements = Found("strong avx512f") }, off).Findings, f => f.Rule == "CPU-10");
        Assert.DoesNotContain(Assessor.Assess(run with { Requirements = Found("may avx512f") }, off).Findings, f => f.Rule == "CPU-10");
    }

    [Theory]
    [InlineData("weak avx512f", Verdict.Warn, Answer.Unknown)]
    [InlineData("shared avx512f", Verdict.Warn, Answer.Unknown)]
    [InlineData("narrow avx512f", Verdict.Warn, Answer.Unknown)]
    [InlineData("strong avx512f", Verdict.Refuse, Answer.No)]
    [InlineData("weak avx2", Verdict.Ok, Answer.Yes)]
    public void What_may_use_a_feature_that_the_system_has_switched_off_is_warned_of(string found, Verdict verdict, Answer runs)
    {
        var then = Profiles.Host("skylake_avx512");
        var off = then with
        {
            Cpu = then.Cpu with { Features = [.. then.Cpu.Features.Where(f => f != "avx512f")], FeaturesDisabled = ["avx512f"] },
        };

        var assessment = Assessor.Assess(RunSamples.RunOn(then) with { Requirements = Found(found) }, off);

        Assert.Equal((verdict, runs), (assessment.Verdict, assessment.Runs));
        Assert.All(assessment.Findings.Where(f => f.Verdict != Verdict.Ok), finding => Assert.Equal("CPU-10", finding.Rule));
    }

    [Fact]
    public void Code_behind_a_check_that_fails_here_does_not_use_what_is_switched_off()
    {
        var then = Profiles.Host("skylake_avx512");
        var off = then with
        {
            Cpu = then.Cpu with { Features = [.. then.Cpu.Features.Except(["avx", "avx512f"])], FeaturesDisabled = ["avx", "avx512f"] },
        };

        Assert.Equal(Verdict.Ok, Assessor.Assess(RunSamples.RunOn(then) with { Requirements = Found("narrow avx512f") }, off).Verdict);
    }

    /// <summary>Such as lzcnt in a virtual machine that hides it: the run was made so, and a replay there is no other.</summary>
    [Fact]
    public void On_a_processor_like_the_recorded_one_the_same_is_missing_as_then()
    {
        var whole = Profiles.Host("skylake_avx512");
        var off = whole with { Cpu = whole.Cpu with { Features = [.. whole.Cpu.Features.Where(f => f != "abm")], FeaturesDisabled = ["abm"] } };
        var without = whole with { Cpu = whole.Cpu with { Features = [.. whole.Cpu.Features.Where(f => f != "abm")] } };
        var run = RunSamples.RunOn(off) with { Requirements = Found("strong abm") };

        Assert.Equal(Verdict.Ok, Assessor.Assess(run, off).Verdict);
        Assert.Contains(Assessor.Assess(run, without).Findings, finding => finding.Rule == "CPU-3" && finding.Verdict == Verdict.Refuse);
        string could = Assert.Single(Assessor.Assess(run with { Hosts = RunSamples.RunOn(whole).Hosts }, off).Findings, finding => finding.Rule == "CPU-10").Message;
        Assert.EndsWith("without checking, and the recorded CPU could use it", could, StringComparison.Ordinal);
        var later = off with { Cpu = off.Cpu with { Stepping = off.Cpu.Stepping + 1 } };
        Assert.EndsWith("without checking", Assert.Single(Assessor.Assess(run, later).Findings, f => f.Rule == "CPU-10").Message, StringComparison.Ordinal);
        var illegal = new IllegalInstruction { Program = "/bin/solve", Address = "0x1120", Bytes = "f30fbdc0", Needed = ["abm"], Missing = ["abm"] };
        var died = run with { Outcome = run.Outcome with { IllegalInstruction = illegal } };
        Assert.Contains(Assessor.Assess(died, off).Findings, finding => finding.Rule == "CPU-10");
        Assert.Equal(Verdict.Ok, Assessor.Assess(run with { Hosts = RunSamples.RunOn(without).Hosts }, without).Verdict);
    }

    [Fact]
    public void A_mark_without_code_of_its_level_is_said_to_be_wrong()
    {
        var run = RunSamples.RunOn(Profiles.Host("haswell")) with { Requirements = Found("isa-note v3") };

        var finding = Assert.Single(Assessor.Assess(run, Profiles.Host("nehalem")).Findings, f => f.Rule == "CPU-1");

        Assert.Contains("the mark seems to be wrong", finding.Message, StringComparison.Ordinal);
    }

    /// <summary>It stops before any file of the program's is looked at.</summary>
    [Fact]
    public void The_c_librarys_own_level_is_told_before_a_mark_is()
    {
        var own = new StartDemand { Path = "/lib64/ld-linux-x86-64.so.2", Kind = "libc-level", Needs = "v3" };
        var mark = new StartDemand { Path = Library, Kind = "isa-note", Needs = "v4", Seen = true, By = own.Path };
        var run = RunSamples.RunOn(Profiles.Host("skylake_avx512")) with { Requirements = RunSamples.NoRequirements with { Start = [mark, own] } };

        var onNehalem = Assert.Single(Assessor.Assess(run, Profiles.Host("nehalem")).Findings, f => f.Rule == "CPU-1");
        var onHaswell = Assert.Single(Assessor.Assess(run, Profiles.Host("haswell")).Findings, f => f.Rule == "CPU-1");

        Assert.Contains("'Fatal glibc error: CPU does not support x86-64-v3'", onNehalem.Message, StringComparison.Ordinal);
        Assert.StartsWith("replay it on any x86-64-v3 host", onNehalem.Remedy, StringComparison.Ordinal);
        Assert.StartsWith(
            "the dynamic linker '/lib64/ld-linux-x86-64.so.2' will refuse '/usr/lib/libfit.so': it is marked x86-64-v4;", onHaswell.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("unseen", "the job's calls were not observed: judged is what the dynamic linker would load for its command line, nothing of which opens libraries")]
    [InlineData("unseen /bin/sh", "the job's calls were not observed: judged is what the dynamic linker would load for its command line, and '/bin/sh' can open libraries")]
    public void Of_a_job_that_was_not_observed_it_is_said_what_was_judged(string found, string says)
    {
        var run = RunSamples.RunOn(Profiles.Host("haswell")) with { Requirements = Found(found) };

        Assert.StartsWith(
            says, Assert.Single(Assessor.Assess(run, Profiles.Host("nehalem")).Findings, f => f.Rule == "CPU-12").Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Code_behind_a_check_of_less_is_told_where_the_check_finds_what_it_asks_for()
    {
        var nehalem = Profiles.Host("nehalem");
        var between = nehalem with { Cpu = nehalem.Cpu with { Features = [.. nehalem.Cpu.Features.Append("avx").Order(StringComparer.Ordinal)] } };
        var run = RunSamples.RunOn(Profiles.Host("haswell")) with { Requirements = Found("narrow avx2") };

        var finding = Assert.Single(Assessor.Assess(run, between).Findings, f => f.Rule == "CPU-15");

        Assert.Equal(Verdict.Warn, finding.Verdict);
        Assert.StartsWith(
            "'/usr/lib/libfit.so' uses avx2 where it has checked for avx only (dot at 0x1120: vfmadd231pd ymm0,ymm1,[rsi], behind that check)",
            finding.Message,
            StringComparison.Ordinal);
    }

    /// <summary>A module or a login script sets it for all jobs, of which few have the library.</summary>
    [Theory]
    [InlineData("nothing", "/usr/lib/libm.so.6", false)]
    [InlineData("c-library avx2", "/usr/lib/libm.so.6", false)]
    [InlineData("nothing", "/usr/lib/x86_64-linux-gnu/openblas-pthread/libblas.so.3", true)]
    [InlineData("nothing", null, true)]
    [InlineData("may avx2", "/usr/lib/libm.so.6", true)]
    [InlineData("weak fma", "/usr/lib/libm.so.6", true)]
    [InlineData("unread", "/usr/lib/libm.so.6", true)]
    public void A_pinned_kernel_is_refused_only_where_a_library_may_obey(string found, string? library, bool refused)
    {
        var nehalem = Profiles.Host("nehalem");
        var run = RunSamples.RunOn(nehalem) with
        {
            Environment = [new() { Name = "OPENBLAS_CORETYPE", Value = "Haswell" }],
            Requirements = Found(found),
            Libraries = library is null ? null : [new() { Path = library, Role = "math" }],
        };

        Assert.Equal(refused, Assessor.Assess(run, nehalem).Findings.Any(finding => finding.Rule == "CPU-9"));
    }

    private static Requirements Found(string what)
    {
        var none = RunSamples.NoRequirements;
        string[] words = what.Split(' ');
        return words[0] switch
        {
            "strong" or "weak" or "shared" or "narrow" => none with { Must = [Use(words[1], words[0])] },
            "may" => none with { May = [new() { Path = Library, Features = [words[1]], How = "cpuid" }] },
            "c-library" => none with { May = [new() { Path = "/lib/libc.so.6", Features = [words[1]], How = "ifunc" }] },
            "isa-note" or "libc-level" or "go" or "kernel" => none with
            {
                Start = [new() { Path = Library, Kind = words[0], Needs = words[1], Seen = words[0] == "isa-note" ? false : null }],
            },
            "makes-code" => none with { MakesCode = [new() { Path = Library, AsksProcessor = words.Length > 1 }] },
            "approximate" => none with { Approximate = [new() { Path = Library, Count = 3 }] },
            "unseen" => none with { MayLoadMore = words[1..] },
            "unread" => none with { NotAnalysed = [new() { Path = "libcuda.so.1", Reason = "not found" }] },
            _ => none,
        };
    }

    private static InstructionUse Use(string feature, string strength) => new()
    {
        Path = Library,
        Features = [feature],
        Function = "dot",
        Address = "0x1120",
        Instruction = "vfmadd231pd ymm0,ymm1,[rsi]",
        How = strength switch { "shared" => "shared", "narrow" => "narrow-check", _ => "export" },
        Strong = strength == "strong",
        Checked = strength == "narrow" ? ["avx"] : null,
    };
}
