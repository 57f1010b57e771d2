using Provenance.Runtime.Sandbox;
using Xunit;

namespace Provenance.Runtime.Tests.Sandbox;

/// <summary>The command, the environment and the user of a job, composed as podman users expect.</summary>
public sealed class JobTests
{
    private const string Passwd = "root:x:0:0:root:/root:/bin/sh\n# comment\nalice:x:1000:1001:A:/home/alice:/bin/sh\n99:x:5:6::/n:\n";
    private const string Group = "root:x:0:\nstaff:x:50:alice,bob\ngames:x:60:alice\nalice:x:1001:\n";

    private static readonly Caller Me = new() { Uid = 1234, Gid = 5678, Name = "me", GroupName = "us" };
    private static readonly Dictionary<string, string> HostVariables = new() { ["A"] = "1", ["AB"] = "2", ["C"] = "3" };

    [Theory]
    [InlineData("", "cmd", "", null, "cmd")]
    [InlineData("ep a", "cmd", "", null, "ep a cmd")]
    [InlineData("ep", "cmd", "x y", null, "ep x y")]
    [InlineData("ep", "cmd", "", "other", "other")]
    [InlineData("ep", "cmd", "x", "other", "other x")]
    [InlineData("ep", "cmd", "x", "", "x")]
    [InlineData("ep", "cmd", "x", "[\"a\",\"b c\"]", "a|b c|x")]
    [InlineData("ep", "", "", "[broken", "[broken")]
    public void Commands(string entrypoint, string cmd, string arguments, string? option, string expected)
    {
        var image = new ImageDefaults { Entrypoint = Words(entrypoint), Cmd = Words(cmd) };
        var command = JobCommand.Compose(image, Words(arguments), option);
        Assert.Equal(expected.Contains('|', StringComparison.Ordinal) ? expected.Split('|') : Words(expected), command);
    }

    [Fact]
    public void No_command_is_refused() => Assert.Equal(
        "no command: none was given, and the image has neither ENTRYPOINT nor CMD",
        Assert.Throws<SandboxException>(() => JobCommand.Compose(ImageDefaults.None, [])).Message);

    [Fact]
    public void The_last_setting_of_a_variable_wins_and_names_are_in_order()
    {
        var image = new ImageDefaults { Env = ["PATH=/x", "A=image", "B=b=c", "broken"] };
        var user = ImageUser.Resolve("alice", Passwd, Group, Me);
        var result = JobEnvironment.Compose(image, user, "xterm", [new("A", "mine"), new("HOME", "/h")]);
        Assert.Equal(
            ["A=mine", "B=b=c", "HOME=/h", "PATH=/x", "TERM=xterm", "container=prov"], result.Select(entry => entry.ToString()));
    }

    /// <summary>The image's, --home, and -e.</summary>
    [Theory]
    [InlineData(null, "", "/image")]
    [InlineData("/asked", "", "/asked")]
    [InlineData("/asked", "/given", "/given")]
    public void The_home_that_is_asked_for_goes_before_the_images(string? home, string given, string expected)
    {
        var image = ImageDefaults.None with { Env = ["HOME=/image"] };
        var user = ImageUser.Resolve("", "", "", Me, home);
        EnvironmentEntry[] environment = given.Length == 0 ? [] : [new("HOME", given)];
        Assert.Contains(new EnvironmentEntry("HOME", expected), JobEnvironment.Compose(image, user, null, environment, home));
    }

    [Theory]
    [InlineData("X=1", "X=1")]
    [InlineData("X=", "X=")]
    [InlineData("X=a=b", "X=a=b")]
    [InlineData("A", "A=1")]
    [InlineData("MISSING", "")]
    [InlineData("A*", "A=1 AB=2")]
    public void Variables(string text, string expected) =>
        Assert.Equal(expected, string.Join(' ', JobEnvironment.Parse(text, HostVariables)));

    [Theory]
    [InlineData("")]
    [InlineData("=x")]
    [InlineData("A B=x")]
    public void A_variable_without_a_proper_name_is_refused(string text) =>
        Assert.Throws<SandboxException>(() => JobEnvironment.Parse(text, HostVariables).ToList());

    [Fact]
    public void Environment_files_keep_quotes_and_pass_over_comments() => Assert.Equal(
        ["X=\"quoted\"", "Y= space", "A=1"],
        JobEnvironment.ParseFile("# c\n\n  X=\"quoted\"\r\nY= space\nA\nMISSING\n  # d\n", HostVariables)
            .Select(entry => entry.ToString()));

    [Theory]
    [InlineData("", 1234u, 5678u, "me", "/tmp", "")]
    [InlineData("alice", 1000u, 1001u, "alice", "/home/alice", "50,60")]
    [InlineData("1000", 1000u, 1001u, "alice", "/home/alice", "50,60")]
    [InlineData("alice:staff", 1000u, 50u, "alice", "/home/alice", "")]
    [InlineData("7:8", 7u, 8u, "7", "/tmp", "")]
    [InlineData("7", 7u, 0u, "7", "/tmp", "")]
    [InlineData("99", 5u, 6u, "99", "/n", "")]
    [InlineData(":50", 1234u, 50u, "me", "/tmp", "")]
    [InlineData("1234", 1234u, 0u, "me", "/tmp", "")]
    public void Users(string wanted, uint uid, uint gid, string name, string home, string groups)
    {
        var user = ImageUser.Resolve(wanted, Passwd, Group, Me);
        Assert.Equal((uid, gid, name, home, groups), (user.Uid, user.Gid, user.Name, user.Home, string.Join(',', user.Groups)));
    }

    [Theory]
    [InlineData("bob", "user 'bob': not in the image's /etc/passwd")]
    [InlineData("alice:none", "group 'none': not in the image's /etc/group")]
    public void An_unknown_user_is_refused(string wanted, string message) =>
        Assert.Equal(message, Assert.Throws<SandboxException>(() => ImageUser.Resolve(wanted, Passwd, Group, Me)).Message);

    [Fact]
    public void The_caller_is_added_to_the_images_accounts()
    {
        var user = ImageUser.Resolve("", Passwd, Group, Me);
        Assert.Equal(Passwd + "me:x:1234:5678:me:/tmp:/bin/sh\n", AccountFile.Passwd(Passwd, user));
        Assert.Equal(Group + "us:x:5678:\n", AccountFile.Group(Group, user, "us"));
        Assert.Equal("us:x:5678:\n", AccountFile.Group("", user, "us"));
    }

    [Fact]
    public void A_uid_the_image_knows_by_another_name_is_renamed()
    {
        var user = ImageUser.Resolve("", Passwd, Group, Me with { Uid = 1000, Gid = 1001 });
        Assert.Equal("/home/alice", user.Home);
        Assert.Equal(Passwd.Replace("alice:x", "me:x", StringComparison.Ordinal), AccountFile.Passwd(Passwd, user));
        Assert.Equal(Group, AccountFile.Group(Group, user, "us"));
    }

    [Theory]
    [InlineData(0, 0, null, 0)]
    [InlineData(0xFF00, 255, null, 255)]
    [InlineData(9, null, 9, 137)]
    [InlineData(0x8B, null, 11, 139)]
    public void Status_words(int raw, int? code, int? signal, int shell)
    {
        var status = new ExitStatus(raw);
        Assert.Equal((code, signal, shell, raw == 0x8B), (status.ExitCode, status.Signal, status.ShellCode, status.CoreDumped));
    }

    private static string[] Words(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
