using Provenance.Archive.Tests;

namespace Provenance.Fuzz;

/// <summary>For readers that take a file: one folder for each process, which goes with it.</summary>
internal static class FuzzFolder
{
    private static readonly TemporaryFolder Folder = Make();

    public static string At(string name) => Path.Combine(Folder.Path, name);

    public static string Write(string name, ReadOnlySpan<byte> content)
    {
        using var file = File.Create(At(name));
        file.Write(content);
        return file.Name;
    }

    private static TemporaryFolder Make()
    {
        var folder = new TemporaryFolder();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => folder.Dispose();
        return folder;
    }
}
