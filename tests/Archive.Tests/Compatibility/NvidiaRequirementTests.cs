using Provenance.Archive.Compatibility;
using Xunit;

namespace Provenance.Archive.Tests.Compatibility;

/// <summary>What NVIDIA_REQUIRE_* says of drivers, with values that NVIDIA's own images have.</summary>
public sealed class NvidiaRequirementTests
{
    [Theory]
    [InlineData("cuda>=12.2", "535.104.05", true)]
    [InlineData("cuda>=12.2", "525.60.13", false)]
    [InlineData("cuda>=11.0", "580.65.06", true)]
    [InlineData("cuda>=13.0", "575.57.08", false)]
    [InlineData("", "470.82.01", true)]
    // Any of the words suffices, all conditions of a word must hold; of a brand nothing is known.
    [InlineData("cuda>=12.4 brand=tesla,driver>=470,driver<471", "550.54.14", true)]
    [InlineData("cuda>=12.4 brand=tesla,driver>=470,driver<471", "470.82.01", null)]
    [InlineData("cuda>=12.4 brand=tesla,driver>=470,driver<471", "535.104.05", false)]
    [InlineData("driver!=535.104.05", "535.104.05", false)]
    [InlineData("driver=535.104.05", "535.104.05", true)]
    [InlineData("driver<=535", "535.0", true)]
    // A driver that is newer than all that is known may speak a CUDA that is.
    [InlineData("cuda>=14.0", "700.10", null)]
    [InlineData("cuda>=13.0", "700.10", true)]
    [InlineData("cuda>=14.0", "615.71.09", false)]
    [InlineData("arch>=7.0", "535.104.05", null)]
    [InlineData("nonsense", "535.104.05", null)]
    [InlineData("cuda>=x", "535.104.05", null)]
    public void A_requirement_holds_or_not_or_is_open(string requirement, string driver, bool? expected) =>
        Assert.Equal(expected, NvidiaRequirement.Holds(requirement, Version.Parse(driver)));
}
