using Provenance.Archive.Records;

namespace Provenance.Archive.Catalog;

internal sealed partial class CatalogWriter
{
    private void InsertHosts(long index, IReadOnlyList<HostProfile> hosts)
    {
        foreach (var (node, host) in hosts.Index())
        {
            InsertHost(index, node, host, CpuId(host.Cpu));
            foreach (var (position, gpu) in host.Gpus.Index())
            {
                InsertGpu(index, node, position, gpu);
            }

            foreach (var (position, module) in host.Modules.Index())
            {
                InsertModule(index, node, position, module);
            }
        }
    }

    private long CpuId(CpuProfile cpu)
    {
        byte[] digest = CpuKey.Of(cpu).ToBytes();
        return FindCpu(digest) ?? InsertCpu(cpu, digest);
    }

    private long? FindCpu(byte[] digest) => (long?)_statements.Scalar(
        """
        select cpu_id
        from cpus
        where digest = @digest
        """,
        ("@digest", digest));

    private long InsertCpu(CpuProfile cpu, byte[] digest)
    {
        long id = (long)_statements.Scalar(
            """
            insert into cpus (digest, architecture, level, microarchitecture, vendor, brand, family, model, stepping)
            values (@digest, @architecture, @level, @microarchitecture, @vendor, @brand, @family, @model, @stepping)
            returning cpu_id
            """,
            ("@digest", digest),
            ("@architecture", cpu.Architecture),
            ("@level", cpu.Level),
            ("@microarchitecture", cpu.Microarchitecture),
            ("@vendor", cpu.Vendor),
            ("@brand", cpu.Brand),
            ("@family", cpu.Family),
            ("@model", cpu.Model),
            ("@stepping", cpu.Stepping))!;
        foreach (string feature in cpu.Features)
        {
            InsertFeature(id, feature);
        }

        return id;
    }

    private void InsertFeature(long cpu, string feature) => _statements.Execute(
        """
        insert into cpu_features (cpu_id, feature)
        values (@cpu, @feature)
        on conflict do nothing
        """,
        ("@cpu", cpu),
        ("@feature", feature));

    private void InsertHost(long index, int node, HostProfile host, long cpu) => _statements.Execute(
        """
        insert into hosts (
          log_index, node, hostname, cpu_id, microcode, sockets, cores, threads, memory_bytes, page_bytes, kernel_release,
          os_id, os_version, libc, libc_version, hypervisor, container_runtime, scheduler, scheduler_job)
        values (
          @index, @node, @hostname, @cpu, @microcode, @sockets, @cores, @threads, @memoryBytes, @pageBytes, @kernel,
          @osId, @osVersion, @libc, @libcVersion, @hypervisor, @containerRuntime, @scheduler, @schedulerJob)
        """,
        ("@index", index),
        ("@node", node),
        ("@hostname", host.Hostname),
        ("@cpu", cpu),
        ("@microcode", host.Cpu.Microcode),
        ("@sockets", host.Cpu.Sockets),
        ("@cores", host.Cpu.Cores),
        ("@threads", host.Cpu.Threads),
        ("@memoryBytes", host.Memory.TotalBytes),
        ("@pageBytes", host.Memory.PageBytes),
        ("@kernel", host.Kernel.Release),
        ("@osId", host.OperatingSystem.Id),
        ("@osVersion", host.OperatingSystem.VersionId),
        ("@libc", host.OperatingSystem.Libc),
        ("@libcVersion", host.OperatingSystem.LibcVersion),
        ("@hypervisor", host.Hypervisor),
        ("@containerRuntime", host.ContainerRuntime),
        ("@scheduler", host.Scheduler?.Kind),
        ("@schedulerJob", host.Scheduler?.JobId));

    private void InsertGpu(long index, int node, int position, GpuProfile gpu) => _statements.Execute(
        """
        insert into host_gpus (log_index, node, position, vendor, model, pci_id, driver_version)
        values (@index, @node, @position, @vendor, @model, @pciId, @driverVersion)
        """,
        ("@index", index),
        ("@node", node),
        ("@position", position),
        ("@vendor", gpu.Vendor),
        ("@model", gpu.Model),
        ("@pciId", gpu.PciId),
        ("@driverVersion", gpu.DriverVersion));

    private void InsertModule(long index, int node, int position, string module) => _statements.Execute(
        """
        insert into host_modules (log_index, node, position, module)
        values (@index, @node, @position, @module)
        """,
        ("@index", index),
        ("@node", node),
        ("@position", position),
        ("@module", module));
}
