namespace Provenance.EndToEnd.Tests;

/// <summary>Compares what the program prints with a file of Golden/; PROV_APPROVE=1 writes the file instead.</summary>
public static class Golden
{
    public static void Check(string name, string actual)
    {
        string path = Path.Combine(ProvBinary.Root, "tests", "EndToEnd.Tests", "Golden", name);
        if (Environment.GetEnvironmentVariable("PROV_APPROVE") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, actual);
            return;
        }

        Assert.True(File.Exists(path), $"{name}: no golden file; PROV_APPROVE=1 writes it");
        Assert.Equal(File.ReadAllText(path), actual);
    }
}
