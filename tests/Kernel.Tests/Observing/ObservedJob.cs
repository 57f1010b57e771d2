using Microsoft.Win32.SafeHandles;
using Provenance.Kernel.Tests.Sandbox;
using Provenance.Runtime.Observing;
using Provenance.Runtime.Sandbox;
using Xunit;
using FileAccess = System.IO.FileAccess;
using ObservedAccess = Provenance.Runtime.Observing.FileAccess;

namespace Provenance.Kernel.Tests.Observing;

/// <summary>A job that was observed: what it said, and what was seen of it.</summary>
internal sealed record ObservedJob(ContainerResult Result, string Output, IReadOnlyList<ObservedEvent> Events)
{
    public IEnumerable<FileTouched> Touched => Events.OfType<FileTouched>();

    /// <summary>Paths of which an access was seen that has all of these bits.</summary>
    public SortedSet<string> Paths(ObservedAccess access, bool found = true) => new(
        Touched.Where(t => (t.Access & access) == access && t.Before is not null == found).Select(t => t.Path),
        StringComparer.Ordinal);

    /// <summary>The host's own files, and a folder that the job may write to and begins in.</summary>
    public static ContainerSpec OnHost(string folder, params string[] argv) =>
        Job.Spec(ContainerSpec.HostRoot, argv) with
        {
            Binds = [new BindMount(folder, folder)],
            WorkingDirectory = folder,
        };

    public static ObservedJob Run(ContainerSpec spec)
    {
        var events = new List<ObservedEvent>();
        string output = Path.Combine(Path.GetTempPath(), $"prov-seen-{Environment.ProcessId}-{Environment.CurrentManagedThreadId}");
        using SafeFileHandle file = File.OpenHandle(output, FileMode.Create, FileAccess.ReadWrite, FileShare.ReadWrite),
            nothing = File.OpenHandle("/dev/null");
        int descriptor = (int)file.DangerousGetHandle();
        var streams = new StandardStreams((int)nothing.DangerousGetHandle(), descriptor, descriptor);
        using var container = Container.Start(spec with { Streams = streams, Observe = events.Add }, TimeProvider.System);
        Assert.Null(container.NotObserved);
        var result = container.Wait();
        string said = File.ReadAllText(output);
        File.Delete(output);
        return new ObservedJob(result, said, events);
    }
}
