using Provenance.Runtime.Sandbox;
using Xunit;

namespace Provenance.Kernel.Tests.Sandbox;

/// <summary>What is said when a program cannot be started.</summary>
public sealed class CommandTests : IDisposable
{
    private readonly BusyboxRoot _root = BusyboxRoot.Make();

    public void Dispose() => _root.Dispose();

    [Theory]
    [InlineData("nothing", 127, "command 'nothing': not found in PATH '/bin'")]
    [InlineData("/bin/nothing", 127, "command '/bin/nothing': not found")]
    [InlineData("/etc", 126, "command '/etc': is a folder")]
    [InlineData("/etc/passwd", 126, "command '/etc/passwd': is not executable")]
    [InlineData("/work/script", 126, "command '/work/script': the interpreter '/usr/bin/python3' is not in the image")]
    [InlineData("/work/dos", 126, "command '/work/dos': the interpreter '/bin/sh\\r' is not in the image")]
    [InlineData("/work/text", 126, "command '/work/text': is neither a program nor a script that begins with #!")]
    public void A_program_that_cannot_be_started_is_explained(string command, int exitCode, string message)
    {
        Executable("script", "#!/usr/bin/python3 -u\n");
        Executable("dos", "#!/bin/sh\r\n");
        Executable("text", "echo hello\n");
        var spec = Job.Spec(_root.Path, command) with { Environment = [new("PATH", "/bin")] };
        var refusal = Assert.Throws<CommandException>(() => Job.Run(spec));
        Assert.Equal((exitCode, message), (refusal.ExitCode, refusal.Message));
    }

    [Fact]
    public void A_script_runs_by_its_interpreter_and_from_the_working_folder()
    {
        Executable("script", "#!/bin/sh\necho \"$0 $1\"\n");
        var job = Job.Run(Job.Spec(_root.Path, "./script", "a") with { WorkingDirectory = "/work" });
        Assert.Equal("/work/script a\n", job.Output.Replace("/./", "/", StringComparison.Ordinal));
    }

    private void Executable(string name, string content)
    {
        string path = Path.Combine(_root.Path, "work", name);
        BusyboxRoot.Write(path, content);
        File.SetUnixFileMode(path, (UnixFileMode)0x1ED);
    }
}
