namespace Provenance.Cli;

/// <summary>Where the archive is: $PROV_ARCHIVE, else $XDG_DATA_HOME/prov, else ~/.local/share/prov.</summary>
internal static class ArchiveLocation
{
    public static string Find(Func<string, string?> environment)
    {
        if (environment("PROV_ARCHIVE") is { Length: > 0 } given)
        {
            return Path.GetFullPath(given);
        }

        // XDG Base Directory Specification: a relative path in the variable is to be ignored.
        if (environment("XDG_DATA_HOME") is { Length: > 0 } data && Path.IsPathRooted(data))
        {
            return Path.Combine(data, "prov");
        }

        return environment("HOME") is { Length: > 0 } home
            ? Path.Combine(home, ".local", "share", "prov")
            : throw new UsageException("no place for the archive: neither PROV_ARCHIVE, XDG_DATA_HOME nor HOME is set");
    }
}
