using Xunit;

namespace Provenance.Kernel.Tests.Sandbox;

/// <summary>A root file system of one static program, made once, which every user can read.</summary>
public sealed class BusyboxRoot : IDisposable
{
    private const string Busybox = "/bin/busybox";

    private static readonly string[] Applets =
    [
        "sh", "cat", "ls", "true", "false", "echo", "id", "sleep", "kill", "touch", "mkdir", "mount", "grep", "readlink",
        "env", "pwd", "stat", "rm", "tty", "dd", "yes", "head", "ulimit", "hostname", "ps", "sed", "find", "umount", "wc",
        "test", "cp", "ifconfig", "date", "unshare", "chmod", "chown",
    ];

    private BusyboxRoot(string path) => Path = path;

    public string Path { get; }

    /// <summary>Skips the test where there is no static busybox (Debian's busybox-static).</summary>
    public static BusyboxRoot Make()
    {
        Assert.SkipUnless(File.Exists(Busybox) && IsStatic(), "no static /bin/busybox on this host");
        string path = Directory.CreateTempSubdirectory("prov-root-").FullName;
        foreach (string folder in new[]
            { "bin", "etc", "proc", "sys", "dev", "tmp", "run", "var/tmp", "home", "data", "usr/bin", "work" })
            Directory.CreateDirectory(System.IO.Path.Combine(path, folder));
        File.CreateSymbolicLink(System.IO.Path.Combine(path, "var/linked"), "../data");
        File.Copy(Busybox, System.IO.Path.Combine(path, "bin/busybox"));
        foreach (string applet in Applets)
            File.CreateSymbolicLink(System.IO.Path.Combine(path, "bin", applet), "busybox");
        foreach (string file in new[] { "passwd", "group", "hosts", "resolv.conf", "hostname" })
            Write(System.IO.Path.Combine(path, "etc", file), "");
        Write(System.IO.Path.Combine(path, "etc/passwd"), "root:x:0:0:root:/root:/bin/sh\n");
        File.SetUnixFileMode(path, (UnixFileMode)0x1ED);
        return new BusyboxRoot(path);
    }

    public static void Write(string path, string content)
    {
        using var writer = new StreamWriter(path);
        writer.Write(content);
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);

    /// <summary>A program that needs no dynamic linker has no PT_INTERP, and so not this text.</summary>
    private static bool IsStatic() => !File.ReadAllBytes(Busybox).AsSpan(0, 4096).IndexOf("/ld-"u8).Equals(0)
        && File.ReadAllBytes(Busybox).AsSpan(0, 4096).IndexOf("ld-linux"u8) < 0;
}
