using Dapper;
using Provenance.Archive.Records;

namespace Provenance.Archive.Catalog;

internal sealed partial class CatalogWriter
{
    private void InsertHosts(long index, IReadOnlyList<HostProfile> hosts)
    {
        for (int node = 0; node < hosts.Count; node++)
        {
            InsertHost(index, node, hosts[node], CpuId(hosts[node].Cpu));
            InsertGpus(index, node, hosts[node].Gpus);
            InsertModules(index, node, hosts[node].Modules);
        }
    }

    private long CpuId(CpuProfile cpu)
    {
        var digest = SqlBlob.Of(CpuKey.Of(cpu));
        return FindCpu(digest) ?? InsertCpu(cpu, digest);
    }

    private long? FindCpu(SqlBlob digest) =>
        _connection.QuerySingleOrDefault<long?>(
            """
            select cpu_id
            from cpus
            where digest = @digest
            """,
            new { digest },
            transaction);

    private long InsertCpu(CpuProfile cpu, SqlBlob digest)
    {
        long id = _connection.ExecuteScalar<long>(
            """
            insert into cpus (digest, architecture, level, microarchitecture, vendor, brand, family, model, stepping)
            values (@digest, @architecture, @level, @microarchitecture, @vendor, @brand, @family, @model, @stepping)
            returning cpu_id
            """,
            new
            {
                digest,
                architecture = cpu.Architecture,
                level = cpu.Level,
                microarchitecture = cpu.Microarchitecture,
                vendor = cpu.Vendor,
                brand = cpu.Brand,
                family = cpu.Family,
                model = cpu.Model,
                stepping = cpu.Stepping,
            },
            transaction);
        _connection.Execute(
            """
            insert into cpu_features (cpu_id, feature)
            values (@id, @feature)
            on conflict do nothing
            """,
            cpu.Features.Select(feature => new { id, feature }),
            transaction);
        return id;
    }

    private void InsertHost(long index, int node, HostProfile host, long cpu) =>
        _connection.Execute(
            """
            insert into hosts (
              log_index, node, hostname, cpu_id, microcode, sockets, cores, threads, memory_bytes, page_bytes, kernel_release,
              os_id, os_version, libc, libc_version, hypervisor, container_runtime, scheduler, scheduler_job)
            values (
              @index, @node, @hostname, @cpu, @microcode, @sockets, @cores, @threads, @memoryBytes, @pageBytes, @kernel,
              @osId, @osVersion, @libc, @libcVersion, @hypervisor, @containerRuntime, @scheduler, @schedulerJob)
            """,
            new
            {
                index,
                node,
                hostname = host.Hostname,
                cpu,
                microcode = host.Cpu.Microcode,
                sockets = host.Cpu.Sockets,
                cores = host.Cpu.Cores,
                threads = host.Cpu.Threads,
                memoryBytes = host.Memory.TotalBytes,
                pageBytes = host.Memory.PageBytes,
                kernel = host.Kernel.Release,
                osId = host.OperatingSystem.Id,
                osVersion = host.OperatingSystem.VersionId,
                libc = host.OperatingSystem.Libc,
                libcVersion = host.OperatingSystem.LibcVersion,
                hypervisor = host.Hypervisor,
                containerRuntime = host.ContainerRuntime,
                scheduler = host.Scheduler?.Kind,
                schedulerJob = host.Scheduler?.JobId,
            },
            transaction);

    private void InsertGpus(long index, int node, IReadOnlyList<GpuProfile> gpus) =>
        _connection.Execute(
            """
            insert into host_gpus (log_index, node, position, vendor, model, pci_id, driver_version)
            values (@index, @node, @position, @vendor, @model, @pciId, @driverVersion)
            """,
            gpus.Select((gpu, position) => new
            {
                index,
                node,
                position,
                vendor = gpu.Vendor,
                model = gpu.Model,
                pciId = gpu.PciId,
                driverVersion = gpu.DriverVersion,
            }),
            transaction);

    private void InsertModules(long index, int node, IReadOnlyList<string> modules) =>
        _connection.Execute(
            """
            insert into host_modules (log_index, node, position, module)
            values (@index, @node, @position, @module)
            """,
            modules.Select((module, position) => new { index, node, position, module }),
            transaction);
}
