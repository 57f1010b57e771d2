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
        Git("config", "core.fsmonitor", Trap());
        File.Delete(_folder.At("sprung"));

        Assert.Equal(false, Assert.Single(Ask("fit.py")).Dirty);
        Assert.False(File.Exists(_folder.At("sprung")));
    }

    [Theory]
    [InlineData("clean")]
    [InlineData("process")]
    public void A_filter_of_the_tree_is_not_started_and_what_it_may_have_made_look_changed_is_not_known(string kind)
    {
        Git("config", $"filter.x.{kind}", Trap());
        Git("config", "filter.x.required", "true");
        _folder.Write("tree/.gitattributes", "*.py filter=x\n");
        _folder.Write("tree/fit.py", "print(2)\n");

        Assert.Null(Assert.Single(Ask("fit.py")).Dirty);
        Assert.False(File.Exists(_folder.At("sprung")));
    }

    [Fact]
    public void What_no_filter_has_to_do_with_is_known_to_be_changed()
    {
        Git("config", "filter.x.clean", Trap());
        _folder.Write("tree/.gitattributes", "*.csv filter=x\n");
        _folder.Write("tree/fit.py", "print(2)\n");

        Assert.Equal(["fit.py"], Assert.Single(Ask("fit.py")).Changed!);
    }

    [Fact]
    public void A_filter_of_a_submodule_is_not_started()
    {
        Git("clone", "-q", Tree, Path.Combine(Tree, "part"));
        Git("add", "part");
        Git("commit", "-q", "-m", "second");
        Git("-C", "part", "config", "filter.x.clean", Trap());
        _folder.Write("tree/part/.gitattributes", "*.py filter=x\n");
        _folder.Write("tree/part/fit.py", "print(2)\n");
        File.SetLastWriteTimeUtc(_folder.At("tree/part/fit.py"), DateTime.UnixEpoch);

        Assert.Equal(false, Assert.Single(Ask("fit.py")).Dirty);
        Assert.Null(Assert.Single(Ask("part/fit.py")).Dirty);
        Assert.False(File.Exists(_folder.At("sprung")));
    }

    [Fact]
    public void What_a_partial_clone_lacks_is_not_fetched()
    {
        Git("config", "core.repositoryFormatVersion", "1");
        Git("config", "extensions.partialClone", "origin");
        Git("config", "remote.origin.promisor", "true");
        Git("config", "remote.origin.url", Tree);
        Git("config", "remote.origin.uploadpack", Trap());
        string missing = Git("rev-parse", "HEAD^{tree}");
        File.Delete(Path.Combine(Tree, ".git/objects", missing[..2], missing[2..]));

        Assert.Single(Ask("fit.py"));
        Assert.False(File.Exists(_folder.At("sprung")));
    }

    [Fact]
    public void Settings_of_the_tree_that_say_how_files_are_compared_hold()
    {
        Git("config", "core.autocrlf", "true");
        Git("config", "core.fileMode", "false");
        _folder.Write("tree/.git/info/exclude", "*.log\n");
        _folder.Write("tree/run.log", "");
        _folder.Write("tree/fit.py", "print(1)\r\n");
        Git("add", "fit.py");
        File.SetLastWriteTimeUtc(_folder.At("tree/fit.py"), DateTime.UnixEpoch);
        File.SetUnixFileMode(_folder.At("tree/fit.py"), UnixFileMode.UserRead | UnixFileMode.UserExecute);

        Assert.Equal(false, Assert.Single(Ask("fit.py", "run.log")).Dirty);
    }

    [Fact]
    public void Nothing_is_left_of_the_folder_that_git_is_shown()
    {
        Ask("fit.py");
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder.At("tmp")));
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("bin:here/bin:")]
    public void A_program_called_git_in_the_current_folder_is_none(string searched) => Assert.Null(GitProgram.Find(searched));

    [Fact]
    public void A_pipe_in_place_of_its_files_is_not_waited_for()
    {
        File.Delete(Path.Combine(Tree, ".git/HEAD"));
        using (var mkfifo = Process.Start("mkfifo", [Path.Combine(Tree, ".git/HEAD")]))
            mkfifo.WaitForExit();

        Assert.Null(GitFiles.Read(Tree).Commit);
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
        using var trees = new WorkTrees(_folder.At("tmp"));
        trees.Add(_folder.Write("elsewhere/x.py", ""));
        Assert.Empty(trees.Finish());
    }

    private string Trap()
    {
        string trap = _folder.Write("trap", $"#!/bin/sh\ntouch '{_folder.At("sprung")}'\n");
        File.SetUnixFileMode(trap, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        return trap;
    }

    private IReadOnlyList<Archive.Records.SourceTree> Ask(params string[] files)
    {
        using var trees = new WorkTrees(_folder.At("tmp"));
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
