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
