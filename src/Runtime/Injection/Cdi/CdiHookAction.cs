namespace Provenance.Runtime.Injection.Cdi;

/// <summary>What a known hook would do, so that it is done without running a program of the host's over the container.</summary>
/// <remarks>
/// Sources: NVIDIA Container Toolkit, cmd/nvidia-cdi-hook, whose subcommands <c>nvidia-ctk hook</c> has as well; AMD Container Toolkit, cmd/amd-ctk/hook.
/// The hooks run as root in the container's mount namespace and would write into its root file system, which is read-only here.
/// </remarks>
/// <param name="Command">The subcommand; null for a hook that is not known.</param>
/// <param name="Links">For create-symlinks: what each link says and where it is.</param>
/// <param name="Folders">For update-ldcache and create-soname-symlinks.</param>
internal sealed record CdiHookAction(string? Command, IReadOnlyList<(string Target, string Link)> Links, IReadOnlyList<string> Folders)
{
    /// <summary>
    /// There is nothing to do: device files cannot be made by a job, folders of devices are open already, the image's own
    /// compatibility libraries are used where its search path has them, and which GPU draws for EGL is of no matter to one that computes.
    /// </summary>
    private static readonly string[] Needless = ["chmod", "disable-device-node-modification", "enable-cuda-compat", "update-application-profile"];

    private static readonly string[] Known = ["create-symlinks", "update-ldcache", "create-soname-symlinks", .. Needless];

    public bool IsKnown => Command is not null;

    /// <summary>A subcommand of NVIDIA's hook that is newer than this list: NVIDIA's own program passes over what it does not know, with a warning.</summary>
    public bool IsNewerOfNvidia { get; private init; }

    public static CdiHookAction Of(CdiHook hook)
    {
        string[] words = [.. (hook.Args ?? []).Skip(1)];
        string program = Path.GetFileName(hook.Path);
        int at = program switch
        {
            "nvidia-cdi-hook" => 0,
            "nvidia-ctk" or "amd-ctk" when words.FirstOrDefault() == "hook" => 1,
            _ => -1,
        };
        string? command = at >= 0 && hook.HookName == "createContainer" ? words.ElementAtOrDefault(at) : null;
        if (command is null || !Known.Contains(command))
        {
            return new(null, [], []) { IsNewerOfNvidia = command is not null && program is "nvidia-cdi-hook" or "nvidia-ctk" && at >= 0 };
        }

        var links = new List<(string, string)>();
        var folders = new List<string>();
        foreach (var (name, value) in Options(words[(at + 1)..]))
        {
            string[] parts = value.Split("::");
            if (name == "--link" && parts.Length == 2 && parts[1].StartsWith('/'))
            {
                links.Add((parts[0], parts[1]));
            }
            else if (name == "--folder" && value.StartsWith('/'))
            {
                folders.Add(value);
            }
            else if (!Needless.Contains(command) && name is "--link" or "--folder")
            {
                return new(null, [], []);
            }
        }

        return new(command, links, folders);
    }

    /// <summary><c>--name value</c> or <c>--name=value</c>.</summary>
    private static IEnumerable<(string Name, string Value)> Options(string[] words)
    {
        for (int i = 0; i < words.Length; i++)
        {
            int equals = words[i].IndexOf('=', StringComparison.Ordinal);
            if (words[i].StartsWith("--", StringComparison.Ordinal) && equals > 0)
            {
                yield return (words[i][..equals], words[i][(equals + 1)..]);
            }
            else if (words[i].StartsWith("--", StringComparison.Ordinal) && i + 1 < words.Length)
            {
                yield return (words[i], words[++i]);
            }
        }
    }
}
