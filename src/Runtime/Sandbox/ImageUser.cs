namespace Provenance.Runtime.Sandbox;

/// <summary>
/// Finds out who the job is: <c>name</c>, <c>uid</c>, <c>name:group</c>, <c>uid:gid</c> and any mix, looked up in the
/// image's own /etc/passwd and /etc/group; the caller where nothing is said.
/// </summary>
/// <remarks>Source: OCI image-spec v1.1.1, config.md (User); look-ups as runc's and podman's.</remarks>
public static class ImageUser
{
    /// <summary>Where a user whom the image does not know is at home: it is there, empty, and writable.</summary>
    public const string DefaultHome = "/tmp";

    /// <param name="wanted">What -u says, else what the image says; empty for the caller.</param>
    /// <param name="passwd">Content of the image's /etc/passwd; empty when it has none.</param>
    /// <param name="group">Content of the image's /etc/group; empty when it has none.</param>
    /// <param name="home">What --home says; null for the image's.</param>
    /// <exception cref="SandboxException">The image has no such user or group.</exception>
    public static ContainerUser Resolve(string wanted, string passwd, string group, Caller caller, string? home = null)
    {
        if (wanted.Length == 0)
            return OfCaller(passwd, caller, home);
        int colon = wanted.IndexOf(':', StringComparison.Ordinal);
        string userPart = colon < 0 ? wanted : wanted[..colon];
        string groupPart = colon < 0 ? "" : wanted[(colon + 1)..];
        var (uid, line) = FindUser(userPart, passwd, caller);
        string name = line?.Name ?? (uid == caller.Uid ? caller.Name : $"{uid}");
        return new ContainerUser
        {
            Uid = uid,
            // As runc: an explicit group alone counts; a uid without a line has group 0.
            Gid = groupPart.Length > 0 ? FindGroup(groupPart, group) : line?.PrimaryGroup ?? 0,
            Name = name,
            Home = home ?? line?.Home ?? DefaultHome,
            Groups = groupPart.Length > 0 ? [] : GroupsOf(line?.Name, line?.PrimaryGroup, group),
        };
    }

    private static ContainerUser OfCaller(string passwd, Caller caller, string? home) => new()
    {
        Uid = caller.Uid,
        Gid = caller.Gid,
        Name = caller.Name,
        Home = home ?? AccountFile.FindById(passwd, caller.Uid)?.Home ?? DefaultHome,
    };

    /// <summary>A name goes before a number: there are users whose name is one.</summary>
    private static (uint Uid, AccountLine? Line) FindUser(string text, string passwd, Caller caller)
    {
        if (text.Length == 0)
            return (caller.Uid, AccountFile.FindById(passwd, caller.Uid));
        if (AccountFile.FindByName(passwd, text) is { } named)
            return (named.Id, named);
        if (AccountFile.TryParseId(text, out uint uid))
            return (uid, AccountFile.FindById(passwd, uid));
        // The image of a minimal program may lack passwd altogether, and still say root.
        return text == "root" ? (0, null) : throw new SandboxException($"user '{text}': not in the image's /etc/passwd");
    }

    private static uint FindGroup(string text, string group)
    {
        if (AccountFile.FindByName(group, text) is { } named)
            return named.Id;
        if (AccountFile.TryParseId(text, out uint gid))
            return gid;
        return text == "root" ? 0u : throw new SandboxException($"group '{text}': not in the image's /etc/group");
    }

    private static uint[] GroupsOf(string? name, uint? primary, string group) => name is null
        ? []
        : [.. AccountFile.Lines(group).Where(g => g.Members.Contains(name)).Select(g => g.Id).Where(g => g != primary)
            .Distinct()];
}
