using System.ComponentModel;
using System.Diagnostics;
using System.Text.RegularExpressions;
using Microsoft.Win32.SafeHandles;
using Provenance.Archive.Records;
using Provenance.Runtime.Native;
using Provenance.Runtime.Sandbox;

namespace Provenance.Runtime.Pinning;

/// <summary>qemu-user of this host, which does a job's instructions in the place of the processor.</summary>
/// <param name="Program">Its file on the host, a static program.</param>
/// <param name="Version">As it tells it.</param>
/// <param name="Model">The processor, by the name that qemu has for it.</param>
/// <param name="Lacking">Features of the model that it does not emulate, and would say so of in every program, as <c>-name</c>.</param>
internal sealed partial record Emulator(string Program, string Version, string Model, IReadOnlyList<string> Lacking)
{
    /// <summary>A byte of e_ident that ELF leaves to nobody (EI_PAD), by which the emulator is told from what it emulates.</summary>
    private const int MarkOffset = 15;

    private const string ModelVariable = "QEMU_CPU";

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
    public EnvironmentEntry Variable => new(ModelVariable, string.Join(',', [Model, .. Lacking]));

    /// <summary>The model that stands for a processor; null when qemu has none of it.</summary>
    public static string? ModelOf(CpuProfile cpu) => cpu.Microarchitecture is { } name ? Models.GetValueOrDefault(name) : null;

    /// <exception cref="SandboxException">There is no emulator here, or it knows no such model.</exception>
    public static Emulator Find(string model)
    {
        var program = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Where(folder => folder.StartsWith('/'))
            .SelectMany(folder => Names.Select(name => Path.Combine(folder, name)))
            .FirstOrDefault(path => File.Exists(path) && IsStatic(path))
            ?? throw new SandboxException($"emulator: none of {string.Join(", ", Names)} is in PATH as a static program");
        var models = Run(program, "-cpu", "help").Split('\n').Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(words => words is ["x86", _, ..]).Select(words => words[1]).ToHashSet(StringComparer.Ordinal);
        return models.Contains(model)
            ? new Emulator(program, VersionOf(program), model, FindLacking(program, model))
            : throw new SandboxException($"emulator '{program}': has no CPU '{model}'");
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
