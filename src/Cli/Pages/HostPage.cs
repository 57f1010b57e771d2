using Provenance.Archive.Records;

namespace Provenance.Cli.Pages;

/// <summary>A machine, as a person wants to know it.</summary>
internal static class HostPage
{
    public static void Print(HostProfile host, Terminal terminal)
    {
        var page = new PageWriter(terminal);
        page.Heading($"host {host.Hostname}");
        page.Field("system", $"{host.OperatingSystem.PrettyName}, Linux {host.Kernel.Release}{Libc(host.OperatingSystem)}");
        page.Field("memory", $"{Readable.Bytes(host.Memory.TotalBytes)}, pages of {Readable.Bytes(host.Memory.PageBytes)}");
        page.Field("inside", string.Join(", ", Surroundings(host)));
        page.Field("scheduler", Scheduler(host.Scheduler));
        page.Field("modules", string.Join(' ', host.Modules));
        foreach (var gpu in host.Gpus)
        {
            page.Field("gpu", $"{gpu.Model} ({gpu.PciId}) at {gpu.PciAddress}, driver {gpu.DriverVersion ?? "not loaded"}");
        }

        PrintProcessor(host.Cpu, page);
    }

    /// <summary>One line: the processor and the system.</summary>
    public static string Summary(HostProfile host) =>
        $"{host.Hostname}: {host.Cpu.Brand} ({Names(host.Cpu)}), {Readable.Bytes(host.Memory.TotalBytes)}, "
        + $"{host.OperatingSystem.PrettyName}, Linux {host.Kernel.Release}";

    private static void PrintProcessor(CpuProfile cpu, PageWriter page)
    {
        page.Heading("processor");
        page.Field("name", cpu.Brand);
        page.Field("is", Names(cpu));
        page.Field("by", $"{cpu.Vendor}, family {cpu.Family}, model {cpu.Model}, stepping {cpu.Stepping}"
            + (cpu.Microcode is { } microcode ? $", microcode {microcode}" : ""));
        page.Field("cores", $"{Readable.Count(cpu.Sockets, "socket", "sockets")}, {Readable.Count(cpu.Cores, "core", "cores")}, "
            + $"{Readable.Count(cpu.Threads, "thread", "threads")}{(cpu.Hybrid ? ", not all alike" : "")}");
        page.Field("caches", string.Join(", ", cpu.Caches.Select(c => $"L{c.Level} {c.Type} {Readable.Bytes(c.SizeBytes)}")));
        page.Words("features", string.Join(' ', cpu.Features));
        page.Words("disabled", string.Join(' ', cpu.FeaturesDisabled));
    }

    private static string Names(CpuProfile cpu) =>
        string.Join(", ", new[] { cpu.Microarchitecture, Level(cpu) }.Where(n => n is not null));

    private static string Level(CpuProfile cpu) => cpu switch
    {
        { Level: null } => cpu.Architecture,
        { Architecture: "amd64" } => "x86-64-" + cpu.Level,
        _ => $"{cpu.Architecture} {cpu.Level}",
    };

    private static string Libc(OperatingSystemProfile system) => system.Libc is { } libc ? $", {libc} {system.LibcVersion}" : "";

    private static IEnumerable<string> Surroundings(HostProfile host)
    {
        if (host.Hypervisor is { } hypervisor)
        {
            yield return $"a virtual machine ({hypervisor.Trim()})";
        }

        if (host.Emulated)
        {
            yield return "an emulator";
        }

        if (host.ContainerRuntime is { } runtime)
        {
            yield return $"a container ({runtime})";
        }
    }

    private static string? Scheduler(SchedulerProfile? scheduler) => scheduler is null
        ? null
        : $"{scheduler.Kind} job {scheduler.JobId}{(scheduler.StepId is { } step ? "." + step : "")}"
            + (scheduler.NodeCount is { } nodes ? $" on {Readable.Count(nodes, "node", "nodes")}" : "")
            + (scheduler.TaskCount is { } tasks ? $", {Readable.Count(tasks, "task", "tasks")}" : "");
}
