using System.Diagnostics;

namespace Provenance.EndToEnd.Tests;

/// <summary>A real Debian, made once by mmdebstrap and kept in tests/.cache for the next time.</summary>
internal static class DebianImage
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    /// <summary>A tar of the essential packages; skips the test where there is none and none can be made.</summary>
    public static string Find()
    {
        string path = Path.Combine(ProvBinary.Root, "tests", ".cache", "debian", "essential.tar");
        if (!File.Exists(path))
            Make(path);
        return path;
    }

    private static void Make(string path)
    {
        Assert.SkipUnless(File.Exists("/usr/bin/mmdebstrap"), "mmdebstrap is not installed");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        const string Script = """
            sources=$(ls /etc/apt/sources.list.d/debian.sources /etc/apt/sources.list 2>/dev/null | head -n 1)
            mmdebstrap --quiet --variant=essential "$(. /etc/os-release && echo "$VERSION_CODENAME")" - ${sources:+"$sources"} > "$0.part" && mv "$0.part" "$0"
            """;
        var start = new ProcessStartInfo("/bin/sh", ["-c", Script, path]) { RedirectStandardError = true, WorkingDirectory = Path.GetTempPath() };
        using var process = Process.Start(start)!;
        string said = process.StandardError.ReadToEnd();
        Assert.True(process.WaitForExit(Patience), "mmdebstrap does not end");
        Assert.SkipUnless(process.ExitCode == 0, $"mmdebstrap makes no image here: {said}");
    }
}
