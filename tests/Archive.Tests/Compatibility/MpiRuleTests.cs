using Provenance.Archive.Compatibility;
using Provenance.Archive.Records;
using Xunit;

namespace Provenance.Archive.Tests.Compatibility;

/// <summary>Ranks, nodes and networks of MPI jobs, then and here.</summary>
public sealed class MpiRuleTests
{
    /// <summary>Ranks, nodes and network as <c>4/2/mlx5_core</c>, with <c>-</c> for none; whether an MPI library was loaded; what is said.</summary>
    [Theory]
    [InlineData("4/2/mlx5_core", "4/2/mlx5_core", true, null)]
    [InlineData("4/2/mlx5_core", "8/2/mlx5_core", true, "4 ranks then, 8 here")]
    [InlineData("4/2/mlx5_core", "4/1/mlx5_core", true, "2 nodes then, 1 here")]
    [InlineData("4/2/mlx5_core", "4/2/hfi1", true, "the network was mlx5_core, and is hfi1 here")]
    [InlineData("4/2/mlx5_core", "4/2/-", true, "the network was mlx5_core, and is an ordinary one here")]
    [InlineData("4/2/-", "8/4/hfi1", true, "4 ranks then, 8 here|2 nodes then, 4 here|the network was an ordinary one, and is hfi1 here")]
    [InlineData("4/2/mlx5_core", "-/-/mlx5_core", true, "4 ranks then, 1 here")]
    [InlineData("-/-/mlx5_core", "-/-/hfi1", true, null)]
    [InlineData("-/-/-", "4/2/-", true, "1 rank then, 4 here")]
    [InlineData("4/2/mlx5_core", "8/4/hfi1", false, null)]
    [InlineData("4/2/mlx5_core", "8/2/mlx5_core", null, "4 ranks then, 8 here")]
    [InlineData("-/-/-", "4/2/-", null, null)]
    public void Another_number_of_ranks_or_another_network_is_warned_of(string then, string here, bool? hasMpi, string? said)
    {
        var run = RunSamples.RunOn(Node(then)) with
        {
            Libraries = hasMpi is null ? null : hasMpi == true ? [new() { Path = "/usr/lib/libmpi.so.40", Role = "mpi" }] : [],
        };

        var assessment = Assessor.Assess(run, Node(here), cpusHere: Node(here).Cpu.Threads);
        var finding = assessment.Findings.SingleOrDefault(f => f.Rule == "MPI-1");

        Assert.Equal(said, finding is null ? null : string.Join('|', finding.Evidence));
        Assert.Equal(said is null ? Answer.Yes : Answer.Unknown, assessment.SameResults);
        Assert.Equal(Answer.Yes, assessment.Runs);
    }

    /// <summary>A profile is taken by whoever asks about a cluster, and not by a launcher there.</summary>
    [Fact]
    public void A_profile_without_a_launcher_says_nothing_of_ranks()
    {
        var run = RunSamples.RunOn(Node("4/2/-")) with { Libraries = [new() { Path = "/usr/lib/libmpi.so.40", Role = "mpi" }] };

        Assert.Empty(Assessor.Assess(run, Node("-/-/-")).Findings);
    }

    /// <summary>Recorded before profiles had them.</summary>
    [Theory]
    [InlineData("PMI_SIZE")]
    [InlineData("OMPI_COMM_WORLD_SIZE")]
    public void Ranks_are_those_that_the_launcher_told_the_job_where_the_profile_has_none(string variable)
    {
        var run = RunSamples.RunOn(Node("-/-/-")) with
        {
            Libraries = [new() { Path = "/usr/lib/libmpi.so.40", Role = "mpi" }],
            Environment = [new() { Name = variable, Value = "4" }],
        };

        Assert.Equal(
            ["4 ranks then, 8 here"], Assert.Single(Assessor.Assess(run, Node("8/2/hfi1")).Findings, f => f.Rule == "MPI-1").Evidence);
    }

    private static HostProfile Node(string text)
    {
        string?[] parts = [.. text.Split('/').Select(part => part == "-" ? null : part)];
        return Profiles.Host("zen3") with
        {
            Ranks = parts[0] is { } ranks ? int.Parse(ranks, System.Globalization.CultureInfo.InvariantCulture) : null,
            Scheduler = parts[1] is { } nodes
                ? new() { Kind = "slurm", JobId = "1", NodeCount = int.Parse(nodes, System.Globalization.CultureInfo.InvariantCulture) }
                : null,
            Fabrics = parts[2] is { } fabric ? [fabric] : null,
        };
    }
}
