using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Xunit;

namespace Provenance.Tidy.Tests;

/// <summary>The invariants of ARCHITECTURE.md that are about what is absent.</summary>
public sealed partial class HouseTests
{
    private static readonly string[] Assemblies = ["Provenance.Archive", "Provenance.Runtime", "Provenance.Web", "prov"];

    public static TheoryData<string, string[]> Arrows => new()
    {
        { "Archive", [] },
        { "Runtime", ["Archive"] },
        { "Cli", ["Archive", "Runtime", "Web"] },
        { "Web", ["Archive"] },
    };

    [Theory]
    [MemberData(nameof(Arrows))]
    public void A_project_knows_only_the_ones_below_it(string project, string[] allowed)
    {
        var references = XDocument.Load(Path.Combine(Repository.Root, "src", project, $"{project}.csproj"))
            .Descendants("ProjectReference")
            .Select(e => Path.GetFileNameWithoutExtension(e.Attribute("Include")!.Value));

        Assert.Equal(allowed, references.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_project_under_src_has_its_arrows_stated_here()
    {
        var projects = Directory.EnumerateDirectories(Path.Combine(Repository.Root, "src")).Select(p => Path.GetFileName(p)!);

        Assert.Equal(Arrows.Select(row => row.Data.Item1).Order(StringComparer.Ordinal), projects.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Native_functions_are_declared_in_Runtime_Native_alone()
    {
        var elsewhere =
            from assembly in Assemblies.Select(Assembly.Load)
            from type in assembly.GetTypes()
            where type.Namespace != "Provenance.Runtime.Native"
            from method in type.GetMethods(BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.Public | BindingFlags.DeclaredOnly)
            where method.Attributes.HasFlag(MethodAttributes.PinvokeImpl)
            select $"{type.FullName}.{method.Name}";

        Assert.Empty(elsewhere);
    }

    [Fact]
    public void Runtime_Native_does_declare_some()
    {
        // The test above proves something only while this one holds.
        var declared =
            from type in Assembly.Load("Provenance.Runtime").GetTypes()
            where type.Namespace == "Provenance.Runtime.Native"
            from method in type.GetMethods(BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.Public | BindingFlags.DeclaredOnly)
            where method.Attributes.HasFlag(MethodAttributes.PinvokeImpl)
            select method;

        Assert.NotEmpty(declared);
    }

    [Fact]
    public void The_archive_starts_no_process() => AssertAbsent("src/Archive", ProcessUse(), []);

    [Fact]
    public void Only_the_terminal_writes_to_the_console() =>
        AssertAbsent("src", ConsoleUse(), ["src/Cli/Terminal.cs"]);

    [Fact]
    public void A_sha256_is_computed_where_blobs_are_named_and_where_others_formats_demand_it() =>
        AssertAbsent("src", Sha256Use(), [
            "src/Archive/Content/",
            "src/Archive/Trust/", // CMS and certificates name their own hash (RFC 5652, RFC 5035)
            "src/Archive/Transparency/", // RFC 6962 hashes nodes, not blobs
        ]);

    [Fact]
    public void Paths_inside_an_archive_are_put_together_in_StoreLayout() =>
        AssertAbsent("src", StorePath(), ["src/Archive/Content/StoreLayout.cs"]);

    [Fact]
    public void No_regular_expression_ends_in_a_dollar() => AssertAbsent("src", DollarRegex(), []);

    private static void AssertAbsent(string folder, Regex forbidden, string[] except)
    {
        var found =
            from file in Repository.SourceFiles(folder)
            where !except.Any(place => file.StartsWith(place, StringComparison.Ordinal))
            from line in Repository.ReadLines(file).Index()
            where forbidden.IsMatch(line.Item) && !line.Item.TrimStart().StartsWith("//", StringComparison.Ordinal)
            select $"{file}:{line.Index + 1}: {line.Item.Trim()}";

        Assert.Empty(found);
    }

    [GeneratedRegex(@"\bProcess\.Start\b|\bnew Process\b|ProcessStartInfo")]
    private static partial Regex ProcessUse();

    [GeneratedRegex(@"(?<![\w.])Console\.|AnsiConsole\.(?!Create\b)")]
    private static partial Regex ConsoleUse();

    [GeneratedRegex(@"SHA256\.(HashData|Create)|HashAlgorithmName\.SHA256\b")]
    private static partial Regex Sha256Use();

    [GeneratedRegex("""Path\.Combine\([^)]*"(blobs|incoming|log|keys|trust|cache|catalog\.db|index\.json|oci-layout)""")]
    private static partial Regex StorePath();

    [GeneratedRegex("""GeneratedRegex\(.*\$"\)""")]
    private static partial Regex DollarRegex();
}
