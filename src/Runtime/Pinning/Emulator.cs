using System.ComponentModel;
using System.Diagnostics;
using System.Text.RegularExpressions;
using Microsoft.Win32.SafeHandles;
using Provenance.Archive.Compatibility;
using Provenance.Archive.Records;
using Provenance.Runtime.Native;
using Provenance.Runtime.Sandbox;

namespace Provenance.Runtime.Pinning;

/// <summary>qemu-user of this host, which does a job's instructions in the place of the processor.</summary>
/// <param name="Program">Its file on the host, a static program.</param>
/// <param name="Version">As it tells it.</param>
/// <param name="Model">The processor, by the name that qemu has for it.</param>
/// <param name="Settings">What differs from the model: features that it does not emulate, and would say so of in every program, as <c>-name</c>.</param>
internal sealed partial record Emulator(string Program, string Version, string Model, IReadOnlyList<string> Settings)
{
    /// <summary>A byte of e_ident that ELF leaves to nobody (EI_PAD), by which the emulator is told from what it emulates.</summary>
    private const int MarkOffset = 15;

    private const string ModelVariable = "QEMU_CPU";

    /// <summary>Under this heading it lists the features it has names for.</summary>
    private const string FlagsHeading = "Recognized CPUID flags:";

    private const int VendorLength = 12;

    /// <summary>Everything that this host has: without another model, the emulator only keeps to itself what it cannot do.</summary>
    public const string AnyModel = "max";

    private static readonly string[] Names = ["qemu-x86_64-static", "qemu-x86_64"];

    /// <summary>What archspec calls a processor, and what qemu does (target/i386/cpu.c).</summary>
    private static readonly Dictionary<string, string> Models = new(StringComparer.Ordinal)
    {
        ["core2"] = "Conroe",
        ["nehalem"] = "Nehalem",
        ["westmere"] = "Westmere",
        ["sandybridge"] = "SandyBridge",
        ["ivybridge"] = "IvyBridge",
        ["haswell"] = "Haswell",
        ["broadwell"] = "Broadwell",
        ["skylake"] = "Skylake-Client",
        ["bulldozer"] = "Opteron_G4",
        ["piledriver"] = "Opteron_G5",
        ["zen"] = "EPYC",
        ["zen2"] = "EPYC-Rome",
        ["zen3"] = "EPYC-Milan",
    };

    /// <summary>Tells the emulator which model, in all programs of the job.</summary>
    public EnvironmentEntry Variable => new(ModelVariable, string.Join(',', [Model, .. Settings]));

    /// <summary>Code features that the processor has for which it stands, and it does not emulate.</summary>
    public IReadOnlyList<string> NotEmulated { get; private init; } = [];

    /// <summary>The model that stands for a processor; null when qemu has none of it.</summary>
    public static string? ModelOf(CpuProfile cpu) => cpu.Microarchitecture is { } name ? Models.GetValueOrDefault(name) : null;

    /// <exception cref="SandboxException">There is no emulator here, or it knows no such model.</exception>
    public static Emulator Find(string model)
    {
        string program = FindProgram();
        var models = Run(program, "-cpu", "help").Split('\n').Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(words => words is ["x86", _, ..]).Select(words => words[1]).ToHashSet(StringComparer.Ordinal);
        return models.Contains(model)
            ? new Emulator(program, VersionOf(program), model, FindLacking(program, model))
            : throw new SandboxException($"emulator '{program}': has no CPU '{model}'");
    }

    /// <summary>
    /// Which emulates a processor by its vendor, number and features, as far as it has them: all that it can do, without what the processor lacks. A
    /// model of qemu's would have features that the processor has not, or the other way round.
    /// </summary>
    /// <exception cref="SandboxException">There is no emulator here.</exception>
    public static Emulator FindAs(CpuProfile cpu)
    {
        string program = FindProgram();
        string[] flags = [.. FlagsOf(Run(program, "-cpu", "help")).Where(IsOfPrograms)];
        var has = cpu.Features.Select(Plain).ToHashSet(StringComparer.Ordinal);
        string[] wanted = [.. flags.Where(flag => has.Contains(Plain(flag)))];
        string[] lacking = [.. FindLacking(program, string.Join(',', wanted.Select(flag => $"+{flag}").Prepend(AnyModel))).Select(Plain)];
        string[] emulated = [.. wanted.Select(Plain).Except(lacking)];
        var code = cpu.Features.Where(CodeFeatures.IsForCodeOfX86);
        return new Emulator(program, VersionOf(program), AnyModel, [.. IdentityOf(cpu), .. flags.Except(wanted).Select(flag => $"-{flag}")])
        {
            NotEmulated = [.. code.Where(feature => !emulated.Contains(Plain(feature))).Order(StringComparer.Ordinal)],
        };
    }

    /// <summary>A copy in memory, with the mark.</summary>
    public SafeFileHandle Copy()
    {
        byte[] content = File.ReadAllBytes(Program);
        content[MarkOffset] = 1;
        return MemoryFile.Make("prov-emulator", content);
    }

    /// <summary>
    /// Has the kernel hand every 64-bit x86 program without the mark to the emulator, at the path as it is at this moment (F), with the
    /// program's own name kept (P). Source: Documentation/admin-guide/binfmt-misc.rst; the header in elf(5).
    /// </summary>
    public static string Registration(string path)
    {
        const string Magic = @"\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02\x00\x3e\x00";
        // The system (OSABI) does not matter; type 2 or 3, a program at a fixed place or not.
        const string Mask = @"\xff\xff\xff\xff\xff\xff\xff\x00\x00\x00\x00\x00\x00\x00\x00\xff\xfe\xff\xff\xff";
        return $":prov:M::{Magic}:{Mask}:{path}:FP";
    }

    private static string FindProgram() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Where(folder => folder.StartsWith('/'))
            .SelectMany(folder => Names.Select(name => Path.Combine(folder, name)))
            .FirstOrDefault(path => File.Exists(path) && IsStatic(path))
        ?? throw new SandboxException($"emulator: none of {string.Join(", ", Names)} is in PATH as a static program");

    private static IEnumerable<string> FlagsOf(string help) =>
        help[Math.Max(help.IndexOf(FlagsHeading, StringComparison.Ordinal), 0)..].Split('\n').Skip(1)
            .SelectMany(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Distinct();

    /// <summary>Libraries choose code by these as well. A profile may come from anybody, and what stands between commas is a setting.</summary>
    private static IEnumerable<string> IdentityOf(CpuProfile cpu)
    {
        if (cpu.Vendor.Length == VendorLength && cpu.Vendor.All(char.IsAsciiLetter))
            yield return $"vendor={cpu.Vendor}";
        if (cpu.Family >= 0 && cpu.Model >= 0 && cpu.Stepping >= 0)
            yield return $"family={cpu.Family},model={cpu.Model},stepping={cpu.Stepping}";
    }

    /// <summary>Whether programs use what qemu has this name for; the others are for kernels.</summary>
    private static bool IsOfPrograms(string flag)
    {
        string feature = flag.Replace('-', '_').Replace('.', '_');
        return CodeFeatures.IsForCodeOfX86(feature) || CodeFeatures.IsAskedFor(feature);
    }

    /// <summary>The kernel and qemu write most names alike, but for what stands between the parts: sse4_1 and sse4.1, avx512_vnni and avx512vnni.</summary>
    private static string Plain(string feature) => string.Concat(feature.Where(char.IsAsciiLetterOrDigit));

    /// <summary>Asked of the emulator itself, as it runs the shortest program that is there for sure: itself.</summary>
    private static string[] FindLacking(string program, string model) =>
        [.. Warning().Matches(Run(program, "-cpu", model, program, "--version")).Select(match => "-" + match.Groups["name"].Value).Distinct()];

    private static bool IsStatic(string path) => ProgramHeader.TryRead(path) is { Interpreter: null, Problem: null };

    private static string VersionOf(string program) =>
        Run(program, "--version").Split('\n')[0].Split(' ').SkipWhile(word => word != "version").Skip(1).FirstOrDefault() ?? "?";

    private static string Run(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(
                new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            var errors = process.StandardError.ReadToEndAsync();
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return output + errors.GetAwaiter().GetResult();
        }
        catch (Exception e) when (e is Win32Exception or InvalidOperationException)
        {
            throw new SandboxException($"emulator '{program}': {e.Message}", e);
        }
    }

    /// <summary>qemu: target/i386/cpu.c, mark_unavailable_features.</summary>
    [GeneratedRegex(@"TCG doesn't support requested feature: [^ ]+\.(?<name>[a-z0-9_-]+) \[bit", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Warning();
}
