using Provenance.Runtime.Sandbox;

namespace Provenance.Cli;

/// <summary>What a key is called when nobody says: the person's full name as this machine knows it, else login and host.</summary>
internal static class KeyOwner
{
    // passwd(5): name, password, uid, gid, GECOS; the full name is what stands before the first comma of it.
    private const int GecosField = 4;
    private const int MaxNameLength = 64;

    public static string OfCaller()
    {
        var caller = Caller.Current();
        string passwd = File.Exists("/etc/passwd") ? File.ReadAllText("/etc/passwd") : "";
        string? fullName = AccountFile.FindById(passwd, caller.Uid)?.Fields.ElementAtOrDefault(GecosField)?.Split(',')[0].Trim();

        // Debian calls root 'root' there as well: that names nobody.
        string name = string.IsNullOrEmpty(fullName) || fullName == caller.Name ? $"{caller.Name}@{Environment.MachineName}" : fullName;
        return name.Length <= MaxNameLength ? name : name[..MaxNameLength];
    }
}
