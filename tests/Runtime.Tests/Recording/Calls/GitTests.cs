using System.Diagnostics;
using Provenance.Runtime.Recording.Calls;
using Xunit;

namespace Provenance.Runtime.Tests.Recording.Calls;

/// <summary>The host's own git says of what commit a script is; without it, its files do.</summary>
public sealed class GitTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public GitTests()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/git"), "git is not installed");
        Git("init", "-q", "-b", "main");
        Git("remote", "add", "origin", "https://ada:hush@git.example/fit.git");
        _folder.Write("tree/fit.py", "print(1)\n");
        _folder.Write("tree/.gitignore", "data/\n");
        Git("add", ".");
        Git("commit", "-q", "-m", "first");
    }

    private string Tree => _folder.At("tree");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_clean_tree_has_a_commit_a_branch_and_a_remote_without_its_password()
    {
        _folder.Write("tree/data/in.csv", "1\n");

        var source = Assert.Single(Ask("fit.py", "data/in.csv"));

        Assert.Equal((Tree, "main", false, null), (source.Path, source.Branch, source.Dirty, source.Changed));
        Assert.Equal(Git("rev-parse", "HEAD"), source.Commit);
        Assert.Equal("https://git.example/fit.git", source.Remote);
    }

    [Fact]
    public void A_changed_script_and_one_that_was_never_added_make_it_dirty()
    {
        _folder.Write("tree/fit.py", "print(2)\n");
        _folder.Write("tree/new script.py", "print(3)\n");
        _folder.Write("tree/unused.py", "print(4)\n");

        var source = Assert.Single(Ask("fit.py", "new script.py"));

        Assert.Equal(true, source.Dirty);
        Assert.Equal(["fit.py", "new script.py"], source.Changed!);
    }

    [Fact]
    public void A_hook_or_monitor_of_the_tree_is_not_started()
    {
        string trap = _folder.Write("trap", $"#!/bin/sh\ntouch '{_folder.At("sprung")}'\n");
        File.SetUnixFileMode(trap, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        Git("config", "core.fsmonitor", trap);
        File.Delete(_folder.At("sprung"));

        Assert.Equal(false, Assert.Single(Ask("fit.py")).Dirty);
        Assert.False(File.Exists(_folder.At("sprung")));
    }

    [Theory]
    [InlineData("loose")]
    [InlineData("packed")]
    [InlineData("detached")]
    public void Without_git_its_files_tell_the_commit(string how)
    {
        string commit = Git("rev-parse", "HEAD");
        if (how == "packed")
            Git("pack-refs", "--all");
        if (how == "detached")
            Git("checkout", "-q", "--detach");

        var state = GitFiles.Read(Tree);

        Assert.Equal((commit, how == "detached" ? null : "main", null), (state.Commit, state.Branch, state.Changed));
    }

    [Fact]
    public void A_file_in_no_work_tree_has_none()
    {
        using var trees = new WorkTrees();
        trees.Add(_folder.Write("elsewhere/x.py", ""));
        Assert.Empty(trees.Finish());
    }

    private IReadOnlyList<Archive.Records.SourceTree> Ask(params string[] files)
    {
        using var trees = new WorkTrees();
        foreach (string file in files)
            trees.Add(Path.Combine(Tree, file));
        return trees.Finish();
    }

    private string Git(params string[] arguments)
    {
        Directory.CreateDirectory(Tree);
        var start = new ProcessStartInfo("git") { WorkingDirectory = Tree, RedirectStandardOutput = true };
        string[] identity = ["-c", "user.name=A", "-c", "user.email=a@x.example"];
        foreach (string argument in identity.Concat(arguments))
            start.ArgumentList.Add(argument);
        using var git = Process.Start(start)!;
        string output = git.StandardOutput.ReadToEnd().Trim();
        git.WaitForExit();
        Assert.Equal(0, git.ExitCode);
        return output;
    }
}
