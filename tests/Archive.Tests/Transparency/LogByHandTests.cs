using System.Text;
using System.Text.RegularExpressions;
using Provenance.Archive.Content;
using Provenance.Archive.Transparency;
using Xunit;

namespace Provenance.Archive.Tests.Transparency;

/// <summary>The commands that FORMAT gives to check a log without us, run as they stand there.</summary>
public sealed partial class LogByHandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(300)]
    public void The_commands_agree_with_our_checkpoint_and_notice_another_byte(int entries)
    {
        Tool.Require("bash");
        Tool.Require("openssl");
        var log = new TransparencyLog(new StoreLayout(_folder.Path), _ => { });
        log.Append([.. Enumerable.Range(0, entries).Select(number => Encoding.ASCII.GetBytes($"entry {number}"))]);

        var (status, output) = Run();
        Assert.True(status == 0, output);
        Assert.Equal($"{entries} entries, as the checkpoint says\n", output);

        string bundle = Directory.EnumerateFiles(
            Path.Combine(_folder.Path, "log", "tile", "entries"), "*", SearchOption.AllDirectories).First();
        byte[] bytes = File.ReadAllBytes(bundle);
        bytes[3] ^= 1;
        File.WriteAllBytes(bundle, bytes);
        Assert.NotEqual(0, Run().Status);
    }

    private (int Status, string Output) Run()
    {
        string page = File.ReadAllText(Path.Combine(RepositoryFolder.Schema, "FORMAT.d", "log.md"));
        return Tool.Run(_folder.Path, "bash", "-c", Block().Match(page).Groups[1].Value);
    }

    [GeneratedRegex(@"```bash log-by-hand\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Block();
}
