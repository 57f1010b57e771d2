namespace Provenance.EndToEnd.Tests;

/// <summary>Runs every script of Scripts/ against the program, as each account there is; PROV_SCRIPT=NAME runs that one alone.</summary>
public sealed class ScriptTests
{
    public static TheoryData<string, string> Scripts()
    {
        var rows = new TheoryData<string, string>();
        string pattern = $"{(Environment.GetEnvironmentVariable("PROV_SCRIPT") is { Length: > 0 } name ? name : "*")}.txt";
        foreach (string path in Directory.EnumerateFiles(Folder, pattern).Order(StringComparer.Ordinal))
        {
            foreach (var account in Account.All)
                rows.Add(Path.GetFileNameWithoutExtension(path), account.ToString());
        }

        return rows;
    }

    private static string Folder => Path.Combine(ProvBinary.Root, "tests", "EndToEnd.Tests", "Scripts");

    [Theory]
    [MemberData(nameof(Scripts))]
    public void The_program_does_what_the_script_says(string script, string account)
    {
        Assert.SkipUnless(BusyboxImage.CanBeMade, "busybox-static is not installed");
        using var place = new Workplace(Account.All.Single(a => a.ToString() == account));
        BusyboxImage.WriteTar(Path.Combine(place.Folder, "box.tar"));
        BusyboxImage.WriteDockerArchive(Path.Combine(place.Folder, "box-docker.tar"));
        BusyboxImage.WriteLayout(Path.Combine(place.Folder, "box-oci"));
        var parsed = Script.Parse(File.ReadAllText(Path.Combine(Folder, script + ".txt")));
        foreach (var (name, content) in parsed.Files)
            File.WriteAllText(Path.Combine(place.Folder, name), content);
        place.GiveAway();
        foreach (var step in parsed.Steps)
            step.Run(place);
    }
}
