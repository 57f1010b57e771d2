using Provenance.Archive.Records;
using Provenance.Runtime.Host;
using Xunit;

namespace Provenance.Runtime.Tests.Host;

/// <summary>Everything around the processor, on a machine written by hand.</summary>
public sealed class SurroundingsTests
{
    private static readonly HostProfile Node = HostProbe.Read(Machine.Sources("synthetic/gpu-node", "amd64"));

    [Fact]
    public void Sockets_cores_and_threads_are_counted_by_their_groups() =>
        Assert.Equal((1, 2, 4, false), (Node.Cpu.Sockets, Node.Cpu.Cores, Node.Cpu.Threads, Node.Cpu.Hybrid));

    [Fact]
    public void Without_cpuid_caches_are_those_of_sysfs() =>
        Assert.Equal(
            [(1, "data", 48L << 10), (2, "unified", 1L << 20)],
            Node.Cpu.Caches.Select(c => (c.Level, c.Type, c.SizeBytes)));

    [Fact]
    public void Memory_has_its_huge_pages_and_nodes()
    {
        Assert.Equal(16384000L * 1024, Node.Memory.TotalBytes);
        Assert.Equal("madvise", Node.Memory.TransparentHugePages);
        Assert.Equal([(2L << 20, 512L), (1L << 30, 0L)], Node.Memory.HugePages.Select(p => (p.PageBytes, p.Count)));
        Assert.Equal([(0, "0-1", 8192000L * 1024), (1, "2-3", 8192000L * 1024)],
            Node.Numa.Select(n => (n.Node, n.Cpus, n.MemoryBytes)));
    }

    [Fact]
    public void Kernel_options_that_change_the_cpu_are_kept_and_no_others()
    {
        Assert.Equal(["clearcpuid=rdseed", "nosmt", "isolcpus=2-3"], Node.Kernel.CpuOptions);
        Assert.Equal("5.14.0-503.el9.x86_64", Node.Kernel.Release);
    }

    [Fact]
    public void The_distribution_is_that_of_os_release() =>
        Assert.Equal(
            ("rocky", "9.5", "Rocky Linux 9.5 (Blue Onyx)", "glibc"),
            (Node.OperatingSystem.Id, Node.OperatingSystem.VersionId, Node.OperatingSystem.PrettyName, Node.OperatingSystem.Libc));

    [Fact]
    public void Gpus_are_those_that_compute()
    {
        Assert.Equal(
            [("nvidia", "NVIDIA H100 PCIe", "10de:2330"), ("amd", "AMD Instinct MI300X", "1002:74a1")],
            Node.Gpus.Select(g => (g.Vendor, g.Model, g.PciId)));
    }

    [Fact]
    public void The_version_of_a_gpu_is_that_of_the_driver_bound_to_it()
    {
        const string Address = "0000:01:00.0";
        string root = Directory.CreateTempSubdirectory("prov-gpu-").FullName;
        try
        {
            string device = Directory.CreateDirectory($"{root}/sys/bus/pci/devices/{Address}").FullName;
            File.WriteAllText($"{device}/class", "0x030200\n");
            File.WriteAllText($"{device}/vendor", "0x10de\n");
            File.WriteAllText($"{device}/device", "0x2330\n");
            File.CreateSymbolicLink($"{device}/driver", "../../../../bus/pci/drivers/nvidia");
            Directory.CreateDirectory($"{root}/sys/module/nvidia");
            File.WriteAllText($"{root}/sys/module/nvidia/version", "580.126.09\n");

            var gpu = Assert.Single(GpuProbe.Read(new MachineFiles(root)));

            Assert.Equal(("580.126.09", Address, "10de:2330"), (gpu.DriverVersion, gpu.PciAddress, gpu.Model));
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    /// <summary>Of an entry of binfmt_misc as the kernel shows it: how it is changed, and the architectures that are found.</summary>
    [Theory]
    [InlineData("", "", "arm64")]
    [InlineData("enabled", "disabled", null)]
    [InlineData("flags: OCF", "flags: OC", null)]
    [InlineData("0200b700", "0200f300", "riscv64")]
    [InlineData("0200b700", "02003e00", "amd64")]
    [InlineData("0200b700", "02000800", null)]
    [InlineData("mask ffffffffffffff00fffffffffffffffffeffffff\n", "", null)]
    [InlineData("mask ffffffffffffff00fffffffffffffffffeffffff", "mask ffff", null)]
    [InlineData("offset 0", "offset 250", null)]
    [InlineData("offset 0", "offset -1", null)]
    [InlineData("magic 7f45", "magic 7z45", null)]
    [InlineData("interpreter /usr", "interpreter usr", null)]
    public void What_the_kernel_hands_to_an_interpreter_counts_where_containers_have_it(string text, string changed, string? architectures)
    {
        const string Entry = "enabled\ninterpreter /usr/bin/qemu-aarch64-static\nflags: OCF\noffset 0\n"
            + "magic 7f454c460201010000000000000000000200b700\nmask ffffffffffffff00fffffffffffffffffeffffff\n";
        // A mask that leaves out what pads the header would match a header of ours without it as well: the magic must then differ in it.
        string entry = text.Length == 0 ? Entry : Entry.Replace(text, changed, StringComparison.Ordinal);
        entry = text.StartsWith("mask", StringComparison.Ordinal) && changed.Length == 0
            ? entry.Replace("7f454c46020101000000", "7f454c46020101100000", StringComparison.Ordinal)
            : entry;
        using var root = new Recording.TemporaryFolder();
        root.Write("proc/sys/fs/binfmt_misc/status", "enabled\n");
        root.Write("proc/sys/fs/binfmt_misc/qemu-aarch64", entry);
        root.Write("proc/sys/fs/binfmt_misc/register", "");

        var handlers = BinfmtProbe.Read(new MachineFiles(root.Path));

        Assert.Equal(architectures, handlers is null ? null : string.Join(' ', Assert.Single(handlers).Architectures));
        Assert.Equal(architectures is null ? null : "qemu-aarch64", handlers?[0].Name);
        root.Write("proc/sys/fs/binfmt_misc/status", "disabled\n");
        Assert.Null(BinfmtProbe.Read(new MachineFiles(root.Path)));
    }

    [Fact]
    public void Fast_networks_are_named_by_their_drivers()
    {
        using var root = new Recording.TemporaryFolder();
        foreach (string name in new[] { "mlx5_0", "mlx5_1" })
        {
            Directory.CreateDirectory(root.At($"sys/class/infiniband/{name}/device"));
            File.CreateSymbolicLink(root.At($"sys/class/infiniband/{name}/device/driver"), "../../../../bus/pci/drivers/mlx5_core");
        }

        Directory.CreateDirectory(root.At("sys/class/cxi/cxi0"));

        Assert.Equal(["cxi", "mlx5_core"], FabricProbe.Read(new MachineFiles(root.Path)));
        Assert.Null(FabricProbe.Read(new MachineFiles(root.At("none"))));
    }

    [Fact]
    public void A_gpu_has_the_memory_that_its_kernel_driver_tells()
    {
        using var root = new Recording.TemporaryFolder();
        root.Write("sys/bus/pci/devices/0000:03:00.0/class", "0x120000\n");
        root.Write("sys/bus/pci/devices/0000:03:00.0/vendor", "0x1002\n");
        root.Write("sys/bus/pci/devices/0000:03:00.0/device", "0x74a1\n");
        root.Write("sys/bus/pci/devices/0000:03:00.0/mem_info_vram_total", "206141652992\n");

        Assert.Equal(206141652992, Assert.Single(GpuProbe.Read(new MachineFiles(root.Path))).MemoryBytes);
    }

    [Theory]
    [InlineData("PMI_SIZE=4", 4)]
    [InlineData("OMPI_COMM_WORLD_SIZE=8", 8)]
    [InlineData("SLURM_STEP_ID=0 SLURM_PROCID=1 SLURM_STEP_NUM_TASKS=16", 16)]
    [InlineData("SLURM_NTASKS=16 SLURM_STEP_NUM_TASKS=16", null)]
    [InlineData("", null)]
    public void Ranks_are_counted_where_a_launcher_has_started_them(string variables, int? ranks)
    {
        var set = variables.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(variable => (variable.Split('=')[0], variable.Split('=')[1]));

        Assert.Equal(ranks, Surroundings([.. set]).ReadRanks());
    }

    [Fact]
    public void A_podman_container_is_recognised() => Assert.Equal("podman", Node.ContainerRuntime);

    [Theory]
    [InlineData("APPTAINER_NAME", "fit.sif", "apptainer")]
    [InlineData("container", "oci", "oci")]
    public void A_container_runtime_is_known_by_its_variable(string name, string value, string runtime) =>
        Assert.Equal(runtime, Surroundings((name, value)).ReadContainerRuntime());

    [Fact]
    public void Outside_a_batch_job_there_is_no_scheduler()
    {
        Assert.Null(Surroundings().ReadScheduler());
        Assert.Null(Surroundings().ReadContainerRuntime());
        Assert.Empty(Surroundings().ReadModules());
    }

    [Fact]
    public void A_slurm_step_is_described_by_its_own_counts()
    {
        var slurm = Surroundings(
            ("SLURM_JOB_ID", "4711"), ("SLURM_STEP_ID", "0"), ("SLURM_CLUSTER_NAME", "c1"), ("SLURM_JOB_PARTITION", "long"),
            ("SLURM_JOB_NODELIST", "n[1-4]"), ("SLURM_STEP_NODELIST", "n[1-2]"), ("SLURM_JOB_NUM_NODES", "4"),
            ("SLURM_STEP_NUM_NODES", "2"), ("SLURM_NTASKS", "64"), ("SLURM_PROCID", "7")).ReadScheduler();

        Assert.Equal(
            new SchedulerProfile
            {
                Kind = "slurm",
                JobId = "4711",
                StepId = "0",
                Cluster = "c1",
                Partition = "long",
                NodeList = "n[1-2]",
                NodeCount = 2,
                TaskCount = 64,
                TaskRank = 7,
            },
            slurm);
    }

    [Fact]
    public void Modules_are_listed_in_the_order_of_loading() =>
        Assert.Equal(["gcc/13.2", "openmpi/5.0"], Surroundings(("LOADEDMODULES", "gcc/13.2:openmpi/5.0")).ReadModules());

    [Theory]
    [InlineData("0-3,8", "0 1 2 3 8")]
    [InlineData("5", "5")]
    [InlineData("", "")]
    [InlineData("0-99999999", "")]
    [InlineData("a-b", "")]
    public void Lists_of_cpus_are_read_or_empty(string text, string cpus) =>
        Assert.Equal(cpus, string.Join(' ', CpuList.Parse(text)));

    private static SurroundingsProbe Surroundings(params (string Name, string Value)[] variables) =>
        new(new MachineFiles(Machine.Folder("none")), name => variables.FirstOrDefault(v => v.Name == name).Value);
}
