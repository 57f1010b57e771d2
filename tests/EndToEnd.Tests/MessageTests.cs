using System.Text;

namespace Provenance.EndToEnd.Tests;

/// <summary>What is said of wrong command lines: one line on standard error, status 2.</summary>
public sealed class MessageTests
{
    private static readonly string[][] Wrong =
    [
        ["imge"],
        ["rum", "debian"],
        ["image"],
        ["image", "lst"],
        ["image", "list", "--jso"],
        ["image", "list", "extra"],
        ["image", "list", "--", "ls"],
        ["image", "import"],
        ["image", "import", "x.tar", "--name"],
        ["image", "import", "x.tar", "--name", "a b"],
        ["image", "import", "x.tar", "--platform", "//"],
        ["run"],
        ["run", "--"],
        ["run", "--writable", "--", "ls"],
        ["run", "--platform", "amd64", "--", "ls"],
        ["run", "--record", "--observe", "mounts", "--", "ls"],
        ["run", "--record", "--pack", "some", "--", "ls"],
        ["run", "--record", "--pack", "all", "debian", "--", "ls"],
        ["run", "--pack", "all", "--", "ls"],
        ["run", "debian", "ls"],
        ["run", "debian", "--privileged"],
        ["run", "--privileged", "debian", "--", "ls"],
        ["run", "debian", "--mpi", "mpich"],
        ["run", "debian", "--inject", "a:b"],
        ["run", "--gpu", "--", "ls"],
        ["run", "debian", "--network", "bridge"],
        ["run", "debian", "--keep", "all"],
        ["run", "--record", "debian", "--keep", "some"],
        ["run", "--record", "debian", "--label", "paper"],
        ["show"],
        ["log", "-n", "many"],
        ["log", "-n", "0"],
        ["log", "--since", "yesteryear"],
        ["find"],
        ["find", "ab"],
        ["verify"],
        ["verify", "--all", "7f3a"],
        ["key", "init", "--name", ""],
        ["completion", "tcsh"],
        ["archive", "gc", "--older-than", "soon"],
        ["archive", "gc", "--keep-run", "7f3a"],
        ["archive", "gc", "--drop-contents", "90d", "--keep-label", "=x"],
        ["run", "debian", "--keep-limit", "1G"],
        ["run", "--record", "debian", "--keep-limit", "a lot"],
    ];

    [Fact]
    public void Wrong_command_lines_are_answered_as_approved()
    {
        var transcript = new StringBuilder();
        foreach (string[] args in Wrong)
        {
            var result = InProcess.Run(args);
            Assert.Empty(result.Output);
            Assert.True(result.Status == 2, $"prov {string.Join(' ', args)}: {result}");
            transcript.Append($"$ prov {string.Join(' ', args.Select(a => a.Length == 0 || a.Contains(' ', StringComparison.Ordinal) ? $"'{a}'" : a))}\n{result.Error}\n");
        }

        Golden.Check("usage-errors.txt", transcript.ToString());
    }
}
