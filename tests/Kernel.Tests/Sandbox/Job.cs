using Microsoft.Win32.SafeHandles;
using Provenance.Runtime.Sandbox;

namespace Provenance.Kernel.Tests.Sandbox;

/// <summary>Runs a shell script in a container and collects what it says.</summary>
internal sealed record Job(ContainerResult Result, string Output)
{
    public static ContainerSpec Spec(string root, params string[] argv)
    {
        var caller = Caller.Current();
        var user = ImageUser.Resolve("", "", "", caller);
        return new ContainerSpec
        {
            Rootfs = root,
            Argv = argv,
            User = user,
            Environment = JobEnvironment.Compose(ImageDefaults.None, user, null, []),
        };
    }

    public static Job Shell(BusyboxRoot root, string script, Func<ContainerSpec, ContainerSpec>? change = null)
    {
        var spec = Spec(root.Path, "sh", "-c", script);
        return Run(change is null ? spec : change(spec));
    }

    /// <summary>Standard output and error go to one file.</summary>
    public static Job Run(ContainerSpec spec)
    {
        string output = Path.Combine(Path.GetTempPath(), $"prov-out-{Environment.ProcessId}-{Environment.CurrentManagedThreadId}");
        using (SafeFileHandle file = File.OpenHandle(
            output, FileMode.Create, FileAccess.ReadWrite, FileShare.ReadWrite),
            nothing = File.OpenHandle("/dev/null"))
        {
            int descriptor = (int)file.DangerousGetHandle();
            var streams = new StandardStreams((int)nothing.DangerousGetHandle(), descriptor, descriptor);
            using var container = Container.Start(spec with { Streams = streams }, TimeProvider.System);
            var result = container.Wait();
            var job = new Job(result, File.ReadAllText(output));
            File.Delete(output);
            return job;
        }
    }
}
