using Provenance.Archive.Records;
using Provenance.Runtime.Sandbox;
using FileKind = Provenance.Runtime.Sandbox.FileKind;

namespace Provenance.Runtime.Recording;

/// <summary>Where the mounts of a job come to lie, each at a place of its own.</summary>
/// <remarks>
/// The kernel follows the links of the image on the way to a destination, and observed calls tell where that led. A record that had
/// the destination as it was written would know nothing of what the job did there.
/// </remarks>
internal sealed class MountDestinations
{
    /// <summary>What an image has there is covered in every container.</summary>
    private static readonly string[] Covered = ["/proc", "/sys", "/dev", "/tmp", "/var/tmp", "/run"];

    private readonly HostTree _host = new();
    private readonly ContainerView _onHost = new();
    private readonly ContainerView _view = new();

    /// <param name="rootfs">As <see cref="ContainerSpec.Rootfs"/>.</param>
    public MountDestinations(string rootfs)
    {
        _onHost.Mount(new TreeLayer("/", LayerPurpose.Data, _host, ""));
        bool isHost = rootfs == ContainerSpec.HostRoot;
        _view.Mount(new TreeLayer("/", LayerPurpose.Image, _host, isHost ? "" : rootfs));
        foreach (string path in isHost ? [] : Covered)
        {
            var found = _view.Resolve(path);
            if (found.Node.Kind == FileKind.Folder)
            {
                _view.Mount(new ScratchLayer(found.Path));
            }
        }
    }

    /// <summary>What a path of the container leads to; the part of it that is not there stays as it is written.</summary>
    /// <exception cref="SandboxException">Links lead in a circle, or through a file.</exception>
    public string Find(string path) => _view.Resolve(path).Path;

    /// <summary>Gives every mount its destination, in the order of these.</summary>
    /// <exception cref="BindException">Two are asked for at one place.</exception>
    /// <exception cref="SandboxException">As for <see cref="Find"/>.</exception>
    public Mount[] Settle(IReadOnlyList<Mount> mounts)
    {
        var settled = new Dictionary<string, Mount>(StringComparer.Ordinal);
        // As they are made: what lies deeper later, on the way to which the links of what lies above count.
        foreach (var mount in mounts.OrderBy(mount => Find(mount.Destination).Count(c => c == '/')))
        {
            var made = mount with { Destination = Find(mount.Destination) };
            settled[made.Destination] = settled.TryGetValue(made.Destination, out var other) ? OneOf(other, made) : made;
            Show(settled[made.Destination]);
        }

        return [.. settled.Values.OrderBy(mount => mount.Destination, StringComparer.Ordinal)];
    }

    private static Mount OneOf(Mount one, Mount other)
    {
        // Nobody asked for that one.
        if (one.Purpose == "working-folder" || other.Purpose == "working-folder")
        {
            return one.Purpose == "working-folder" ? other : one;
        }

        // The same folder, which is the home beside: what -v says of it counts.
        if (one.Source is not null && one.Source == other.Source && one.Purpose != other.Purpose)
        {
            return (one.Purpose == "home" ? one : other) with { ReadOnly = one.ReadOnly || other.ReadOnly };
        }

        throw new BindException(one.Destination, $"two mounts have this destination: {NameOf(one)} and {NameOf(other)}");
    }

    private static string NameOf(Mount mount) => mount.Source is { } source ? $"'{source}'" : "a tmpfs";

    private void Show(Mount mount)
    {
        if (mount.Source is null)
        {
            _view.Mount(new ScratchLayer(mount.Destination));
            return;
        }

        string source = _onHost.Resolve(mount.Source).Path;
        _view.Mount(new TreeLayer(mount.Destination, LayerPurpose.Data, _host, source == "/" ? "" : source));
    }
}
