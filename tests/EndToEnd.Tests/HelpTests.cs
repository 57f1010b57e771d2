using Provenance.Cli;

namespace Provenance.EndToEnd.Tests;

/// <summary>Help is standard output, status 0, and the same bytes as the golden files.</summary>
public sealed class HelpTests
{
    public static TheoryData<string> Commands()
    {
        var rows = new TheoryData<string>();
        foreach (string path in Walk(CommandTree.Build(out _), "prov"))
            rows.Add(path);
        return rows;
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public void Help_is_as_approved(string command)
    {
        var result = InProcess.Run([.. command.Split(' ')[1..], "--help"]);

        Assert.Equal(0, result.Status);
        Assert.Empty(result.Error);
        Golden.Check($"help/{command.Replace(' ', '-')}.txt", result.Output);
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public void Every_command_has_an_example(string command) =>
        Assert.Contains("Examples:", InProcess.Run([.. command.Split(' ')[1..], "--help"]).Output, StringComparison.Ordinal);

    /// <summary>A command is made alone when it is the first word: it must be found by the name that it has.</summary>
    [Fact]
    public void Every_command_can_be_made_alone()
    {
        foreach (var command in CommandTree.Build(out _).Subcommands)
            Assert.Equal([command.Name], CommandTree.Build(out _, command.Name).Subcommands.Select(one => one.Name));
    }

    [Fact]
    public void Without_arguments_there_is_help()
    {
        Assert.Equal(InProcess.Run("--help"), InProcess.Run());
    }

    private static IEnumerable<string> Walk(CliCommand command, string path) =>
        command.Subcommands.OfType<CliCommand>().Where(c => !c.Hidden).SelectMany(c => Walk(c, $"{path} {c.Name}")).Prepend(path);
}
