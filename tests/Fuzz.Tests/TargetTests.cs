using System.Diagnostics;
using System.Text;

namespace Provenance.Fuzz.Tests;

/// <summary>Every target with what is known: its good inputs, and those that fuzzing found and were kept.</summary>
public sealed class TargetTests
{
    private const long MostCorpusBytes = 2 << 20;

    /// <summary>Far more than any needs, for the machine may be busy; fuzzing itself has 10 s of the processor.</summary>
    private static readonly TimeSpan MostForOne = TimeSpan.FromSeconds(60);

    public static TheoryData<string> Names => [.. Targets.All.Select(target => target.Name)];

    private static string Corpus { get; } = Path.Combine(AppContext.BaseDirectory.Split("/artifacts/")[0], "tests", "Fuzz", "corpus");

    [Theory]
    [MemberData(nameof(Names))]
    public void Good_inputs_are_understood(string name)
    {
        var target = Targets.Find(name)!;
        Assert.All(target.Seeds(), seed => Assert.True(target.Try(seed), Encoding.Latin1.GetString(seed)));
    }

    /// <summary>Among them all that was ever a crash or a hang, under the name of what it did.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void What_fuzzing_found_is_understood_or_refused_and_soon(string name)
    {
        var target = Targets.Find(name)!;
        string folder = Path.Combine(Corpus, name);
        string[] files = Directory.Exists(folder) ? Directory.GetFiles(folder) : [];
        Assert.True(files.Length > 0 || target.Seeds().Any(), "there is nothing to begin with");
        Assert.All(files, file =>
        {
            byte[] input = File.ReadAllBytes(file);
            var clock = Stopwatch.StartNew();
            target.Try(input);
            Assert.True(clock.Elapsed < MostForOne, $"took {clock.Elapsed}");
        });
    }

    [Fact]
    public void Every_folder_of_the_corpus_is_a_targets_and_all_of_it_is_small()
    {
        Assert.Subset(Targets.All.Select(target => target.Name).ToHashSet(), Directory.GetDirectories(Corpus).Select(folder => Path.GetFileName(folder)!).ToHashSet());
        Assert.InRange(Directory.EnumerateFiles(Corpus, "*", SearchOption.AllDirectories).Sum(file => new FileInfo(file).Length), 1, MostCorpusBytes);
    }

    [Fact]
    public void No_two_targets_have_one_name() => Assert.Equal(Targets.All.Count, Targets.All.Select(target => target.Name).Distinct().Count());

    [Fact]
    public void A_documented_exception_is_a_refusal_and_no_other_is()
    {
        var target = new FuzzTarget("any", () => [], input => throw (input.Length == 0 ? new InvalidDataException() : new InvalidOperationException()), typeof(IOException), typeof(SystemException));
        Assert.False(target.Try([]));
        Assert.Throws<InvalidOperationException>(() => (target with { Refusals = [typeof(IOException)] }).Try([1]));
        Assert.Throws<BrokenPromiseException>(() => Targets.Find(Planted.Name)!.Try("FUZZ"u8.ToArray()));
        Assert.True(Targets.Find(Planted.Name)!.Try("FUNNY"u8.ToArray()));
    }

    [Fact]
    public void A_tar_has_right_sums_again()
    {
        byte[] tar = Archive.Tests.Images.TarBuilder.New().File("a", "b").File("c", "d").Build();
        byte[] broken = [.. tar];
        broken[1024] ^= 1; // the name of the second
        Assert.NotEqual(TarSums.Mend(broken), broken);
        Assert.Equal(tar, TarSums.Mend(tar));
        Assert.True(Targets.Find("layer")!.Try(broken));
    }
}
