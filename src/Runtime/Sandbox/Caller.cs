using Provenance.Runtime.Native;

namespace Provenance.Runtime.Sandbox;

/// <summary>Who calls <c>prov</c>: looked up once, since a cluster's directory may be slow.</summary>
public sealed record Caller
{
    public required uint Uid { get; init; }

    public required uint Gid { get; init; }

    /// <summary>Never empty: a uid that no directory knows is called <c>user</c>.</summary>
    public required string Name { get; init; }

    public required string GroupName { get; init; }

    /// <summary>The effective ids of this process.</summary>
    public static Caller Current()
    {
        uint uid = Identity.EffectiveUid;
        uint gid = Identity.EffectiveGid;
        return new Caller
        {
            Uid = uid,
            Gid = gid,
            Name = NameOf(uid),
            GroupName = AccountFile.FindById(ReadHostFile("/etc/group"), gid)?.Name ?? "user",
        };
    }

    /// <summary>Slurm has already asked the directory, once for the whole job.</summary>
    private static string NameOf(uint uid)
    {
        string? slurm = Environment.GetEnvironmentVariable("SLURM_JOB_USER");
        if (!string.IsNullOrEmpty(slurm) && Environment.GetEnvironmentVariable("SLURM_JOB_UID") == $"{uid}")
            return slurm;
        string? local = AccountFile.FindById(ReadHostFile("/etc/passwd"), uid)?.Name;
        if (!string.IsNullOrEmpty(local))
            return local;
        try
        {
            string directory = Environment.UserName;
            return directory.Length > 0 ? directory : "user";
        }
        catch (IOException)
        {
            // getpwuid_r(3): ENOENT where there is no /etc/passwd at all.
            return "user";
        }
    }

    private static string ReadHostFile(string path) => File.Exists(path) ? File.ReadAllText(path) : "";
}
