using System.Diagnostics;

namespace Provenance.EndToEnd.Tests;

/// <summary>A real Debian, made once by mmdebstrap and kept in tests/.cache for the next time.</summary>
internal static class DebianImage
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    /// <summary>A tar of the essential packages; skips the test where there is none and none can be made.</summary>
    public static string Find() => Find("essential", "essential");

    /// <summary>One that can run a server: systemd is in it, and what the program is linked with.</summary>
    public static string FindServing() => Find("serving", "minbase", "--include=systemd,dbus,libssl3,ca-certificates");

    private static string Find(string name, string variant, params string[] options)
    {
        string path = Path.Combine(ProvBinary.Root, "tests", ".cache", "debian", name + ".tar");
        if (!File.Exists(path))
            Make(path, [$"--variant={variant}", .. options]);
        return path;
    }

    private static void Make(string path, string[] options)
    {
        Assert.SkipUnless(File.Exists("/usr/bin/mmdebstrap"), "mmdebstrap is not installed");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        const string Script = """
            sources=$(ls /etc/apt/sources.list.d/debian.sources /etc/apt/sources.list 2>/dev/null | head -n 1)
            to=$0
            mmdebstrap --quiet "$@" "$(. /etc/os-release && echo "$VERSION_CODENAME")" - ${sources:+"$sources"} > "$to.part" && mv "$to.part" "$to"
            """;
        var start = new ProcessStartInfo("/bin/sh", ["-c", Script, path, .. options]) { RedirectStandardError = true, WorkingDirectory = Path.GetTempPath() };
        using var process = Process.Start(start)!;
        string said = process.StandardError.ReadToEnd();
        Assert.True(process.WaitForExit(Patience), "mmdebstrap does not end");
        Assert.SkipUnless(process.ExitCode == 0, $"mmdebstrap makes no image here: {said}");
    }
}
