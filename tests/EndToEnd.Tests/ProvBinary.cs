namespace Provenance.EndToEnd.Tests;

/// <summary>The program under test: $PROV_BINARY, else the published out/prov, else what the build left, under dotnet.</summary>
public static class ProvBinary
{
    public static string Root { get; } = FindRoot();

    /// <summary>Program and first arguments.</summary>
    public static IReadOnlyList<string> Command { get; } = Find();

    /// <summary>A shell script that calls the program, for a folder of PATH.</summary>
    public static string Wrapper => $"#!/bin/sh\nexec {string.Join(' ', Command.Select(word => $"'{word}'"))} \"$@\"\n";

    private static IReadOnlyList<string> Find()
    {
        if (Environment.GetEnvironmentVariable("PROV_BINARY") is { Length: > 0 } given && File.Exists(given))
            return [given];
        string published = Path.Combine(Root, "out", "prov");
        if (File.Exists(published))
            return [published];
        string built = Path.Combine(Root, "artifacts", "bin", "Cli", "debug", "prov.dll");
        return File.Exists(built) ? ["dotnet", built] : throw new FileNotFoundException("prov is not built", built);
    }

    private static string FindRoot()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "Provenance.sln")))
            folder = Path.GetDirectoryName(folder);
        return folder ?? throw new DirectoryNotFoundException("no Provenance.sln above the tests");
    }
}
